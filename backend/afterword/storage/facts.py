"""Stored rows become `policy.facts`: one statement per table, however many opportunities are asked for.

The keys of the facts are the ids of the rows. Rows of the wrong account are never read: every statement names it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, Row, Select, or_, select
from sqlalchemy.exc import NoResultFound

from afterword.errors import NotFound
from afterword.formats.public_holidays import holidays_of
from afterword.policy.facts import Calendar, Facts, Interview, Mark, Opportunity, Outcome, Person, Touch
from afterword.storage.database import Session
from afterword.storage.tables import (
    accounts,
    contacts,
    interview_people,
    interviews,
    marks,
    opportunities,
    outcomes,
    people,
    touches,
)

T = TypeVar("T")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows: one account's, and of these the given opportunities' or, with None, all."""

    account_id: str
    opportunity_ids: frozenset[str] | None = None

    def of(self, table: FromClause, column: str = "opportunity_id") -> ColumnElement[bool]:
        """The condition that keeps a table's rows inside the scope."""
        mine = table.c.account_id == self.account_id
        return mine if self.opportunity_ids is None else mine & table.c[column].in_(sorted(self.opportunity_ids))


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """Facts, and which playbook each opportunity is to be judged by: its own choice and the version it is kept at."""

    facts: Facts
    account_version: int
    default_playbook: str
    default_version: str | None
    choices: Mapping[str, tuple[str | None, str | None]]


def read_facts(session: Session, scope: Scope, at: datetime) -> StoredFacts:
    """The facts of a scope. `at` chooses the outcome that governed then and the years whose holidays matter."""
    account = _account(session, scope.account_id)
    rows = session.execute(
        select(opportunities).where(scope.of(opportunities, "id")).order_by(opportunities.c.id)
    ).all()  # fmt: skip
    parts = _Parts.read(session, scope, at)
    years = parts.years | {at.year}
    return StoredFacts(
        facts=Facts(
            calendar=_calendar(account, years),
            opportunities=tuple(_opportunity(row, parts, years) for row in rows),
        ),
        account_version=account.version,
        default_playbook=account.playbook,
        default_version=account.playbook_version,
        choices={row.id: (row.playbook_id, row.playbook_version) for row in rows},
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What belongs to opportunities, by opportunity id."""

    people: Mapping[str, Sequence[Person]]
    interviews: Mapping[str, Sequence[Interview]]
    touches: Mapping[str, Sequence[Touch]]
    marks: Mapping[str, Sequence[Mark]]
    outcomes: Mapping[str, Sequence[Outcome]]
    years: frozenset[int]

    @classmethod
    def read(cls, session: Session, scope: Scope, at: datetime) -> _Parts:
        rounds = _grouped(session, _rounds(scope), _interview_reader(session, scope))
        sent = _grouped(session, _touch_rows(scope), _touch)
        marked = _grouped(session, _mark_rows(scope), _mark)
        ended = _grouped(session, _outcome_rows(scope, at), _outcome)
        return cls(
            people=_grouped(session, _people_rows(scope), _person),
            interviews=rounds,
            touches=sent,
            marks=marked,
            outcomes=ended,
            years=frozenset(
                {each.starts_at.year for each in _all(rounds)}
                | {each.at.year for each in _all(sent)}
                | {each.at.year for each in _all(marked)}
                | {each.at.year for each in _all(ended)}
            ),
        )


def _account(session: Session, account_id: str) -> Row[Any]:
    try:
        return session.execute(select(accounts).where(accounts.c.id == account_id)).one()
    except NoResultFound:
        raise NotFound(f"There is no account {account_id}.") from None


def _grouped(session: Session, statement: Select[Any], read: Callable[[Row[Any]], T]) -> Mapping[str, Sequence[T]]:
    found: defaultdict[str, list[T]] = defaultdict(list)
    # All at once: row by row the driver is called for each.
    for row in session.execute(statement).all():
        found[row.opportunity_id].append(read(row))
    return found


def _all(parts: Mapping[str, Iterable[T]]) -> Iterator[T]:
    return (each for group in parts.values() for each in group)


def _people_rows(scope: Scope) -> Select[Any]:
    both = (people.c.account_id == contacts.c.account_id) & (people.c.contact_id == contacts.c.id)
    return (
        select(people.c.opportunity_id, people.c.roles, people.c.point_of_contact, people.c.connected, contacts)
        .join(contacts, both)
        .where(scope.of(people))
        .order_by(people.c.id)
    )


def _person(row: Row[Any]) -> Person:
    return Person(
        key=row.id,
        name=row.name,
        roles=tuple(row.roles),
        email=row.email,
        phone=row.phone,
        linkedin=row.linkedin,
        postal_address=row.postal_address,
        preferred_channel=row.preferred_channel,
        point_of_contact=row.point_of_contact,
        connected=row.connected,
        do_not_contact=row.do_not_contact,
    )


def _rounds(scope: Scope) -> Select[Any]:
    return select(interviews).where(scope.of(interviews)).order_by(interviews.c.starts_at, interviews.c.id)


def _interview_reader(session: Session, scope: Scope) -> Callable[[Row[Any]], Interview]:
    statement = select(interview_people.c.interview_id, interview_people.c.contact_id).where(scope.of(interview_people))
    taking_part: defaultdict[str, list[str]] = defaultdict(list)
    for interview, contact in session.execute(statement.order_by(interview_people.c.position)).all():
        taking_part[interview].append(contact)
    return lambda row: _interview(row, tuple(taking_part[row.id]))


def _interview(row: Row[Any], taking_part: tuple[str, ...]) -> Interview:
    return Interview(
        key=row.id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=ZoneInfo(row.time_zone),
        round=row.round,
        format=row.format,
        status=row.status,
        status_at=row.status_at,
        missed_by=row.missed_by,
        scheduled_at=row.scheduled_at,
        decision_on=row.decision_on,
        decision_said_by=row.decision_said_by,
        follow_up_channel=row.follow_up_channel,
        people=taking_part,
    )


def _touch_rows(scope: Scope) -> Select[Any]:
    return select(touches).where(scope.of(touches)).order_by(touches.c.at, touches.c.id)


def _touch(row: Row[Any]) -> Touch:
    return Touch(
        key=row.id,
        person=row.contact_id or "",
        direction=row.direction,
        at=row.at,
        channel=row.channel,
        purpose=row.purpose,
        interview=row.interview_id,
        decision_on=row.decision_on,
        automatic=row.automatic,
    )


def _mark_rows(scope: Scope) -> Select[Any]:
    # A mark with a touch only remembers which touch to take back: the touch itself settles the action.
    return select(marks).where(scope.of(marks), marks.c.touch_id.is_(None)).order_by(marks.c.at, marks.c.id)


def _mark(row: Row[Any]) -> Mark:
    return Mark(
        kind=row.kind,
        state=row.state,
        at=row.at,
        interview=row.interview_id,
        person=row.contact_id,
        attempt=row.attempt,
        until=row.until,
    )


def _outcome_rows(scope: Scope, at: datetime) -> Select[Any]:
    governed = or_(outcomes.c.superseded_at.is_(None), outcomes.c.superseded_at > at)
    return (
        select(outcomes)
        .where(scope.of(outcomes), governed, outcomes.c.at <= at)
        .order_by(outcomes.c.at, outcomes.c.id)
    )  # fmt: skip


def _outcome(row: Row[Any]) -> Outcome:
    return Outcome(status=row.status, at=row.at, start_date=row.start_date, answer_by=row.answer_by)


def _calendar(account: Row[Any], years: frozenset[int]) -> Calendar:
    return Calendar(
        zone=ZoneInfo(account.time_zone),
        working_days=frozenset(WEEKDAYS.index(day) for day in account.working_days),
        holidays=holidays_of(account.holidays, years),
        contact_from=time.fromisoformat(account.contact_from),
        contact_until=time.fromisoformat(account.contact_until),
    )


def _opportunity(row: Row[Any], parts: _Parts, years: frozenset[int]) -> Opportunity:
    ended = parts.outcomes.get(row.id, ())
    return Opportunity(
        key=row.id,
        company=row.company,
        role=row.role,
        applied_on=row.applied_on,
        holidays=None if row.holidays is None else holidays_of(row.holidays, years),
        long_process=row.long_process,
        people=tuple(parts.people.get(row.id, ())),
        interviews=tuple(parts.interviews.get(row.id, ())),
        touches=tuple(parts.touches.get(row.id, ())),
        marks=tuple(parts.marks.get(row.id, ())),
        outcome=ended[-1] if ended else None,
    )
