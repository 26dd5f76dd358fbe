"""Touches: messages and calls, sent and received."""

from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import MISSING, StrictBool

from afterword.api import etags
from afterword.api.deps import Changing, Creating, Reading
from afterword.api.fields import (
    ChannelName,
    Day,
    DaysUntilDecision,
    ExternalId,
    Given,
    Identifier,
    Instant,
    Note,
    Slug,
    Told,
)
from afterword.api.pages import Page, Pages
from afterword.api.routes import router
from afterword.services import touches
from afterword.storage.touches import Filter
from afterword.storage.touches import Touch as StoredTouch

routes = router("touches")

Direction = Literal["outbound", "inbound"]


class NewTouch(Given):
    """Give the `opportunity_id`, or the `interview_id` it is about. `at` left out is now.

    `purpose` is the kind of the action it fulfils, `reply` or `other`. `decision_in_days` in place of `decision_on`
    counts from the day of the touch.
    """

    opportunity_id: Identifier | None = None
    interview_id: Identifier | None = None
    contact_id: Identifier | None = None
    direction: Direction
    purpose: Slug | None = None
    channel: ChannelName | None = None
    at: Instant | None = None
    decision_on: Day | None = None
    decision_in_days: DaysUntilDecision | None = None
    automatic: StrictBool = False
    note: Note | None = None
    external_id: ExternalId | None = None


class TouchChange(Given):
    """Fields to change; those left out are kept, null takes away."""

    interview_id: Identifier | MISSING | None = MISSING
    contact_id: Identifier | MISSING | None = MISSING
    direction: Direction | MISSING = MISSING
    purpose: Slug | MISSING | None = MISSING
    channel: ChannelName | MISSING | None = MISSING
    at: Instant | MISSING = MISSING
    decision_on: Day | MISSING | None = MISSING
    automatic: StrictBool | MISSING = MISSING
    note: Note | MISSING | None = MISSING
    external_id: ExternalId | MISSING | None = MISSING


class Touch(Told):
    id: str
    opportunity_id: str
    interview_id: str | None
    contact_id: str | None
    direction: Direction
    purpose: str | None
    channel: ChannelName | None
    at: Instant
    decision_on: Day | None
    automatic: bool
    note: str | None
    external_id: str | None
    created_at: Instant
    updated_at: Instant


class TouchPage(Page[Touch]):
    """A page of touches."""


@routes.post("/touches", status_code=201, operation_id="create_touch")
def create_touch(body: NewTouch, access: Creating, response: Response) -> Touch:
    """Record a message or call. A known `external_id` answers 200 with the touch that has it."""
    values = {**body.model_dump(), "at": body.at or access.now}
    touch, new = touches.create(access.session, access.account_id, values, access.now)
    response.status_code = 201 if new else 200
    return _told(touch, response)


@routes.get("/touches", operation_id="list_touches")
def list_touches(
    access: Reading,
    pages: Pages,
    opportunity_id: Annotated[Identifier | None, Query(description="Only those of this opportunity.")] = None,
    contact_id: Annotated[Identifier | None, Query(description="Only those with this contact.")] = None,
    interview_id: Annotated[Identifier | None, Query(description="Only those about this interview.")] = None,
) -> TouchPage:
    """Touches, in the order they were recorded."""
    wanted = Filter(opportunity_id, contact_id, interview_id)
    found = touches.listed(access.session, access.account_id, wanted, pages.after, pages.one_more)
    next_cursor = pages.next_cursor([each.id for each in found])
    return TouchPage(items=[Touch.model_validate(each) for each in found[: pages.limit]], next_cursor=next_cursor)


@routes.get("/touches/{touch_id}", operation_id="get_touch")
def get_touch(touch_id: Identifier, access: Reading, response: Response) -> Touch:
    """One touch."""
    return _told(touches.find(access.session, access.account_id, touch_id), response)


@routes.patch("/touches/{touch_id}", operation_id="change_touch")
def change_touch(touch_id: Identifier, body: TouchChange, access: Changing, response: Response) -> Touch:
    """Change a touch; what is planned follows."""
    touch = _unchanged(touch_id, access)
    return _told(touches.change(access.session, access.account_id, touch, body.values(), access.now), response)


@routes.delete("/touches/{touch_id}", status_code=204, operation_id="delete_touch")
def delete_touch(touch_id: Identifier, access: Changing) -> None:
    """Remove a touch, as if it had not been."""
    touch = _unchanged(touch_id, access)
    touches.remove(access.session, access.account_id, touch, access.now)


def _unchanged(touch_id: str, access: Changing) -> StoredTouch:
    touch = touches.find(access.session, access.account_id, touch_id)
    access.require_unchanged(etags.of_version(touch.version))
    return touch


def _told(touch: StoredTouch, response: Response) -> Touch:
    response.headers["ETag"] = etags.of_version(touch.version)
    return Touch.model_validate(touch)
