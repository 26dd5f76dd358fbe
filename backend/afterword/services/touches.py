"""Touches: what was sent and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from afterword.errors import Conflict, InvalidInput, NotFound
from afterword.formats.facts_contradictions import THEIR_DAY, THEIR_MACHINE
from afterword.services import accounts, people, promises
from afterword.services.events import Occurrence
from afterword.services.limits import MOST_TOUCHES, refuse_future, refuse_one_more
from afterword.services.planner import plan_after_change
from afterword.storage import interviews, opportunities
from afterword.storage import touches as stored
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id
from afterword.storage.touches import Filter, Touch


def create(session: Session, account_id: str, values: Mapping[str, Any], now: datetime) -> tuple[Touch, bool]:
    """The touch, and whether it is new: one with a known external id is the existing one."""
    external_id = values.get("external_id")
    known = stored.find_by_external_id(session, account_id, external_id) if external_id else None
    if known:
        return known, False
    touch = add(session, account_id, _promising(session, account_id, values), now)
    cause = Occurrence(
        "touch.recorded",
        touch.opportunity_id,
        interview_id=touch.interview_id,
        contact_id=touch.contact_id,
        touch_id=touch.id,
    )
    plan_after_change(session, account_id, [touch.opportunity_id], now, cause)
    return touch, True


def add(session: Session, account_id: str, values: Mapping[str, Any], now: datetime) -> Touch:
    """Check and write the row; planning is the caller's."""
    opportunity_id = _opportunity(session, account_id, values)
    refuse_one_more(stored.count(session, account_id, opportunity_id), MOST_TOUCHES, "touches")
    _require_sound(session, account_id, opportunity_id, values, now)
    identifier = new_id("tch")
    made = {"id": identifier, "account_id": account_id, "created_at": now, "updated_at": now}
    stored.add(session, {"automatic": False, **values, **made, "opportunity_id": opportunity_id})
    return find(session, account_id, identifier)


def find(session: Session, account_id: str, touch_id: str) -> Touch:
    found = stored.find(session, account_id, touch_id)
    if found is None:
        raise NotFound.of("touch", touch_id)
    return found


def listed(session: Session, account_id: str, wanted: Filter, after: str | None, limit: int) -> list[Touch]:
    return stored.page(session, account_id, wanted, after, limit)


def change(session: Session, account_id: str, touch: Touch, values: Mapping[str, Any], now: datetime) -> Touch:
    whole = {key: values.get(key, getattr(touch, key)) for key in _CHECKED}
    _require_sound(session, account_id, touch.opportunity_id, whole, now)
    if values.get("external_id") not in (None, touch.external_id):
        _require_free_external_id(session, account_id, values["external_id"])
    stored.change(session, account_id, touch.id, {**values, "updated_at": now})
    plan_after_change(session, account_id, [touch.opportunity_id], now)
    return find(session, account_id, touch.id)


def remove(session: Session, account_id: str, touch: Touch, now: datetime) -> None:
    stored.remove(session, account_id, touch.id)
    plan_after_change(session, account_id, [touch.opportunity_id], now)


def _promising(session: Session, account_id: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What they promised in so many days as a day, in the zone of the round that the touch belongs to."""
    if values.get(promises.IN_DAYS) is None:
        return promises.with_the_day(values, values["at"], "UTC")
    if values["direction"] == "outbound":
        raise InvalidInput.at(promises.IN_DAYS, THEIR_DAY)
    return promises.with_the_day(values, values["at"], _zone(session, account_id, values))


def _zone(session: Session, account_id: str, values: Mapping[str, Any]) -> str:
    named = interviews.find(session, account_id, values["interview_id"]) if values.get("interview_id") else None
    round_then = named or interviews.last_begun(
        session, account_id, _opportunity(session, account_id, values), values["at"]
    )
    return round_then.time_zone if round_then else accounts.find(session, account_id).time_zone


_CHECKED = ("contact_id", "interview_id", "direction", "at", "decision_on", "automatic")


def _opportunity(session: Session, account_id: str, values: Mapping[str, Any]) -> str:
    """The opportunity named, or the one of the interview named."""
    named, interview_id = values.get("opportunity_id"), values.get("interview_id")
    if named is None and interview_id is None:
        raise InvalidInput.at("opportunity_id", "is missing; give it, or the interview_id that the touch is about")
    if named is not None:
        if opportunities.find(session, account_id, named) is None:
            raise InvalidInput.at("opportunity_id", "is not the id of an opportunity of this account")
        return str(named)
    interview = interviews.find(session, account_id, str(interview_id))
    if interview is None:
        raise InvalidInput.at("interview_id", "is not the id of an interview of this account")
    return interview.opportunity_id


def _require_sound(
    session: Session, account_id: str, opportunity_id: str, values: Mapping[str, Any], now: datetime
) -> None:
    refuse_future(values["at"], now, "a touch")
    if values.get("decision_on") and values["direction"] == "outbound":
        raise InvalidInput.at("decision_on", THEIR_DAY)
    if values.get("automatic") and values["direction"] == "outbound":
        raise InvalidInput.at("automatic", THEIR_MACHINE)
    people.require_places(session, account_id, opportunity_id, {"contact_id": values.get("contact_id")})
    interview_id = values.get("interview_id")
    interview = interviews.find(session, account_id, interview_id) if interview_id else None
    if interview_id and (interview is None or interview.opportunity_id != opportunity_id):
        raise InvalidInput.at("interview_id", "is not the id of an interview of this opportunity")


def _require_free_external_id(session: Session, account_id: str, external_id: str) -> None:
    other = stored.find_by_external_id(session, account_id, external_id)
    if other:
        raise Conflict(f"external_id is already that of touch {other.id}. Each can belong to one touch.")
