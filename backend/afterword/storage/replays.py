"""Replays of many: what an endpoint missed, put back into its queue step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, literal_column, select

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import replays


@dataclass(frozen=True, slots=True)
class Replay:
    """`position` is the sequence of the last event looked at, `last_sequence` that of the last to look at."""

    id: str
    account_id: str
    endpoint_id: str
    delivered_too: bool
    position: int
    last_sequence: int
    queued: int
    state: str
    since: datetime
    created_at: datetime
    finished_at: datetime | None


def find(session: Session, account_id: str, endpoint_id: str, replay_id: str) -> Replay | None:
    mine = rows.mine(replays, account_id, replay_id)
    return rows.find(session, Replay, replays, mine, replays.c.endpoint_id == endpoint_id)


def running(session: Session, account_id: str, endpoint_id: str) -> Replay | None:
    """The one that is under way for an endpoint; there is never more than one."""
    mine = (replays.c.account_id == account_id, replays.c.endpoint_id == endpoint_id, replays.c.state == "running")
    return rows.find(session, Replay, replays, *mine)


def add(session: Session, values: Mapping[str, Any]) -> None:
    rows.add(session, replays, values)


def change(session: Session, replay_id: str, values: Mapping[str, Any]) -> None:
    rows.change(session, replays, values, replays.c.id == replay_id)


def under_way(session: Session, last: str, limit: int) -> list[tuple[str, str, str]]:
    """Replays that are not done yet, by account, endpoint and id: those that follow the last one, and then from the
    first on."""
    # In the words of the partial index, which neither database uses for a parameter.
    running: ColumnElement[bool] = literal_column("state = 'running'")
    is_later = replays.c.id > last
    wanted = select(replays.c.account_id, replays.c.endpoint_id, replays.c.id).where(running)
    found = session.execute(wanted.order_by(is_later.desc(), replays.c.id).limit(limit))
    return [(row[0], row[1], row[2]) for row in found]
