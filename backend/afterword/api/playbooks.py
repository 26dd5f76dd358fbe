"""Playbooks: those that all may use, and an account's own, written in YAML or JSON."""

from functools import cache
from typing import Annotated, Any

from fastapi import Header, Query, Response

from afterword.api import etags
from afterword.api.answers import as_json
from afterword.api.deps import Changing, Creating, KnownReading, Reading
from afterword.api.errors import FieldError
from afterword.api.fields import Instant, PlaybookId, Told
from afterword.api.playbook_texts import IN_YAML, YAML, SentPlaybook, SentText, body_of, prefers_yaml
from afterword.api.readers import VersionName, reader_of
from afterword.api.routes import router
from afterword.errors import InvalidPlaybook
from afterword.playbooks import json_schema
from afterword.policy.playbook import Playbook
from afterword.services import bookshelf
from afterword.services import own_playbooks as service
from afterword.services.bookshelf import Origin, Reader
from afterword.storage.playbooks import OwnPlaybook as Stored

routes = router("playbooks")

AsWritten = Annotated[
    bool, Query(description="Your own as you wrote it, with `extends` in place of all that it extends.")
]
A_PLAYBOOK = body_of("A playbook, as docs/playbooks.md describes it.")


class PlaybookLine(Told):
    """One playbook in a list. `origin` is whose it is: built in, the operator's for all, or your own."""

    id: str
    version: str
    title: str
    origin: Origin
    about: str | None


class ListedPlaybook(PlaybookLine):
    """How much is in it, and how many open opportunities go by it; null for who is not signed in."""

    rules: int
    holds: int
    opportunities: int | None


class PlaybookList(Told):
    """All of them."""

    items: list[ListedPlaybook]


class OwnPlaybook(PlaybookLine):
    """One of your own, at its current version."""

    created_at: Instant
    updated_at: Instant


class PlaybookVersion(Told):
    """A version that can be asked for; `created_at` is null where nothing was planned with it yet."""

    version: str
    created_at: Instant | None
    current: bool


class PlaybookVersions(Told):
    """Newest first."""

    items: list[PlaybookVersion]


class Validation(Told):
    """Whether a playbook can be used: what it is and how much is in it, or else each problem with path and line."""

    valid: bool
    id: str | None
    version: str | None
    title: str | None
    rules: int | None
    holds: int | None
    problems: list[FieldError]


@routes.get("/playbooks", operation_id="list_playbooks", summary="The playbooks there are")
def list_playbooks(access: KnownReading, response: Response) -> PlaybookList:
    """Built-in ones, the operator's, and for who is signed in their own."""
    response.headers["Cache-Control"] = "private, no-cache"
    return PlaybookList(items=[ListedPlaybook.model_validate(each) for each in bookshelf.listed(reader_of(access))])


@routes.post(
    "/playbooks",
    operation_id="create_playbook",
    summary="Add a playbook of your own",
    status_code=201,
    openapi_extra=A_PLAYBOOK,
)
def create_playbook(sent: SentPlaybook, access: Creating, response: Response) -> OwnPlaybook:
    """Its id is the one it gives itself, and is nobody else's."""
    made = service.create(access.session, access.account_id, sent, access.now)
    response.headers["Location"] = f"/api/v1/playbooks/{made.id}"
    return _told(made, response)


@routes.post(
    "/playbooks/validate",
    operation_id="validate_playbook",
    summary="Check a playbook",
    openapi_extra=A_PLAYBOOK,
)
def validate_playbook(_caller: Reading, sent: SentText) -> Validation:
    """Nothing is stored. That a playbook has faults is an answer, not an error."""
    try:
        return _valid(service.read(sent.text, sent.is_json).playbook)
    except InvalidPlaybook as refused:
        return _invalid(refused)


@routes.get(
    "/playbooks/schema",
    operation_id="get_playbook_schema",
    summary="The JSON Schema of a playbook",
    responses={200: {"model": dict[str, Any]}},
    response_class=Response,
)
def get_playbook_schema() -> Any:
    """For editors. What hangs on another rule no schema can tell; validating does."""
    return as_json(_schema(), {"Cache-Control": "public, max-age=3600"})


@routes.get(
    "/playbooks/{playbook_id}",
    operation_id="get_playbook",
    summary="One playbook, rule by rule",
    responses={200: {"model": dict[str, Any], "content": IN_YAML}},
    response_class=Response,
)
def get_playbook(
    access: KnownReading,
    playbook_id: PlaybookId,
    version: VersionName = None,
    as_written: AsWritten = False,
    accept: Annotated[str, Header(max_length=500, include_in_schema=False)] = "",
) -> Any:
    """Whole, with all that it extends. As YAML, or asked for as written, one of your own comes in your own words."""
    found = bookshelf.copy(reader_of(access), playbook_id, version)
    headers = {
        "Cache-Control": "private, no-cache",
        "Vary": "Accept",
        "Content-Location": f"/api/v1/playbooks/{found.id}?version={found.version}",
    }
    own = access and service.known(access.session, access.account_id, playbook_id)
    if own and own.current_version == found.version:
        headers["ETag"] = etags.of_version(own.version)
    if prefers_yaml(accept):
        return Response(found.text, headers=headers, media_type=YAML[0])
    return as_json(found.written if as_written else found.document, headers)


@routes.get(
    "/playbooks/{playbook_id}/versions", operation_id="list_playbook_versions", summary="The versions of a playbook"
)
def list_playbook_versions(access: Reading, playbook_id: PlaybookId) -> PlaybookVersions:
    """Every version of your own, and of the others those that you used."""
    found = bookshelf.versions(Reader(access.session, access.account_id), playbook_id)
    return PlaybookVersions(items=[PlaybookVersion.model_validate(each) for each in found])


@routes.put(
    "/playbooks/{playbook_id}",
    operation_id="replace_playbook",
    summary="Store a new version of a playbook of your own",
    openapi_extra=A_PLAYBOOK,
)
def replace_playbook(playbook_id: PlaybookId, sent: SentPlaybook, access: Changing, response: Response) -> OwnPlaybook:
    """The same content is the same version. What was planned with an earlier one goes by that until it is moved."""
    standing = _unchanged(playbook_id, access)
    return _told(service.replace(access.session, access.account_id, standing, sent, access.now), response)


@routes.delete(
    "/playbooks/{playbook_id}", operation_id="delete_playbook", summary="Remove a playbook of your own", status_code=204
)
def delete_playbook(playbook_id: PlaybookId, access: Changing) -> None:
    """Refused while an open opportunity or the account goes by it."""
    service.remove(access.session, access.account_id, _unchanged(playbook_id, access))


@cache
def _schema() -> dict[str, Any]:
    return json_schema.document()


def _valid(playbook: Playbook) -> Validation:
    return Validation(
        valid=True,
        id=playbook.id,
        version=playbook.version,
        title=playbook.title,
        rules=len(playbook.rules),
        holds=len(playbook.holds),
        problems=[],
    )


def _invalid(refused: InvalidPlaybook) -> Validation:
    problems = [FieldError(path=each.path, message=each.message, line=each.line) for each in refused.problems]
    nothing = dict.fromkeys(("id", "version", "title", "rules", "holds"))
    return Validation(
        valid=False, **nothing, problems=problems or [FieldError(path="", message=refused.detail, line=None)]
    )


def _unchanged(playbook_id: str, access: Changing) -> Stored:
    standing = service.find(access.session, access.account_id, playbook_id)
    access.require_unchanged(etags.of_version(standing.version))
    return standing


def _told(stored: Stored, response: Response) -> OwnPlaybook:
    response.headers["ETag"] = etags.of_version(stored.version)
    return OwnPlaybook(
        id=stored.id,
        version=stored.current_version,
        title=stored.title,
        origin="own",
        about=stored.about,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )
