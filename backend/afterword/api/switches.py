"""Switching a playbook on."""

from typing import Annotated

from pydantic import Field, StrictBool

from afterword.api.deps import Creating
from afterword.api.fields import Given, Identifier, PlaybookId, Told
from afterword.api.routes import router
from afterword.errors import InvalidInput
from afterword.services import switches as service

routes = router("playbooks")
MOST_IDS = 500


class SwitchOn(Given):
    """For what: some opportunities, all that are open, or the account with the open ones that follow it."""

    opportunity_ids: Annotated[list[Identifier], Field(min_length=1, max_length=MOST_IDS)] | None = None
    all_open: StrictBool = False
    default: StrictBool = False


class SwitchedOn(Told):
    """What is on, and how many opportunities were not at it yet; `planned` is false where the worker plans them."""

    playbook: str
    version: str
    moved: int
    planned: bool


@routes.post("/playbooks/{playbook_id}/switch-on", operation_id="switch_on_playbook", summary="Go by a playbook")
def switch_on_playbook(playbook_id: PlaybookId, body: SwitchOn, access: Creating) -> SwitchedOn:
    """Moves to the playbook's current version; what differs by it is planned and announced."""
    if [body.opportunity_ids is not None, body.all_open, body.default].count(True) != 1:
        raise InvalidInput.at("opportunity_ids", "or all_open or default says what for; give exactly one of the three")
    place = (access.session, access.account_id, playbook_id)
    if body.default:
        return SwitchedOn.model_validate(service.make_default(*place, access.now))
    return SwitchedOn.model_validate(service.switch_on(*place, body.opportunity_ids, access.now))
