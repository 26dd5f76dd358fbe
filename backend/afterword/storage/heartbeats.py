"""When each worker was last known to be alive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from afterword.storage.database import Session
from afterword.storage.tables import heartbeats

FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """When a worker last ticked, and what came of the attempts it has made, by the state they led to."""

    worker: str
    at: datetime
    attempts: Mapping[str, int] | None


def beat(session: Session, worker: str, now: datetime, attempts: Mapping[str, int]) -> None:
    """Write that a worker is alive, and forget those that have not been for long."""
    values = {"at": now, "attempts": dict(attempts)}
    beaten = session.execute(update(heartbeats).where(heartbeats.c.worker == worker).values(values))
    if beaten.rowcount == 0:
        session.execute(delete(heartbeats).where(heartbeats.c.at < now - FORGOTTEN_AFTER))
        session.execute(insert(heartbeats).values(worker=worker, **values))


def latest(session: Session, limit: int) -> list[Heartbeat]:
    """Those that ticked last, newest first."""
    columns = (heartbeats.c[field.name] for field in fields(Heartbeat))
    found = session.execute(select(*columns).order_by(heartbeats.c.at.desc()).limit(limit))
    return [Heartbeat(*row) for row in found]
