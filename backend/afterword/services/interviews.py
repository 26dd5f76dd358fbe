"""Interviews: one request logs company, role, start and people; a further round joins an opportunity."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from afterword.errors import Conflict, FieldProblem, InvalidInput, NotFound
from afterword.formats.facts_contradictions import NOT_MISSED, length_problem
from afterword.formats.instants import EARLIEST, LATEST
from afterword.policy.facts import USUAL_LENGTH, usual_end
from afterword.services import accounts, events, opportunities, people, promises
from afterword.services.events import Occurrence
from afterword.services.limits import MOST_INTERVIEWS, refuse_one_more
from afterword.services.planner import plan_after_change
from afterword.storage import interviews as stored
from afterword.storage import opportunities as stored_opportunities
from afterword.storage import people as stored_people
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id
from afterword.storage.interviews import Filter, Interview
from afterword.storage.people import Participant

OF_THE_OPPORTUNITY = ("company", "role", "applied_on", "holidays", "long_process")


@dataclass(frozen=True, slots=True)
class WholeInterview:
    """An interview with its opportunity's company and role, who took part, and where it stands now."""

    interview: Interview
    company: str
    role: str | None
    people: Sequence[Participant]
    phase: str


def create(session: Session, account_id: str, values: Mapping[str, Any], now: datetime) -> tuple[WholeInterview, bool]:
    """The interview, and whether it is new: one with a known external id is the existing one."""
    external_id = values.get("external_id")
    known = stored.find_by_external_id(session, account_id, external_id) if external_id else None
    if known:
        return find(session, account_id, known.id, now), False
    timed = {**_scheduling(values, now), **_timed(session, account_id, values)}
    opportunity_id = _opportunity(session, account_id, timed, now)
    taking_part = people.named(session, account_id, opportunity_id, timed.pop("people", None) or (), now)
    said_by = {"decision_said_by": timed.get("decision_said_by")}
    people.require_places(session, account_id, opportunity_id, said_by)
    identifier = _add(session, account_id, opportunity_id, timed, now)
    stored_people.replace_participants(session, account_id, opportunity_id, identifier, taking_part)
    cause = Occurrence("interview.created", opportunity_id, identifier)
    plan_after_change(session, account_id, [opportunity_id], now, cause)
    return find(session, account_id, identifier, now), True


def find(session: Session, account_id: str, interview_id: str, now: datetime) -> WholeInterview:
    found = stored.find(session, account_id, interview_id)
    if found is None:
        raise NotFound.of("interview", interview_id)
    return _whole(session, account_id, [found], now)[0]


def listed(
    session: Session, account_id: str, wanted: Filter, after: str | None, limit: int, now: datetime
) -> list[WholeInterview]:
    return _whole(session, account_id, stored.page(session, account_id, wanted, after, limit), now)


def among(session: Session, account_id: str, ids: Collection[str], now: datetime) -> list[WholeInterview]:
    """Those of these that the account has."""
    return _whole(session, account_id, stored.among(session, account_id, ids), now)


def change(
    session: Session, account_id: str, whole: WholeInterview, values: Mapping[str, Any], now: datetime
) -> WholeInterview:
    interview = whole.interview
    changed = {**_status(interview, values, now), **{key: value for key, value in values.items() if key != "people"}}
    whole_then = {key: changed.get(key, getattr(interview, key)) for key in (*_CHECKED, "time_zone")}
    _require_sound(whole_then)
    changed = promises.with_the_day(changed, whole_then["ends_at"], whole_then["time_zone"])
    if changed.get("external_id") not in (None, interview.external_id):
        _require_free_external_id(session, account_id, changed["external_id"])
    if values.get("people") is not None:
        taking_part = people.named(session, account_id, interview.opportunity_id, values["people"], now)
        place = (account_id, interview.opportunity_id, interview.id)
        stored_people.replace_participants(session, *place, taking_part)
    said_by = {"decision_said_by": changed.get("decision_said_by")}
    people.require_places(session, account_id, interview.opportunity_id, said_by)
    stored.change(session, account_id, interview.id, {**changed, "updated_at": now})
    cause = Occurrence("interview.updated", interview.opportunity_id, interview.id)
    plan_after_change(session, account_id, [interview.opportunity_id], now, cause)
    return find(session, account_id, interview.id, now)


def remove(session: Session, account_id: str, interview: Interview, now: datetime) -> None:
    gone = Occurrence("interview.deleted", interview.opportunity_id, interview.id)
    events.record(session, account_id, [gone], now)
    stored.remove(session, account_id, interview.id)
    plan_after_change(session, account_id, [interview.opportunity_id], now)


def _opportunity(session: Session, account_id: str, values: dict[str, Any], now: datetime) -> str:
    """The opportunity that the interview is a round of: the one named, or a new one. Takes its fields out."""
    about = {key: values.pop(key) for key in OF_THE_OPPORTUNITY if key in values}
    named: str | None = values.pop("opportunity_id", None)
    given = {key: value for key, value in about.items() if value is not None}
    if named is None:
        if "company" not in given:
            raise InvalidInput.at("company", "is missing; give the company, or the opportunity_id of an earlier round")
        return opportunities.add(session, account_id, given, now)
    if given:
        message = "belongs to a new opportunity; leave it out, or change it with PATCH /opportunities/{id}"
        raise InvalidInput("The opportunity is named.", tuple(FieldProblem(key, message) for key in given))
    if stored_opportunities.find(session, account_id, named) is None:
        raise InvalidInput.at("opportunity_id", "is not the id of an opportunity; leave it out and give a company")
    refuse_one_more(stored.count(session, account_id, named), MOST_INTERVIEWS, "interviews")
    return named


def _timed(session: Session, account_id: str, values: Mapping[str, Any]) -> dict[str, Any]:
    time_zone = values.get("time_zone") or accounts.find(session, account_id).time_zone
    timed = {**values, **_length(values.get("starts_at"), values.get("ends_at")), "time_zone": time_zone}
    _require_sound(timed)
    return promises.with_the_day(timed, timed["ends_at"], time_zone)


def _scheduling(values: Mapping[str, Any], now: datetime) -> dict[str, datetime]:
    """When it was fixed, where nothing is said of that: what is still to come was fixed by now."""
    begins = values.get("starts_at") or values.get("ends_at")
    return {"scheduled_at": now} if begins and begins > now and values.get("status") != "cancelled" else {}


def _length(starts_at: datetime | None, ends_at: datetime | None) -> dict[str, datetime]:
    """Both ends of a round, of which one may be left out: somebody who just came out of it knows the end."""
    if starts_at is not None:
        _require_within_years("starts_at", end := ends_at or usual_end(starts_at))
        return {"starts_at": starts_at, "ends_at": end}
    if ends_at is not None:
        _require_within_years("ends_at", start := ends_at - USUAL_LENGTH)
        return {"starts_at": start, "ends_at": ends_at}
    raise InvalidInput.at("starts_at", "is missing; give the start of the interview, or its end as ends_at")


def _require_within_years(path: str, reckoned: datetime) -> None:
    if not EARLIEST <= reckoned <= LATEST:
        raise InvalidInput.at(path, "leaves no hour within the years 2000 to 2100; give both starts_at and ends_at")


_CHECKED = ("starts_at", "ends_at", "status", "missed_by")


def _require_sound(values: Mapping[str, Any]) -> None:
    wrong_length = length_problem(values["starts_at"], values["ends_at"])
    if wrong_length:
        raise InvalidInput.at("ends_at", wrong_length)
    if values.get("missed_by") and values.get("status") != "missed":
        raise InvalidInput.at("missed_by", NOT_MISSED)


def _add(session: Session, account_id: str, opportunity_id: str, values: Mapping[str, Any], now: datetime) -> str:
    identifier = new_id("int")
    number = values.get("round") or 1 + stored.last_round_before(
        session, account_id, opportunity_id, values["starts_at"]
    )
    made = {
        "id": identifier,
        "account_id": account_id,
        "opportunity_id": opportunity_id,
        "round": number,
        "created_at": now,
        "updated_at": now,
    }
    stored.add(session, {**values, **made})
    return identifier


def _status(interview: Interview, values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What a change of status says beside it: when it was said, and that nobody missed what was not missed."""
    status = values.get("status", interview.status)
    if status == interview.status:
        return {}
    beside = {"status_at": None if status == "scheduled" else now}
    return beside if status == "missed" else {**beside, "missed_by": None}


def _require_free_external_id(session: Session, account_id: str, external_id: str) -> None:
    other = stored.find_by_external_id(session, account_id, external_id)
    if other:
        raise Conflict(f"external_id is already that of interview {other.id}. Each can belong to one interview.")


def _whole(session: Session, account_id: str, found: Sequence[Interview], now: datetime) -> list[WholeInterview]:
    ids = [each.id for each in found]
    taking_part = stored_people.of_interviews(session, account_id, ids)
    where = stored.companies(session, account_id, ids)
    return [
        WholeInterview(each, *where[each.id], people=taking_part.get(each.id, ()), phase=phase(each, now))
        for each in found
    ]


def phase(interview: Interview, now: datetime) -> str:
    """Where an interview stands: nobody has to say that it took place."""
    if interview.status != "scheduled":
        return interview.status
    if now < interview.starts_at:
        return "scheduled"
    return "in_progress" if now < interview.ends_at else "held"
