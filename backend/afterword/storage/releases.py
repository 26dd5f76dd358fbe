"""What the windows that are planned were reckoned with: this program and the holidays it knows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from afterword.storage.database import Session
from afterword.storage.tables import opportunities, releases


def planned_with(session: Session) -> str | None:
    """The fingerprint of what planned last."""
    return session.execute(select(releases.c.fingerprint)).scalars().first()


def plan_anew_with(session: Session, fingerprint: str, now: datetime) -> bool:
    """Have every opportunity of every account planned again; False when another process was first to."""
    changed = update(releases).where(releases.c.fingerprint != fingerprint).values(fingerprint=fingerprint)
    if session.execute(changed).rowcount == 0:
        return False
    session.execute(update(opportunities).values(wake_at=now))
    return True
