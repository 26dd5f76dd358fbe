"""What facts may not say across their fields: slips that would give a wrong date. docs/policy.md lists the readings.

The sentences are also those of the routes that store one fact at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from afterword.errors import FieldProblem
from afterword.formats.facts_document import (
    CalendarPart,
    FactsDocument,
    InterviewPart,
    MarkPart,
    OpportunityPart,
    TouchPart,
)
from afterword.formats.instants import LATEST
from afterword.policy.facts import latest_end, usual_end

ENDS_FIRST = "must be later than the start"
TOO_LONG = "is more than 24 hours after starts_at; log each day as a round of its own"
NOT_MISSED = "is only for an interview whose status is missed"
THEIR_DAY = "is for what they told you; set direction to inbound or leave it out"
THEIR_MACHINE = "is for replies of a machine; set direction to inbound or leave it out"


def contradictions(document: FactsDocument) -> Iterator[FieldProblem]:
    """Every contradiction, in the document's order."""
    yield from _calendar(document.calendar)
    yield from _used_twice([part.key for part in document.opportunities], "opportunities")
    for number, part in enumerate(document.opportunities):
        yield from _opportunity(part, f"opportunities.{number}")


def _calendar(calendar: CalendarPart) -> Iterator[FieldProblem]:
    if calendar.contact_hours is not None and calendar.contact_hours[0] >= calendar.contact_hours[1]:
        yield FieldProblem("calendar.contact_hours", "must begin before they end, like 09:00 and 17:00")


def _opportunity(part: OpportunityPart, path: str) -> Iterator[FieldProblem]:
    people, rounds = {each.key for each in part.people}, {each.key for each in part.interviews if each.key}
    yield from _used_twice([each.key for each in part.people], f"{path}.people")
    yield from _used_twice([each.key for each in part.interviews], f"{path}.interviews")
    yield from _used_twice([each.key for each in part.touches], f"{path}.touches")
    for number, interview in enumerate(part.interviews):
        yield from _interview(interview, people, f"{path}.interviews.{number}")
    for number, touch in enumerate(part.touches):
        yield from _touch(touch, people, rounds, f"{path}.touches.{number}")
    for number, mark in enumerate(part.marks):
        yield from _mark(mark, people, rounds, f"{path}.marks.{number}")


def _interview(part: InterviewPart, people: set[str], path: str) -> Iterator[FieldProblem]:
    if part.ends_at is None and usual_end(part.starts_at) > LATEST:
        yield FieldProblem(f"{path}.starts_at", "leaves no hour within the years 2000 to 2100; give ends_at too")
    wrong_length = part.ends_at and length_problem(part.starts_at, part.ends_at)
    if wrong_length:
        yield FieldProblem(f"{path}.ends_at", wrong_length)
    if part.missed_by is not None and part.status != "missed":
        yield FieldProblem(f"{path}.missed_by", NOT_MISSED)
    for number, key in enumerate(part.people):
        yield from _unknown(key, people, f"{path}.people.{number}", "a person")
    yield from _unknown(part.decision_said_by, people, f"{path}.decision_said_by", "a person")


def length_problem(starts_at: datetime, ends_at: datetime) -> str | None:
    """What is wrong with the length of a round, from whose end everything counts; None when nothing is."""
    if ends_at <= starts_at:
        return ENDS_FIRST
    return TOO_LONG if ends_at > latest_end(starts_at) else None


def _touch(part: TouchPart, people: set[str], rounds: set[str], path: str) -> Iterator[FieldProblem]:
    yield from _unknown(part.person, people, f"{path}.person", "a person")
    yield from _unknown(part.interview, rounds, f"{path}.interview", "an interview")
    if part.decision_on is not None and part.direction == "outbound":
        yield FieldProblem(f"{path}.decision_on", THEIR_DAY)
    if part.automatic and part.direction == "outbound":
        yield FieldProblem(f"{path}.automatic", THEIR_MACHINE)


def _mark(part: MarkPart, people: set[str], rounds: set[str], path: str) -> Iterator[FieldProblem]:
    yield from _unknown(part.person, people, f"{path}.person", "a person")
    yield from _unknown(part.interview, rounds, f"{path}.interview", "an interview")
    if part.state == "snoozed" and part.until is None:
        yield FieldProblem(f"{path}.until", "is missing: say until when it is snoozed")
    if part.state != "snoozed" and part.until is not None:
        yield FieldProblem(f"{path}.until", "is only for a snoozed mark; leave it out or set state to snoozed")


def _unknown(key: str | None, known: Iterable[str], path: str, noun: str) -> Iterator[FieldProblem]:
    if key is not None and key not in known:
        given = ", ".join(sorted(known)) or "none"
        yield FieldProblem(path, f"names {noun} that this opportunity does not have; its keys are: {given[:300]}")


def _used_twice(keys: Sequence[str | None], path: str) -> Iterator[FieldProblem]:
    seen: set[str] = set()
    for number, key in enumerate(keys):
        if key is not None and key in seen:
            yield FieldProblem(f"{path}.{number}.key", "is used twice; give each its own key")
        seen.update(() if key is None else (key,))
