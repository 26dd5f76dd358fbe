"""Sign-ins of people at the front end. A token is stored as its hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import memberships, sessions


@dataclass(frozen=True, slots=True)
class SignIn:
    """Whom a token stands for, and what they may do."""

    session_id: str
    user_id: str
    account_id: str
    role: str
    expires_at: datetime


_BY_TOKEN = (
    select(sessions.c.id, sessions.c.user_id, sessions.c.account_id, memberships.c.role, sessions.c.expires_at)
    .join(
        memberships,
        (sessions.c.user_id == memberships.c.user_id) & (sessions.c.account_id == memberships.c.account_id),
    )
    .where(sessions.c.token_hash == bindparam("token_hash"))
)


def find(session: Session, token_hash: str) -> SignIn | None:
    return rows.found(session, SignIn, _BY_TOKEN, token_hash=token_hash)


def add(session: Session, token_hash: str, sign_in: SignIn, now: datetime) -> None:
    session.execute(
        insert(sessions).values(
            id=sign_in.session_id,
            token_hash=token_hash,
            user_id=sign_in.user_id,
            account_id=sign_in.account_id,
            created_at=now,
            expires_at=sign_in.expires_at,
        )
    )


def remove(session: Session, token_hash: str) -> None:
    rows.remove(session, sessions, sessions.c.token_hash == token_hash)


def remove_expired(session: Session, now: datetime) -> None:
    rows.remove(session, sessions, sessions.c.expires_at <= now)
