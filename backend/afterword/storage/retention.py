"""Deleting what has been kept long enough, a bounded number of rows at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Select, Table, delete, exists, literal_column, select

from afterword.storage.database import Session
from afterword.storage.delivery_tables import SENDING, WAITING
from afterword.storage.tables import deliveries, events, replays, webhook_endpoints


def forget_events(session: Session, before: datetime, most: int) -> int:
    """Events from before an instant of which nothing is on its way any more, with their deliveries. How many."""
    under_way = literal_column(f"(deliveries.{WAITING} OR deliveries.{SENDING})", Boolean)
    busy = exists().where(deliveries.c.event_id == events.c.id, under_way)
    old = select(events.c.id).where(events.c.occurred_at < before, ~busy).order_by(events.c.occurred_at).limit(most)
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
