"""A facts document becomes `policy.facts`: missing keys and rounds are given, every instant is turned to UTC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from pydantic import ValidationError

from afterword.errors import InvalidInput
from afterword.formats.facts_contradictions import contradictions
from afterword.formats.facts_document import (
    CalendarPart,
    FactsDocument,
    InterviewPart,
    MarkPart,
    OpportunityPart,
    OutcomePart,
    PersonPart,
    TouchPart,
)
from afterword.formats.field_problems import field_problems
from afterword.formats.instants import zone
from afterword.formats.public_holidays import MOST_COUNTRY_YEARS, country_years, holidays_of
from afterword.policy.facts import Calendar, Facts, Interview, Mark, Opportunity, Outcome, Person, Touch, usual_end

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LARGEST_DOCUMENT_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Question:
    """What a document asks: these facts, at this instant, by this playbook (an id, or a whole one)."""

    facts: Facts
    at: datetime
    playbook: str | Mapping[str, Any]
    states: tuple[str, ...]
    until: datetime | None
    explain: bool


def parse(data: object) -> FactsDocument:
    """The document of what JSON or YAML gave, or InvalidInput that names each field."""
    try:
        return FactsDocument.model_validate(data)
    except ValidationError as refused:
        raise InvalidInput("The facts document cannot be read.", field_problems(refused.errors())) from None


def question(document: FactsDocument) -> Question:
    """What the document asks, or InvalidInput when it contradicts itself."""
    problems = tuple(contradictions(document))
    if problems:
        raise InvalidInput("The facts document contradicts itself.", problems)
    return Question(
        facts=_facts(document),
        at=_utc(document.at),
        playbook=document.playbook,
        states=tuple(document.states),
        until=_utc_or_none(document.until),
        explain=document.explain,
    )


def _facts(document: FactsDocument) -> Facts:
    years = frozenset(moment.year for moment in _instants(document))
    codes = (document.calendar.holidays, *(part.holidays for part in document.opportunities))
    if country_years(codes, years) > MOST_COUNTRY_YEARS:
        text = f"asks for more than {MOST_COUNTRY_YEARS} years of holidays; ask about fewer countries or years at once"
        raise InvalidInput.at("opportunities", text)
    fallback = _fallback_zone(document)
    return Facts(
        calendar=_calendar(document.calendar, fallback, years),
        opportunities=tuple(
            _opportunity(part, number, document.calendar, years)
            for number, part in enumerate(document.opportunities, 1)
        ),
    )


def _instants(document: FactsDocument) -> Iterator[datetime]:
    yield document.at
    for part in document.opportunities:
        yield from (interview.starts_at for interview in part.interviews)
        yield from (touch.at for touch in part.touches)
        yield from (mark.at for mark in part.marks)
        yield from (() if part.outcome is None else (part.outcome.at,))


def _fallback_zone(document: FactsDocument) -> tzinfo:
    """The calendar's zone; without one, that of the earliest interview."""
    if document.calendar.time_zone is not None:
        return zone(document.calendar.time_zone)
    rounds = [interview for part in document.opportunities for interview in part.interviews]
    if not rounds:
        return _offset_of(document.at)
    return _interview_zone(min(rounds, key=lambda each: each.starts_at), document.calendar)


def _calendar(part: CalendarPart, fallback: tzinfo, years: frozenset[int]) -> Calendar:
    contact_from, contact_until = part.contact_hours or (time(9), time(17))
    return Calendar(
        zone=fallback,
        working_days=frozenset(WEEKDAYS.index(day) for day in part.working_days),
        holidays=holidays_of(part.holidays, years),
        contact_from=contact_from,
        contact_until=contact_until,
    )


def _opportunity(part: OpportunityPart, number: int, calendar: CalendarPart, years: frozenset[int]) -> Opportunity:
    return Opportunity(
        key=part.key or opportunity_key(number),
        company=part.company,
        role=part.role,
        applied_on=part.applied_on,
        holidays=_own_holidays(part.holidays, years),
        long_process=part.long_process,
        people=tuple(_person(each) for each in part.people),
        interviews=tuple(_interviews(part.interviews, calendar)),
        touches=tuple(_touch(each, place, part) for place, each in enumerate(part.touches, 1)),
        marks=tuple(_mark(each) for each in part.marks),
        outcome=_outcome(part.outcome),
    )


def opportunity_key(number: int) -> str:
    """The key of the opportunity at a place, counted from 1, that was given none."""
    return f"opportunity-{number}"


def interview_key(number: int) -> str:
    """The key of the interview at a place, counted from 1, that was given none."""
    return f"interview-{number}"


def _own_holidays(code: str | None, years: frozenset[int]) -> frozenset[date] | None:
    return None if code is None else holidays_of(code, years)


def _person(part: PersonPart) -> Person:
    return Person(
        key=part.key,
        name=part.name or part.key,
        roles=tuple(part.roles),
        email=part.email,
        phone=part.phone,
        linkedin=part.linkedin,
        postal_address=part.postal_address,
        preferred_channel=part.preferred_channel,
        point_of_contact=part.point_of_contact,
        connected=part.connected,
        do_not_contact=part.do_not_contact,
    )


def _interviews(parts: list[InterviewPart], calendar: CalendarPart) -> Iterator[Interview]:
    by_start = sorted(range(len(parts)), key=lambda place: parts[place].starts_at)
    for place, part in enumerate(parts):
        yield _interview(part, place + 1, by_start.index(place) + 1, calendar)


def _interview(part: InterviewPart, place: int, usual_round: int, calendar: CalendarPart) -> Interview:
    starts_at = _utc(part.starts_at)
    return Interview(
        key=part.key or interview_key(place),
        starts_at=starts_at,
        ends_at=_utc_or_none(part.ends_at) or usual_end(starts_at),
        zone=_interview_zone(part, calendar),
        round=part.round or usual_round,
        format=part.format,
        status=part.status,
        status_at=_utc_or_none(part.status_at),
        missed_by=part.missed_by,
        scheduled_at=_utc_or_none(part.scheduled_at),
        decision_on=part.decision_on,
        decision_said_by=part.decision_said_by,
        follow_up_channel=part.follow_up_channel,
        people=tuple(dict.fromkeys(part.people)),
    )


def _interview_zone(part: InterviewPart, calendar: CalendarPart) -> tzinfo:
    name = part.time_zone or calendar.time_zone
    return _offset_of(part.starts_at) if name is None else zone(name)


def _touch(part: TouchPart, place: int, opportunity: OpportunityPart) -> Touch:
    return Touch(
        key=part.key or f"touch-{place}",
        person=part.person or _only(each.key for each in opportunity.people),
        direction=part.direction,
        at=_utc(part.at),
        channel=part.channel,
        purpose=part.purpose,
        interview=part.interview,
        decision_on=part.decision_on,
        automatic=part.automatic,
    )


def _only(keys: Iterable[str]) -> str:
    """The one person of an opportunity that has only one, else nobody in particular."""
    known = list(keys)
    return known[0] if len(known) == 1 else ""


def _mark(part: MarkPart) -> Mark:
    return Mark(
        kind=part.kind,
        state=part.state,
        at=_utc(part.at),
        interview=part.interview,
        person=part.person,
        attempt=part.attempt,
        until=_utc_or_none(part.until),
    )


def _outcome(part: OutcomePart | None) -> Outcome | None:
    if part is None:
        return None
    return Outcome(status=part.status, at=_utc(part.at), start_date=part.start_date, answer_by=part.answer_by)


def _offset_of(moment: datetime) -> tzinfo:
    return moment.tzinfo or UTC


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _utc_or_none(moment: datetime | None) -> datetime | None:
    return None if moment is None else _utc(moment)
