"""Playbooks in bodies: as JSON or as YAML, in their author's own words."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request

from afterword.api.deps import Calling
from afterword.errors import InvalidPlaybook
from afterword.services import own_playbooks
from afterword.services.own_playbooks import Candidate

JSON = "application/json"
YAML = ("application/yaml", "text/yaml", "application/x-yaml", "text/x-yaml")
#: A response in YAML beside the one in JSON.
IN_YAML: dict[str, Any] = {YAML[0]: {"schema": {"type": "string"}}}


@dataclass(frozen=True, slots=True)
class Sent:
    """A body as text. Whether it was said to be JSON decides how it is read."""

    body: bytes
    is_json: bool

    @property
    def text(self) -> str:
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise InvalidPlaybook("The body is not UTF-8; send the playbook as UTF-8 text.") from None


def body_of(description: str, required: bool = True) -> dict[str, Any]:
    """What the contract says of a body in either form."""
    forms = {JSON: {"schema": {"type": "object"}}, **{each: {"schema": {"type": "string"}} for each in YAML[:2]}}
    return {"requestBody": {"description": description, "required": required, "content": forms}}


async def sent(request: Request) -> Sent:
    kind = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if kind != JSON and kind not in YAML:
        raise HTTPException(415, f"Send the playbook as {JSON} or {YAML[0]}, and say which in Content-Type.")
    return Sent(await request.body(), kind == JSON)


SentText = Annotated[Sent, Depends(sent)]


def candidate(caller: Calling, body: SentText) -> Candidate:
    """The playbook of a body, read before it is somebody's turn to write: a long one takes a while."""
    # The look at who asks ends here: callers who wait for their turn with a connection each leave none to the writer.
    with caller.reading() as access:
        access.principal.require_owner()
    return own_playbooks.read(body.text, body.is_json)


SentPlaybook = Annotated[Candidate, Depends(candidate)]


def prefers_yaml(accept: str) -> bool:
    """Whether YAML is what a caller names first of the two."""
    kinds = [each.partition(";")[0].strip().lower() for each in accept.split(",")]
    first = next((each for each in kinds if each == JSON or each in YAML), JSON)
    return first in YAML
