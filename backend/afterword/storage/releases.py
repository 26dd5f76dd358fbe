"""What other releases leave: windows that were reckoned with theirs, and rows without what they do not know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, exists, literal_column, select, update

from afterword.storage.database import Session
from afterword.storage.delivery_tables import WAITING
from afterword.storage.tables import deliveries, events, opportunities, releases

_waiting: ColumnElement[bool] = literal_column(f"deliveries.{WAITING}")
_without_expiry = (_waiting, deliveries.c.expires_at.is_(None))


def planned_with(session: Session) -> str | None:
    """The fingerprint of what planned last."""
    return session.execute(select(releases.c.fingerprint)).scalars().first()


def plan_anew_with(session: Session, fingerprint: str, now: datetime) -> bool:
    """Have every opportunity of every account planned again; False when another process was first to."""
    changed = update(releases).where(releases.c.fingerprint != fingerprint).values(fingerprint=fingerprint)
    if session.execute(changed).rowcount == 0:
        return False
    session.execute(update(opportunities).values(wake_at=now))
    return True


def any_without_expiry(session: Session) -> bool:
    """Whether deliveries wait that will never expire: one look into the index of what expires."""
    return session.execute(select(exists().where(*_without_expiry))).scalar_one()


def without_expiry(session: Session, most: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Some of them, locked, with when their event happened and expires; none that somebody else holds."""
    event = (events.c.account_id == deliveries.c.account_id) & (events.c.id == deliveries.c.event_id)
    wanted = select(deliveries.c.id, events.c.occurred_at, events.c.expires_at).join(events, event)
    free = wanted.where(*_without_expiry).limit(most).with_for_update(of=deliveries, skip_locked=True)
    return session.execute(free).all()


def set_expiry(session: Session, expiries: Mapping[str, datetime]) -> None:
    """By the delivery's id."""
    new = bindparam("expiry", type_=deliveries.c.expires_at.type)
    statement = update(deliveries).where(deliveries.c.id == bindparam("of")).values(expires_at=new)
    session.execute(statement, [{"of": each, "expiry": at} for each, at in expiries.items()])
