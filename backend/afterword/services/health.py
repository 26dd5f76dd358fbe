"""Whether this process can serve: the database, its schema, the worker's last beat, what could not be planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from afterword.errors import AfterwordError
from afterword.storage import health as stored
from afterword.storage.database import Database, check_schema


@dataclass(frozen=True, slots=True)
class Readiness:
    """`reason` is None where it can serve."""

    reason: str | None
    worker_beat_age_seconds: float | None = None
    parked: int = 0


def readiness(database: Database, now: datetime) -> Readiness:
    try:
        check_schema(database.engine)
        with database.read() as session:
            beat, parked = stored.last_beat(session), stored.parked(session)
    except AfterwordError as refused:
        return Readiness(refused.detail)
    return Readiness(None, None if beat is None else (now - beat).total_seconds(), parked)
