"""A new release, new holiday data or other playbooks may give other windows: then everything is planned again."""

from __future__ import annotations

import importlib.metadata
from datetime import datetime

from afterword.playbooks import shelf
from afterword.storage import releases
from afterword.storage.database import Database

RECKONED_WITH = ("afterword", "holidays", "tzdata")


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
