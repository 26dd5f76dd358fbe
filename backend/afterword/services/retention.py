"""How long what happened is kept: thirty days, and then it goes in small steps."""

from __future__ import annotations

from datetime import datetime, timedelta

from afterword.storage import retention as stored
from afterword.storage.database import Session

KEPT_FOR = timedelta(days=30)
STEP = 500


def forget(session: Session, now: datetime) -> bool:
    """Delete some of what is too old, events with their deliveries and attempts; whether there may be more of it."""
    before = now - KEPT_FOR
    events = stored.forget_events(session, before, STEP)
    stored.forget_endpoints(session, before, STEP)
    stored.forget_replays(session, before, STEP)
    return events == STEP
