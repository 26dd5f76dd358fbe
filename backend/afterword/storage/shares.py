"""Links by which somebody may look on. A secret is stored as its hash; a link that is revoked is gone."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import shares


@dataclass(frozen=True, slots=True)
class Share:
    """`opportunity_id` None: what there is to do over all of them. `name` says for whom it was made."""

    id: str
    account_id: str
    opportunity_id: str | None
    name: str
    secret_hash: str
    expires_at: datetime | None
    created_at: datetime
    last_seen_at: datetime | None


def find_by_hash(session: Session, secret_hash: str) -> Share | None:
    return rows.find(session, Share, shares, shares.c.secret_hash == secret_hash)


def page(session: Session, account_id: str, after: str | None, limit: int) -> list[Share]:
    return rows.page(session, Share, shares, (shares.c.account_id == account_id,), after, limit)


def count(session: Session, account_id: str) -> int:
    return rows.count(session, shares, shares.c.account_id == account_id)


def remove_ended(session: Session, account_id: str, now: datetime) -> None:
    """Forget the links that show nothing any more because their time is over."""
    session.execute(delete(shares).where(shares.c.account_id == account_id, shares.c.expires_at <= now))


def add(session: Session, share: Share) -> None:
    rows.add(session, shares, asdict(share))


def note_look(session: Session, share_id: str, now: datetime) -> None:
    rows.change(session, shares, {"last_seen_at": now}, shares.c.id == share_id)


def remove(session: Session, account_id: str, share_id: str) -> bool:
    return rows.remove(session, shares, rows.mine(shares, account_id, share_id)) == 1
