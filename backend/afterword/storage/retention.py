"""Deleting what has been kept long enough, a bounded number of rows at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, delete, exists, func, select

from afterword.storage.database import Session
from afterword.storage.tables import accounts, deliveries, events, replays, webhook_endpoints

ON_ITS_WAY = ("pending", "retrying", "sending")


def accounts_with_events(session: Session, before: datetime, most: int) -> Sequence[str]:
    """Accounts whose first event is from before an instant, the oldest first: a seek for each account."""
    mine = select(events.c.occurred_at).where(events.c.account_id == accounts.c.id)
    first = mine.order_by(events.c.sequence).limit(1).scalar_subquery()
    return session.execute(select(accounts.c.id).where(first < before).order_by(first).limit(most)).scalars().all()


def forget_events(session: Session, account_id: str, before: datetime, most: int, most_deliveries: int) -> int:
    """An account's first events, with their deliveries, as far as they are from before an instant and none is on its
    way. How many. The account must be locked: nobody puts a delivery back meanwhile.

    What is kept of an account has no gaps: a reader of its events would otherwise miss some in silence.
    """
    ids = [*_first(_events_of(session, account_id, most), before, most_deliveries)]
    if ids:
        session.execute(delete(events).where(events.c.id.in_(ids)))
    return len(ids)


def _events_of(session: Session, account_id: str, most: int) -> Sequence[Row[*tuple[Any, ...]]]:
    of_it = deliveries.c.event_id == events.c.id
    number = select(func.count()).select_from(deliveries).where(of_it).scalar_subquery()
    is_busy = exists().where(of_it, deliveries.c.state.in_(ON_ITS_WAY))
    columns = (events.c.id, events.c.occurred_at, number.label("number"), is_busy.label("is_busy"))
    mine = select(*columns).where(events.c.account_id == account_id)
    return session.execute(mine.order_by(events.c.sequence).limit(most)).all()


def _first(rows: Sequence[Row[*tuple[Any, ...]]], before: datetime, most_deliveries: int) -> Iterator[str]:
    """Up to the first that is younger or on its way; always one, however many deliveries it has."""
    room = most_deliveries
    for row in rows:
        if row.occurred_at >= before or row.is_busy or room <= 0:
            return
        room -= row.number
        yield row.id


def deleted_endpoints(session: Session, before: datetime, most: int) -> Sequence[str]:
    """Endpoints that were deleted before an instant and that no delivery names any more."""
    is_named = exists().where(deliveries.c.endpoint_id == webhook_endpoints.c.id)
    gone = select(webhook_endpoints.c.id).where(webhook_endpoints.c.deleted_at < before, ~is_named)
    return session.execute(gone.limit(most)).scalars().all()


def finished_replays(session: Session, before: datetime, most: int) -> Sequence[str]:
    """Replays that were done before an instant."""
    done = select(replays.c.id).where(replays.c.finished_at < before).limit(most)
    return session.execute(done).scalars().all()


def forget_endpoints(session: Session, ids: Sequence[str]) -> None:
    _delete(session, webhook_endpoints, ids)


def forget_replays(session: Session, ids: Sequence[str]) -> None:
    _delete(session, replays, ids)


def _delete(session: Session, table: Table, ids: Sequence[str]) -> None:
    if ids:
        session.execute(delete(table).where(table.c.id.in_(ids)))
