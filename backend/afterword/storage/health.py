"""Signs of life: the workers' beats, and the opportunities whose planning failed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import heartbeats, opportunities


def last_beat(session: Session) -> datetime | None:
    beat: datetime | None = session.execute(select(func.max(heartbeats.c.at))).scalar()
    return beat


def parked(session: Session) -> int:
    return rows.count(session, opportunities, opportunities.c.parked_until.is_not(None))
