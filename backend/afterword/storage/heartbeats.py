"""When each worker was last known to be alive."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, update

from afterword.storage.database import Session
from afterword.storage.tables import heartbeats

FORGOTTEN_AFTER = timedelta(days=1)


def beat(session: Session, worker: str, now: datetime) -> None:
    """Write that a worker is alive, and forget those that have not been for long."""
    beaten = session.execute(update(heartbeats).where(heartbeats.c.worker == worker).values(at=now))
    if beaten.rowcount == 0:
        session.execute(delete(heartbeats).where(heartbeats.c.at < now - FORGOTTEN_AFTER))
        session.execute(insert(heartbeats).values(worker=worker, at=now))
