"""Marks: the user's word on an action, at most one for each. One with a touch remembers which touch it made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import marks


@dataclass(frozen=True, slots=True)
class Mark:
    id: str
    kind: str
    opportunity_id: str | None
    interview_id: str | None
    contact_id: str | None
    attempt: int
    wait: str | None
    state: str
    at: datetime
    until: datetime | None
    note: str | None
    touch_id: str | None


@dataclass(frozen=True, slots=True)
class Obligation:
    """The action that a mark is on."""

    kind: str
    opportunity_id: str | None
    interview_id: str | None
    contact_id: str | None
    attempt: int
    wait: str | None


def on(session: Session, account_id: str, obligation: Obligation) -> list[Mark]:
    """The marks on an action."""
    return rows.listed(session, Mark, marks, *_named(account_id, obligation))


def add(session: Session, account_id: str, mark: Mark) -> None:
    values = {name: getattr(mark, name) for name in mark.__slots__}
    rows.add(session, marks, {"account_id": account_id, **values})


def remove(session: Session, account_id: str, mark_id: str) -> None:
    rows.remove(session, marks, rows.mine(marks, account_id, mark_id))


def _named(account_id: str, obligation: Obligation) -> list[ColumnElement[bool]]:
    # Attempts are numbered through the round, so that the wait they answer need not be named to tell them apart.
    naming = (name for name in obligation.__slots__ if name != "wait")
    same = [marks.c[name] == getattr(obligation, name) for name in naming]
    return [marks.c.account_id == account_id, *same]
