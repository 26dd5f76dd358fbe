"""Events in the account's order, and one delivery of each for every endpoint that wants it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, Table, func, insert, select, update

from afterword.storage.database import Session
from afterword.storage.tables import (
    accounts,
    contacts,
    deliveries,
    events,
    interviews,
    opportunities,
    touches,
)


def next_sequence(session: Session, account_id: str, count: int) -> int:
    """The first of so many numbers, which are the account's next and never given again."""
    raised = (
        update(accounts)
        .where(accounts.c.id == account_id)
        .values(sequence=accounts.c.sequence + count)
        .returning(accounts.c.sequence)
    )
    last: int = session.execute(raised).scalar_one()
    return last - count + 1


def insert_events(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write events."""
    session.execute(insert(events), list(rows))


def insert_deliveries(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write what is to be sent where."""
    if rows:
        session.execute(insert(deliveries), list(rows))


def rows_of(session: Session, table: Table, account_id: str, ids: Collection[str]) -> dict[str, Row[Any]]:
    """The account's rows of a table, by id."""
    if not ids:
        return {}
    found = session.execute(select(table).where(table.c.account_id == account_id, table.c.id.in_(sorted(ids))))
    return {row.id: row for row in found}


def subjects(
    session: Session,
    account_id: str,
    opportunity_ids: Collection[str],
    interview_ids: Collection[str],
    contact_ids: Collection[str],
    touch_ids: Collection[str],
) -> tuple[dict[str, Row[Any]], ...]:
    """The opportunities, interviews, contacts and touches that events speak of."""
    return (
        rows_of(session, opportunities, account_id, opportunity_ids),
        rows_of(session, interviews, account_id, interview_ids),
        rows_of(session, contacts, account_id, contact_ids),
        rows_of(session, touches, account_id, touch_ids),
    )


def list_events(
    session: Session, account_id: str, after: int, limit: int, event_type: str | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Events after a sequence number, in order."""
    wanted = select(events).where(events.c.account_id == account_id, events.c.sequence > after)
    if event_type is not None:
        wanted = wanted.where(events.c.type == event_type)
    return session.execute(wanted.order_by(events.c.sequence).limit(limit)).all()


def newest(session: Session, account_id: str, event_type: str, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The last events of a type, newest first."""
    wanted = select(events).where(events.c.account_id == account_id, events.c.type == event_type)
    return session.execute(wanted.order_by(events.c.sequence.desc()).limit(limit)).all()


def first_kept(session: Session, account_id: str) -> int:
    """The sequence of the oldest event that is still there, or of the next to be."""
    oldest = select(func.min(events.c.sequence)).where(events.c.account_id == account_id).scalar_subquery()
    following = select(accounts.c.sequence + 1).where(accounts.c.id == account_id).scalar_subquery()
    first: int = session.execute(select(func.coalesce(oldest, following))).scalar_one()
    return first
