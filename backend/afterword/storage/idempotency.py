"""Answers to requests that carried an Idempotency-Key, kept in the transaction that made them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import idempotency_keys


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    account_id: str
    route: str
    key: str
    body_hash: str
    status: int
    headers: dict[str, str]
    body: str
    created_at: datetime


def find(session: Session, account_id: str, route: str, key: str) -> KeptAnswer | None:
    table = idempotency_keys
    named = (table.c.account_id == account_id, table.c.route == route, table.c.key == key)
    return rows.find(session, KeptAnswer, table, *named)


def keep(session: Session, values: dict[str, Any]) -> None:
    rows.add(session, idempotency_keys, values)


def forget_before(session: Session, account_id: str, instant: datetime) -> None:
    old = idempotency_keys.c.created_at < instant
    rows.remove(session, idempotency_keys, idempotency_keys.c.account_id == account_id, old)


def try_lock(session: Session, account_id: str, route: str, key: str) -> bool:
    """False where another transaction is answering the same request. SQLite's one writer answers one at a time."""
    if session.dialect.name != "postgresql":
        return True
    digest = hashlib.sha256(f"{account_id}\n{route}\n{key}".encode()).digest()
    number = int.from_bytes(digest[:8], signed=True)
    return bool(session.execute(text("SELECT pg_try_advisory_xact_lock(:number)"), {"number": number}).scalar())
