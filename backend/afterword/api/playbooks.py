"""The playbooks there are, whole and cited."""

from typing import Annotated, Any

from fastapi import Path, Response

from afterword.api.answers import as_json
from afterword.api.fields import Told
from afterword.api.routes import router
from afterword.services import playbooks as service

routes = router("playbooks")


class PlaybookLine(Told):
    """One playbook in a list."""

    id: str
    version: str
    title: str


class PlaybookList(Told):
    """All of them."""

    items: list[PlaybookLine]


@routes.get("/playbooks", operation_id="list_playbooks", summary="The playbooks there are")
def list_playbooks() -> PlaybookList:
    return PlaybookList(items=[PlaybookLine(**each) for each in service.listed()])


@routes.get(
    "/playbooks/{playbook_id}",
    operation_id="get_playbook",
    summary="One playbook, rule by rule",
    responses={200: {"model": dict[str, Any]}},
    response_class=Response,
)
def get_playbook(playbook_id: Annotated[str, Path(max_length=100)]) -> Any:
    return as_json(service.whole(playbook_id))
