"""Which opportunities are judged by which playbook, and moving them to another."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, update

from afterword.storage.database import Session
from afterword.storage.tables import opportunities, outcomes

#: What an opportunity is not open after. An offer ends nothing: it is still to be answered.
FINAL = ("rejected", "accepted", "declined", "withdrawn", "closed")


def open_ids(session: Session, account_id: str, after: str | None, limit: int) -> list[str]:
    """The ids of opportunities without a final outcome, in pages."""
    wanted = select(opportunities.c.id).where(_is_open(account_id))
    if after is not None:
        wanted = wanted.where(opportunities.c.id > after)
    return _ids(session, wanted.limit(limit))


def naming(session: Session, account_id: str, identifier: str) -> list[str]:
    """The ids of open opportunities whose own choice a playbook is."""
    return _ids(
        session, select(opportunities.c.id).where(_is_open(account_id), opportunities.c.playbook_id == identifier)
    )


def counted(session: Session, account_id: str) -> dict[str | None, int]:
    """How many open opportunities have each playbook as their own choice; None counts those that follow the account."""
    wanted = select(opportunities.c.playbook_id, func.count()).where(_is_open(account_id))
    return {row[0]: row[1] for row in session.execute(wanted.group_by(opportunities.c.playbook_id))}


def existing(session: Session, account_id: str, ids: Collection[str]) -> frozenset[str]:
    """Those of the given ids that the account has."""
    mine = (opportunities.c.account_id == account_id, opportunities.c.id.in_(sorted(ids)))
    return frozenset(_ids(session, select(opportunities.c.id).where(*mine)))


def move(
    session: Session, account_id: str, ids: Collection[str] | None, identifier: str, version: str, now: datetime
) -> list[str]:
    """Have the given opportunities, or with None all that are open, judged by a version of a playbook. Those moved."""
    chosen = _is_open(account_id) if ids is None else opportunities.c.id.in_(sorted(ids))
    return _moved(session, account_id, chosen, {"playbook_id": identifier, "playbook_version": version}, now)


def move_followers(session: Session, account_id: str, version: str, now: datetime) -> list[str]:
    """Have the open opportunities that follow the account's playbook judged by this version of it. Those moved."""
    chosen = _is_open(account_id) & opportunities.c.playbook_id.is_(None)
    return _moved(session, account_id, chosen, {"playbook_version": version}, now)


def _moved(
    session: Session, account_id: str, chosen: ColumnElement[bool], to: dict[str, str], now: datetime
) -> list[str]:
    differs = or_(*(opportunities.c[name].is_distinct_from(value) for name, value in to.items()))
    statement = (
        update(opportunities)
        .where(opportunities.c.account_id == account_id, chosen, differs)
        .values(**to, version=opportunities.c.version + 1, updated_at=now)
        .returning(opportunities.c.id)
    )
    return sorted(session.execute(statement).scalars())


def _is_open(account_id: str) -> ColumnElement[bool]:
    ended = select(outcomes.c.opportunity_id).where(
        outcomes.c.account_id == account_id, outcomes.c.superseded_at.is_(None), outcomes.c.status.in_(FINAL)
    )
    return (opportunities.c.account_id == account_id) & opportunities.c.id.not_in(ended)


def _ids(session: Session, wanted: Select[Any]) -> list[str]:
    return list(session.execute(wanted.order_by(opportunities.c.id)).scalars())
