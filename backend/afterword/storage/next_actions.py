"""What the answer to `GET /next-actions` depends on besides the facts themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, func, or_, select

from afterword.storage.database import Session
from afterword.storage.tables import accounts, contacts, interviews, opportunities

_TABLES = {"opportunity": opportunities, "interview": interviews, "contact": contacts}


def freshness(session: Session, account_id: str, now: datetime) -> tuple[int, bool]:
    """The account's version, and whether something of it has changed by itself and was not looked at yet."""
    is_due = or_(opportunities.c.wake_at <= now, opportunities.c.parked_until.is_not(None))
    due = exists().where(opportunities.c.account_id == account_id, is_due)
    row = session.execute(select(accounts.c.version, due).where(accounts.c.id == account_id)).one()
    return row[0], bool(row[1])


def next_wake(session: Session, account_id: str) -> datetime | None:
    """The earliest instant at which anything of the account will be looked at again."""
    earliest = select(func.min(opportunities.c.wake_at)).where(opportunities.c.account_id == account_id)
    found: datetime | None = session.execute(earliest).scalar_one()
    return found


def exists_in(session: Session, account_id: str, noun: str, identifier: str) -> bool:
    """Whether the account has a row of that id."""
    table = _TABLES[noun]
    wanted = select(table.c.id).where(table.c.account_id == account_id, table.c.id == identifier)
    return session.execute(wanted).first() is not None
