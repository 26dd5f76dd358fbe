"""The user's word on an action: done, skip, snooze, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from afterword.errors import Conflict, InvalidInput
from afterword.formats.answer import IDS, Subjects, action_item
from afterword.policy.timeline import Action
from afterword.services import events
from afterword.services.events import Occurrence
from afterword.services.next_actions import known_action
from afterword.services.planner import plan_after_change
from afterword.storage import marks, planned, touches
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id
from afterword.storage.marks import Mark, Obligation

TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Deed:
    """What the user says of an action. `at` left out is now; `channel` left out is the recommended one."""

    state: str
    at: datetime | None = None
    until: datetime | None = None
    channel: str | None = None
    note: str | None = None


def mark(session: Session, account_id: str, action_id: str, deed: Deed, now: datetime) -> dict[str, Any]:
    """Mark an action, and give it back as it is then. To say the same twice changes nothing."""
    _refuse_impossible_times(deed, now)
    planned.lock_account(session, account_id)
    action, _ = known_action(session, account_id, action_id, now)
    opportunity_id = _markable(action)
    _refuse_snooze_past_the_end(action, deed)
    if action.state != deed.state or deed.state == "snoozed":
        _take_back(session, account_id, action)
        touch_id = _record_touch(session, account_id, action, deed, now)
        _record_mark(session, account_id, action, deed, touch_id, now)
        plan_after_change(session, account_id, (opportunity_id,), now)
    return _as_it_is(session, account_id, action_id, deed, now)


def reopen(session: Session, account_id: str, action_id: str, now: datetime) -> dict[str, Any]:
    """Take back what was said of an action, with the touch that was recorded by it."""
    planned.lock_account(session, account_id)
    action, _ = known_action(session, account_id, action_id, now)
    opportunity_id = _markable(action)
    if not _take_back(session, account_id, action) and action.state in ("done", "skipped", "snoozed"):
        raise Conflict("No mark made this action what it is: a touch that was recorded did. Delete that touch instead.")
    plan_after_change(session, account_id, (opportunity_id,), now)
    again, facts = known_action(session, account_id, action_id, now)
    return action_item(again, Subjects(facts, IDS))


def _refuse_impossible_times(deed: Deed, now: datetime) -> None:
    if deed.at is not None and deed.at > now + TOLERANCE:
        raise InvalidInput.at("at", "is in the future; say when it was done, or leave it out for now")
    if deed.state == "snoozed" and (deed.until is None or deed.until <= now):
        raise InvalidInput.at("until", "must be later than now")


def _refuse_snooze_past_the_end(action: Action, deed: Deed) -> None:
    expires_at = action.window.expires_at if action.window else None
    if deed.until is not None and expires_at is not None and deed.until >= expires_at:
        raise InvalidInput.at("until", "is after this action lapses; choose an earlier time")


def _markable(action: Action) -> str:
    if action.opportunity is None:
        raise Conflict("This is standing advice to the account: it ends by itself and cannot be marked.")
    return action.opportunity


def _obligation(action: Action) -> Obligation:
    return Obligation(
        kind=action.kind,
        opportunity_id=action.opportunity,
        interview_id=action.interview,
        contact_id=action.person,
        attempt=action.attempt,
        wait=action.wait,
    )


def _take_back(session: Session, account_id: str, action: Action) -> bool:
    made = marks.on(session, account_id, _obligation(action))
    for each in made:
        marks.remove(session, account_id, each.id)
        if each.touch_id is not None:
            touches.remove(session, account_id, each.touch_id)
    return bool(made)


def _record_touch(session: Session, account_id: str, action: Action, deed: Deed, now: datetime) -> str | None:
    if deed.state != "done" or not action.message:
        return None
    touch_id = new_id("tch")
    recommended = action.channel.recommended if action.channel else None
    values = {
        "id": touch_id,
        "account_id": account_id,
        "opportunity_id": action.opportunity,
        "contact_id": action.person,
        "interview_id": action.interview,
        "direction": "outbound",
        "purpose": action.kind,
        "channel": deed.channel or recommended,
        "at": deed.at or now,
        "automatic": False,
        "note": deed.note,
        "created_at": now,
        "updated_at": now,
    }
    touches.add(session, values)
    recorded = Occurrence("touch.recorded", action.opportunity, action.interview, action.person, touch_id)
    events.record(session, account_id, (recorded,), now)
    return touch_id


def _record_mark(
    session: Session, account_id: str, action: Action, deed: Deed, touch_id: str | None, now: datetime
) -> None:
    obligation = _obligation(action)
    named = {field.name: getattr(obligation, field.name) for field in fields(obligation)}
    at = deed.at or now
    made = Mark(
        **named, id=new_id("mrk"), state=deed.state, at=at, until=deed.until, note=deed.note, touch_id=touch_id
    )  # fmt: skip
    marks.add(session, account_id, made)


def _as_it_is(session: Session, account_id: str, action_id: str, deed: Deed, now: datetime) -> dict[str, Any]:
    action, facts = known_action(session, account_id, action_id, now)
    if action.state != deed.state and deed.at is not None:
        raise InvalidInput.at("at", "is before what this action answers to; say when it was done after that")
    if action.state != deed.state:
        raise Conflict("This action cannot be marked so yet: what it answers to is ahead. Mark it once it is open.")
    return action_item(action, Subjects(facts, IDS))
