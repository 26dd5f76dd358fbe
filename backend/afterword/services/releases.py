"""What changes with a release: other windows, so that everything is planned again, and rows that lack what is new."""

from __future__ import annotations

import importlib.metadata
from datetime import datetime

from afterword.playbooks import shelf
from afterword.services.events import LIFE_WITHOUT_EXPIRY
from afterword.storage import releases
from afterword.storage.database import Database, Session

RECKONED_WITH = ("afterword", "holidays", "tzdata")
STEP = 200


def fingerprint() -> str:
    """The versions of all that windows are reckoned with, the operator's playbooks too."""
    packages = [f"{name}={importlib.metadata.version(name)}" for name in RECKONED_WITH]
    return " ".join((*packages, f"playbooks={shelf.versions()}"))


def plan_anew_if_changed(database: Database, now: datetime, current: str) -> bool:
    """Wake everything when another release planned last; whether it did."""
    with database.read() as session:
        if releases.planned_with(session) == current:
            return False
    with database.write() as session:
        return releases.plan_anew_with(session, current, now)


def lack_expiry(session: Session) -> bool:
    """Whether deliveries wait that a release before 0007 wrote, which left their expiry to the event."""
    return releases.any_without_expiry(session)


def give_expiry(session: Session) -> int:
    """Write the event's expiry into some of them, so that the queue finds them when it has come. How many."""
    found = releases.without_expiry(session, STEP)
    expiries = {row.id: row.expires_at or row.occurred_at + LIFE_WITHOUT_EXPIRY for row in found}
    if expiries:
        releases.set_expiry(session, expiries)
    return len(expiries)
