"""Deleting what has been kept long enough, a bounded number of rows at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, Table, delete, func, literal_column, or_, select

from afterword.storage.database import Session
from afterword.storage.delivery_tables import SENDING, WAITING
from afterword.storage.tables import deliveries, events, replays, webhook_endpoints


def forget_events(session: Session, before: datetime, most: int) -> int:
    """Events from before an instant, with their deliveries, up to the first that is still on its way. How many.

    What is kept of an account has no gaps: a reader of its events would otherwise miss some in silence.
    """
    under_way: ColumnElement[bool] = literal_column(f"(deliveries.{WAITING} OR deliveries.{SENDING})")
    first = func.min(events.c.sequence).label("sequence")
    busy = (
        select(events.c.account_id, first)
        .join(deliveries, (deliveries.c.account_id == events.c.account_id) & (deliveries.c.event_id == events.c.id))
        .where(under_way, events.c.occurred_at < before)
        .group_by(events.c.account_id)
        .subquery()
    )
    old = (
        select(events.c.id)
        .outerjoin(busy, busy.c.account_id == events.c.account_id)
        .where(events.c.occurred_at < before, or_(busy.c.sequence.is_(None), events.c.sequence < busy.c.sequence))
        .order_by(events.c.occurred_at, events.c.sequence)
        .limit(most)
    )
    return _delete(session, events, old)


def forget_endpoints(session: Session, before: datetime, most: int) -> int:
    """Endpoints that were deleted before an instant. How many."""
    gone = select(webhook_endpoints.c.id).where(webhook_endpoints.c.deleted_at < before).limit(most)
    return _delete(session, webhook_endpoints, gone)


def forget_replays(session: Session, before: datetime, most: int) -> int:
    """Replays that were done before an instant. How many."""
    done = select(replays.c.id).where(replays.c.finished_at < before).limit(most)
    return _delete(session, replays, done)


def _delete(session: Session, table: Table, which: Select[str]) -> int:
    ids = session.execute(which).scalars().all()
    if ids:
        session.execute(delete(table).where(table.c.id.in_(ids)))
    return len(ids)
