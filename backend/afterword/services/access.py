"""Who is asking: a person by the token of a sign-in, or a program by its API key."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from afterword.errors import Forbidden, Unauthenticated
from afterword.storage import api_keys, sessions
from afterword.storage.database import Session

USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Principal:
    """The account that is asked about and the right to change it. `stale_key_id` is a key whose use is to be noted."""

    account_id: str
    role: str
    user_id: str | None = None
    stale_key_id: str | None = None

    def require_owner(self) -> None:
        if self.role != "owner":
            raise Forbidden("A viewer of this account can read it and not change it. Ask its owner.")


def digest(secret: str) -> str:
    # A secret of 256 random bits needs no slow hash.
    return hashlib.sha256(secret.encode()).hexdigest()


def by_token(session: Session, token: str, now: datetime) -> Principal:
    found = sessions.find(session, digest(token))
    if found is None or found.expires_at <= now:
        raise Unauthenticated("The sign-in has ended. Sign in again.")
    return Principal(found.account_id, found.role, user_id=found.user_id)


def by_key(session: Session, key: str, now: datetime) -> Principal:
    found = api_keys.find_by_prefix(session, _prefix(key))
    if found is None or not hmac.compare_digest(found.secret_hash, digest(key)):
        raise Unauthenticated("The API key is not known or was revoked. Make one with POST /api/v1/api-keys.")
    stale = found.last_used_at is None or now - found.last_used_at >= USE_NOTED_EVERY
    return Principal(found.account_id, "owner", stale_key_id=found.id if stale else None)


def note_use(session: Session, principal: Principal, now: datetime) -> None:
    """Remember that a key was used, at most once a minute."""
    if principal.stale_key_id:
        api_keys.note_use(session, principal.stale_key_id, now)


def _prefix(key: str) -> str:
    parts = key.split("_", 2)
    return parts[1] if len(parts) == 3 and parts[0] == "afw" else ""
