"""Keys of programs. A secret is stored as its hash."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import bindparam

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import api_keys


@dataclass(frozen=True, slots=True)
class ApiKey:
    id: str
    account_id: str
    prefix: str
    secret_hash: str
    name: str
    created_at: datetime
    last_used_at: datetime | None


_BY_PREFIX = rows.selecting(
    ApiKey, api_keys, api_keys.c.prefix == bindparam("prefix"), api_keys.c.revoked_at.is_(None)
)  # fmt: skip


def find_by_prefix(session: Session, prefix: str) -> ApiKey | None:
    return rows.found(session, ApiKey, _BY_PREFIX, prefix=prefix)


def page(session: Session, account_id: str, after: str | None, limit: int) -> list[ApiKey]:
    conditions = (api_keys.c.account_id == account_id, api_keys.c.revoked_at.is_(None))
    return rows.page(session, ApiKey, api_keys, conditions, after, limit)


def count(session: Session, account_id: str) -> int:
    return rows.count(session, api_keys, api_keys.c.account_id == account_id, api_keys.c.revoked_at.is_(None))


def add(session: Session, key: ApiKey) -> None:
    rows.add(session, api_keys, asdict(key))


def note_use(session: Session, key_id: str, now: datetime) -> None:
    rows.change(session, api_keys, {"last_used_at": now}, api_keys.c.id == key_id)


def revoke(session: Session, account_id: str, key_id: str, now: datetime) -> bool:
    live = rows.mine(api_keys, account_id, key_id) & api_keys.c.revoked_at.is_(None)
    return rows.change(session, api_keys, {"revoked_at": now}, live) == 1
