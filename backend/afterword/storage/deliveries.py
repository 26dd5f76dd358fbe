"""The log of deliveries, as their account reads it. The queue that they also are is `outbox`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import attempts, deliveries, events


@dataclass(frozen=True, slots=True)
class Delivery:
    id: str
    event_id: str
    event_type: str
    endpoint_id: str
    state: str
    attempt: int
    crashes: int
    next_attempt_at: datetime | None
    reason: str | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    id: str
    number: int
    started_at: datetime
    duration_ms: int
    status_code: int | None
    response_body: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which deliveries a list has; None leaves a field free."""

    endpoint_id: str | None = None
    event_id: str | None = None
    state: str | None = None


def find(session: Session, account_id: str, delivery_id: str) -> Delivery | None:
    row = session.execute(_log(account_id).where(deliveries.c.id == delivery_id)).one_or_none()
    return None if row is None else Delivery(*row)


def page(session: Session, account_id: str, wanted: Filter, before: str | None, limit: int) -> list[Delivery]:
    """Newest first."""
    conditions: list[ColumnElement[bool]] = [
        deliveries.c[name] == getattr(wanted, name)
        for name in ("endpoint_id", "event_id", "state")
        if getattr(wanted, name) is not None
    ]
    if before is not None:
        conditions.append(deliveries.c.id < before)
    statement = _log(account_id).where(*conditions).order_by(deliveries.c.id.desc()).limit(limit)
    return [Delivery(*row) for row in session.execute(statement)]


def attempts_of(session: Session, account_id: str, delivery_id: str) -> Sequence[Attempt]:
    """Each try, first to last."""
    mine = (attempts.c.account_id == account_id, attempts.c.delivery_id == delivery_id)
    return rows.listed(session, Attempt, attempts, *mine)


def _log(account_id: str) -> Select[Any]:
    columns = (
        events.c.type if name == "event_type" else deliveries.c[name]
        for name in Delivery.__slots__
    )  # fmt: skip
    event = (events.c.account_id == deliveries.c.account_id) & (events.c.id == deliveries.c.event_id)
    return select(*columns).select_from(deliveries).join(events, event).where(deliveries.c.account_id == account_id)
