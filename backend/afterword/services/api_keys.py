"""API keys: `afw_<prefix>_<secret>`, shown once, kept as a hash."""

from __future__ import annotations

import secrets
from datetime import datetime

from afterword.errors import Conflict, NotFound
from afterword.services.access import digest
from afterword.storage import api_keys as stored
from afterword.storage.api_keys import ApiKey
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id

MOST_KEYS = 50


def create(session: Session, account_id: str, name: str, now: datetime) -> tuple[ApiKey, str]:
    """The key as kept, and the whole of it as the program must send it."""
    if stored.count(session, account_id) >= MOST_KEYS:
        raise Conflict(f"An account can have {MOST_KEYS} API keys. Delete one that is no longer used.")
    prefix = secrets.token_hex(4)
    key = f"afw_{prefix}_{secrets.token_urlsafe(32)}"
    made = ApiKey(new_id("key"), account_id, prefix, digest(key), name, now, None)
    stored.add(session, made)
    return made, key


def listed(session: Session, account_id: str, after: str | None, limit: int) -> list[ApiKey]:
    return stored.page(session, account_id, after, limit)


def revoke(session: Session, account_id: str, key_id: str, now: datetime) -> None:
    if not stored.revoke(session, account_id, key_id, now):
        raise NotFound.of("API key", key_id)
