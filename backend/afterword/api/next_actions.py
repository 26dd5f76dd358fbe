"""What to do next, and the user's word on it."""

import base64
import binascii
import json
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Body, Depends, Header, Path, Query, Request, Response

from afterword.api import unchanged
from afterword.api.answers import as_json
from afterword.api.deps import Calling, Creating, Reading
from afterword.api.fields import ChannelName, Given, Identifier, Instant, Note, PlaybookId, Told
from afterword.api.routes import router
from afterword.errors import InvalidInput
from afterword.formats.answer_models import Action, NextActions, OpportunityTimeline
from afterword.formats.facts_document import State
from afterword.formats.instants import instant, written
from afterword.policy.snoozes import TIMES
from afterword.policy.timeline import LISTED_STATES
from afterword.services import marks, snoozes
from afterword.services import next_actions as service
from afterword.services.marks import Deed
from afterword.services.next_actions import Query as Asked

LARGEST_OFFSET = 1_000_000
routes = router("next actions")

At = Annotated[
    Instant | None, Query(description="Travel in time: what was, or will be, to do then, by the facts known then.")
]
OtherPlaybook = Annotated[PlaybookId | None, Query(description="What would this playbook say?")]
Explain = Annotated[bool, Query(description="Say also what did not fire, and the one condition that stopped it.")]
ActionId = Annotated[str, Path(max_length=60, pattern="^act_[a-z2-7]{26}$")]


async def asked(
    at: At = None,
    playbook: OtherPlaybook = None,
    opportunity_id: Annotated[Identifier | None, Query()] = None,
    interview_id: Annotated[Identifier | None, Query()] = None,
    contact_id: Annotated[Identifier | None, Query()] = None,
    state: Annotated[list[State] | None, Query(max_length=7, description="Default: overdue, open, upcoming.")] = None,
    until: Annotated[
        Instant | None, Query(description="Hide what opens later. Default: the end of the day, in UTC, 30 days on.")
    ] = None,
    explain: Explain = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=200, description="From the Link header of the page before.")] = None,
) -> Asked:
    pinned, offset = _position(cursor) if cursor else (at, 0)
    states = tuple(state) if state else LISTED_STATES
    return Asked(
        pinned, playbook, opportunity_id, interview_id, contact_id, states, until, explain, limit, offset
    )  # fmt: skip


def list_next_actions(
    request: Request,
    caller: Calling,
    query: Annotated[Asked, Depends(asked)],
    if_none_match: Annotated[str | None, Header(max_length=500)] = None,
) -> Any:
    unchanged.remember(request, query)
    headers = dict(unchanged.HEADERS)
    with caller.reading() as access:
        tag = service.entity_tag(access.session, access.account_id, query, access.now)
        if not_modified := unchanged.still_true(tag, if_none_match):
            return not_modified
        page = service.next_actions(access.session, access.account_id, query, access.now)
        if tag is not None and service.is_watched(access.session, access.account_id, page):
            headers["ETag"] = tag
    if page.following is not None:
        headers["Link"] = _link(request, query.at or access.now, page.following)
    return as_json(page.told, headers)


routes.add_api_route(
    "/next-actions",
    list_next_actions,
    operation_id="list_next_actions",
    summary="What to do next, and what to leave alone",
    responses={200: {"model": NextActions}, 304: {"description": "Nothing changed since that ETag."}},
    response_class=Response,
    route_class_override=unchanged.Route,
)


@routes.get(
    "/opportunities/{opportunity_id}/timeline",
    operation_id="get_opportunity_timeline",
    summary="Everything about one opportunity, in every state",
    responses={200: {"model": OpportunityTimeline}},
    response_class=Response,
)
def get_opportunity_timeline(
    access: Reading,
    opportunity_id: Annotated[Identifier, Path()],
    at: At = None,
    playbook: OtherPlaybook = None,
    explain: Explain = False,
    changes: Annotated[bool, Query(description="Say also when the answer changes: the instants to travel to.")] = False,
) -> Any:
    told = service.opportunity_timeline(
        access.session, access.account_id, opportunity_id, at or access.now, playbook, explain, changes
    )
    return as_json(told, {"Cache-Control": "private, no-cache"})


class Done(Given):
    """When and how it was done; left out: now, and the recommended way. A message is recorded as a touch."""

    at: Instant | None = None
    channel: ChannelName | None = None
    note: Note | None = None


class Skip(Given):
    """Why, for yourself."""

    note: Note | None = None


class Snooze(Given):
    """Until when."""

    until: Instant
    note: Note | None = None


@routes.post(
    "/next-actions/{action_id}/done",
    operation_id="mark_action_done",
    summary="It is done",
    responses={200: {"model": Action}},
    response_class=Response,
)
def mark_action_done(access: Creating, action_id: ActionId, done: Annotated[Done | None, Body()] = None) -> Any:
    said = done or Done()
    return _marked(access, action_id, Deed("done", at=said.at, channel=said.channel, note=said.note))


@routes.post(
    "/next-actions/{action_id}/skip",
    operation_id="skip_action",
    summary="It will not be done",
    responses={200: {"model": Action}},
    response_class=Response,
)
def skip_action(access: Creating, action_id: ActionId, skip: Annotated[Skip | None, Body()] = None) -> Any:
    return _marked(access, action_id, Deed("skipped", note=(skip or Skip()).note))


@routes.post(
    "/next-actions/{action_id}/snooze",
    operation_id="snooze_action",
    summary="Not now",
    responses={200: {"model": Action}},
    response_class=Response,
)
def snooze_action(access: Creating, action_id: ActionId, snooze: Snooze) -> Any:
    return _marked(access, action_id, Deed("snoozed", until=snooze.until, note=snooze.note))


class SnoozeTime(Told):
    """A time at which it could come back, and what that time is called."""

    time: Literal[TIMES]  # type: ignore[valid-type]
    until: Instant


class SnoozeTimes(Told):
    """At most one for each name, in the order of time; none that would be too late."""

    items: list[SnoozeTime]


@routes.get(
    "/next-actions/{action_id}/snooze-times",
    operation_id="suggest_snooze_times",
    summary="When it could come back, if it is not for now",
)
def suggest_snooze_times(access: Reading, action_id: ActionId) -> SnoozeTimes:
    times = snoozes.suggested(access.session, access.account_id, action_id, access.now)
    return SnoozeTimes(items=[SnoozeTime.model_validate(each) for each in times])


@routes.post(
    "/next-actions/{action_id}/reopen",
    operation_id="reopen_action",
    summary="Take back what was said of it",
    responses={200: {"model": Action}},
    response_class=Response,
)
def reopen_action(access: Creating, action_id: ActionId) -> Any:
    """Takes back done, skip or snooze, with the touch that done recorded."""
    return as_json(marks.reopen(access.session, access.account_id, action_id, access.now))


def _marked(access: Creating, action_id: str, deed: Deed) -> Response:
    return as_json(marks.mark(access.session, access.account_id, action_id, deed, access.now))


def _link(request: Request, at: datetime, offset: int) -> str:
    told = json.dumps([written(at), offset]).encode()
    cursor = base64.urlsafe_b64encode(told).decode().rstrip("=")
    address = request.url.include_query_params(cursor=cursor)
    return f'<{address.path}?{address.query}>; rel="next"'


def _position(cursor: str) -> tuple[datetime, int]:
    try:
        at, offset = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return instant(at), _offset(offset)
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise InvalidInput.at("cursor", "is not one of ours; leave it out to begin at the first page") from None


def _offset(value: object) -> int:
    # To Python, true is a whole number.
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_OFFSET:
        raise ValueError(f"must be a whole number from 0 to {LARGEST_OFFSET}")
    return value
