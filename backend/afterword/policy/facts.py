"""What the policy is told: plain, frozen facts about one account's opportunities.

Every instant is an aware `datetime` in UTC; what is local (a promised day, contact hours) is read in the zone that
stands beside it. Nothing here decides anything, and nothing here is validated: the documents and tables that facts are
read from have done that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

EVERY_DAY = frozenset(range(7))
USUAL_LENGTH, GREATEST_LENGTH = timedelta(hours=1), timedelta(hours=24)


def usual_end(starts_at: datetime) -> datetime:
    """The end of an interview of which only the start is known."""
    return starts_at + USUAL_LENGTH


def end_after(starts_at: datetime, length: timedelta) -> datetime:
    """The end of an interview of which the start and the length are known."""
    return starts_at + length


def latest_end(starts_at: datetime) -> datetime:
    """The latest end of one round; what goes on for longer is several."""
    return starts_at + GREATEST_LENGTH


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in one opportunity. `key` is the same in two opportunities when it is the same human being."""

    key: str
    name: str
    roles: tuple[str, ...] = ()
    email: str | None = None
    phone: str | None = None
    linkedin: str | None = None
    postal_address: str | None = None
    preferred_channel: str | None = None
    point_of_contact: bool = False
    connected: bool = False
    do_not_contact: bool = False


@dataclass(frozen=True, slots=True)
class Interview:
    """One round. `starts_at`, `ends_at`, `scheduled_at` and `status_at` are UTC; `decision_on` is a day in `zone`."""

    key: str
    starts_at: datetime
    ends_at: datetime
    zone: tzinfo = UTC
    round: int = 1
    format: str = "onsite"
    status: str = "scheduled"
    status_at: datetime | None = None
    missed_by: str | None = None
    scheduled_at: datetime | None = None
    decision_on: date | None = None
    decision_said_by: str | None = None
    follow_up_channel: str | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Touch:
    """One message or call. Outbound ones have a purpose; an inbound one may name a new decision day."""

    key: str
    person: str
    direction: str
    at: datetime
    channel: str | None = None
    purpose: str | None = None
    interview: str | None = None
    decision_on: date | None = None
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """The user's word on an action: done, skipped, or snoozed until an instant."""

    kind: str
    state: str
    at: datetime
    interview: str | None = None
    person: str | None = None
    attempt: int = 1
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended, or that it was reopened by none being given. `answer_by` and `start_date` are local days."""

    status: str
    at: datetime
    start_date: date | None = None
    answer_by: date | None = None


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One job at one employer. `holidays`, where given, replaces the calendar's."""

    key: str
    company: str
    role: str | None = None
    applied_on: date | None = None
    holidays: frozenset[date] | None = None
    long_process: bool = False
    people: tuple[Person, ...] = ()
    interviews: tuple[Interview, ...] = ()
    touches: tuple[Touch, ...] = ()
    marks: tuple[Mark, ...] = ()
    outcome: Outcome | None = None

    def instants(self) -> Iterator[datetime | None]:
        """When each of its facts that is dated became known, in no order."""
        yield from (touch.at for touch in self.touches)
        yield from (mark.at for mark in self.marks)
        for interview in self.interviews:
            yield interview.status_at
            yield interview.scheduled_at
        yield self.outcome.at if self.outcome else None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The account's working calendar: weekdays (Monday is 0), public holidays, contact hours, a fallback zone."""

    zone: tzinfo = UTC
    working_days: frozenset[int] = EVERY_DAY
    holidays: frozenset[date] = frozenset()
    contact_from: time = time(9)
    contact_until: time = time(17)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that `evaluate` is given besides the playbook and the instant."""

    calendar: Calendar
    opportunities: tuple[Opportunity, ...]
