"""Replays of many: what an endpoint missed, put back into its queue step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

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


def under_way(session: Session, limit: int) -> list[tuple[str, str, str]]:
    """Replays that are not done yet: account, endpoint and id."""
    wanted = select(replays.c.account_id, replays.c.endpoint_id, replays.c.id)
    found = session.execute(wanted.where(replays.c.state == "running").order_by(replays.c.id).limit(limit))
    return [(row[0], row[1], row[2]) for row in found]
