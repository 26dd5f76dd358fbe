"""What an operator watches: the queue, what could not be planned, endpoints, and the workers' beats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Table, case, func, literal, literal_column, select

from afterword.storage import heartbeats
from afterword.storage.database import Session
from afterword.storage.delivery_tables import SENDING, UNDELIVERED, WAITING
from afterword.storage.heartbeats import Heartbeat
from afterword.storage.tables import deliveries, opportunities, webhook_endpoints

#: Anybody may ask how a server is: no number of rows is counted further than this.
MOST_COUNTED = 100_000
MOST_WORKERS = 100

_waiting: ColumnElement[bool] = literal_column(WAITING)
_sending: ColumnElement[bool] = literal_column(SENDING)
_undelivered: ColumnElement[bool] = literal_column(UNDELIVERED)


@dataclass(frozen=True, slots=True)
class Vitals:
    """The figures of one instant. Each number of deliveries is that of a partial index: it costs no look at the rest.

    `due` wait for a sender, `scheduled` for a time of their own, `held_back` for an endpoint that is paused.
    """

    due: int
    scheduled: int
    held_back: int
    sending: int
    undelivered: int
    parked: int
    oldest_due_at: datetime | None
    oldest_wake_at: datetime | None
    endpoints: Mapping[str, int]
    beats: Sequence[Heartbeat]


def vitals(session: Session, now: datetime) -> Vitals:
    """All of them, as of one snapshot."""
    due_at, wake_at = deliveries.c.next_attempt_at, opportunities.c.wake_at
    figures = {
        "due": _number(deliveries, _waiting, due_at <= now),
        "scheduled": _number(deliveries, _waiting, due_at > now),
        "held_back": _number(deliveries, _waiting, due_at.is_(None)),
        "sending": _number(deliveries, _sending),
        "undelivered": _number(deliveries, _undelivered),
        "parked": _number(opportunities, opportunities.c.parked_until.is_not(None)),
        "oldest_due_at": select(func.min(due_at)).where(_waiting, due_at <= now).scalar_subquery(),
        "oldest_wake_at": select(func.min(wake_at)).where(wake_at <= now).scalar_subquery(),
    }
    row = session.execute(select(*(figure.label(name) for name, figure in figures.items()))).one()
    return Vitals(**row._asdict(), endpoints=_endpoints(session), beats=heartbeats.latest(session, MOST_WORKERS))


def _number(table: Table, *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    found = select(literal(1)).select_from(table).where(*conditions).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _endpoints(session: Session) -> dict[str, int]:
    is_enabled, is_paused = webhook_endpoints.c.enabled, webhook_endpoints.c.paused
    state = case((is_enabled.is_(False), "disabled"), (is_paused.is_(True), "paused"), else_="enabled")
    present = webhook_endpoints.c.deleted_at.is_(None)
    counted = session.execute(select(state, func.count()).where(present).group_by(state))
    return {"enabled": 0, "paused": 0, "disabled": 0, **{row[0]: row[1] for row in counted}}
