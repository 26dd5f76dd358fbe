"""Share links: `afs_` and a secret, shown once, kept as a hash. Whoever has one may look on, and nothing else."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from afterword.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from afterword.services.access import digest
from afterword.storage import opportunities
from afterword.storage import shares as stored
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id
from afterword.storage.shares import Share

MOST_SHARES = 50
LOOK_NOTED_EVERY = timedelta(minutes=1)
#: The same for one that never was: whoever tries secrets learns nothing.
ENDED = "This link shows nothing any more: it was revoked, or its time is over. Ask whoever sent it for another."


def create(session: Session, account_id: str, values: Mapping[str, Any], now: datetime) -> tuple[Share, str]:
    """The link as kept, and its secret. `values`: name; opportunity_id, or None for what there is to do over all; and
    expires_at or expires_in_days, where it is to end by itself."""
    if stored.count(session, account_id) >= MOST_SHARES:
        stored.remove_ended(session, account_id, now)
    if stored.count(session, account_id) >= MOST_SHARES:
        raise Conflict(f"An account can have {MOST_SHARES} share links. Revoke one that is no longer used.")
    opportunity_id = values["opportunity_id"]
    if opportunity_id is not None and opportunities.find(session, account_id, opportunity_id) is None:
        raise InvalidInput.at("opportunity_id", "is not the id of an opportunity; leave it out to share Today")
    secret = f"afs_{secrets.token_urlsafe(32)}"
    ends = _end(values["expires_at"], values["expires_in_days"], now)
    made = Share(new_id("shr"), account_id, opportunity_id, values["name"], digest(secret), ends, now, None)
    stored.add(session, made)
    return made, secret


def listed(session: Session, account_id: str, after: str | None, limit: int) -> list[Share]:
    return stored.page(session, account_id, after, limit)


def revoke(session: Session, account_id: str, share_id: str) -> None:
    if not stored.remove(session, account_id, share_id):
        raise NotFound.of("share link", share_id)


def by_secret(session: Session, secret: str | None, now: datetime) -> Share:
    found = stored.find_by_hash(session, digest(secret)) if secret else None
    if found is None or has_ended(found, now):
        raise Unauthenticated(ENDED)
    return found


def has_ended(share: Share, now: datetime) -> bool:
    return share.expires_at is not None and share.expires_at <= now


def is_look_due(share: Share, now: datetime) -> bool:
    """Whether a look is to be noted: at most one a minute is."""
    return share.last_seen_at is None or now - share.last_seen_at >= LOOK_NOTED_EVERY


def note_look(session: Session, share: Share, now: datetime) -> None:
    stored.note_look(session, share.id, now)


def _end(at: datetime | None, days: int | None, now: datetime) -> datetime | None:
    if at is not None and days is not None:
        raise InvalidInput.at("expires_in_days", "is given beside expires_at; give one of them")
    if at is not None and at <= now:
        raise InvalidInput.at("expires_at", "must be later than now; leave it out for a link without an end")
    return at if days is None else now + timedelta(days=days)
