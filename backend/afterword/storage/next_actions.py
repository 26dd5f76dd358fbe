"""What the answer to `GET /next-actions` depends on besides the facts themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, exists, func, or_, select

from afterword.storage.database import Session
from afterword.storage.tables import accounts, contacts, interviews, opportunities
from afterword.storage.types import Identifier

_TABLES = {"opportunity": opportunities, "interview": interviews, "contact": contacts}


_MINE = opportunities.c.account_id == bindparam("account_id", type_=Identifier)
# Two looks at two indexes; with OR between them SQLite would look at every row of the account.
_DUE = exists().where(_MINE, opportunities.c.wake_at <= bindparam("now"))
_PARKED = exists().where(_MINE, opportunities.c.parked_until.is_not(None))
_FRESHNESS = select(accounts.c.version, accounts.c.time_zone, or_(_DUE, _PARKED)).where(
    accounts.c.id == bindparam("account_id")
)
_NEXT_WAKE = select(func.min(opportunities.c.wake_at)).where(_MINE)


def freshness(session: Session, account_id: str, now: datetime) -> tuple[int, str, bool]:
    """The account's version and zone, and whether something of it has changed by itself and was not looked at yet."""
    version, zone, is_due = session.execute(_FRESHNESS, {"account_id": account_id, "now": now}).one()
    return version, zone, bool(is_due)


def next_wake(session: Session, account_id: str) -> datetime | None:
    """The earliest instant at which anything of the account will be looked at again."""
    found: datetime | None = session.execute(_NEXT_WAKE, {"account_id": account_id}).scalar_one()
    return found


def exists_in(session: Session, account_id: str, noun: str, identifier: str) -> bool:
    """Whether the account has a row of that id."""
    table = _TABLES[noun]
    wanted = select(table.c.id).where(table.c.account_id == account_id, table.c.id == identifier)
    return session.execute(wanted).first() is not None
