"""Interviews: the rounds of opportunities."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import interviews, marks, opportunities, touches


@dataclass(frozen=True, slots=True)
class Interview:
    id: str
    opportunity_id: str
    round: int
    format: str
    status: str
    status_at: datetime | None
    missed_by: str | None
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    scheduled_at: datetime | None
    decision_on: date | None
    decision_said_by: str | None
    follow_up_channel: str | None
    external_id: str | None
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Filter:
    """Which interviews of an account a list has; None leaves a field free."""

    opportunity_id: str | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None


def find(session: Session, account_id: str, interview_id: str) -> Interview | None:
    return rows.find(session, Interview, interviews, rows.mine(interviews, account_id, interview_id))


def find_by_external_id(session: Session, account_id: str, external_id: str) -> Interview | None:
    known = (interviews.c.account_id == account_id, interviews.c.external_id == external_id)
    return rows.find(session, Interview, interviews, *known)


def page(session: Session, account_id: str, wanted: Filter, after: str | None, limit: int) -> list[Interview]:
    conditions: list[ColumnElement[bool]] = [interviews.c.account_id == account_id]
    if wanted.opportunity_id is not None:
        conditions.append(interviews.c.opportunity_id == wanted.opportunity_id)
    if wanted.starts_from is not None:
        conditions.append(interviews.c.starts_at >= wanted.starts_from)
    if wanted.starts_before is not None:
        conditions.append(interviews.c.starts_at < wanted.starts_before)
    return rows.page(session, Interview, interviews, conditions, after, limit)


def among(session: Session, account_id: str, ids: Collection[str]) -> list[Interview]:
    """Those of these that the account has."""
    mine = (interviews.c.account_id == account_id, interviews.c.id.in_(ids))
    return rows.listed(session, Interview, interviews, *mine)


def companies(session: Session, account_id: str, interview_ids: list[str]) -> dict[str, tuple[str, str | None]]:
    """Company and role of the opportunity of each interview."""
    statement = (
        select(interviews.c.id, opportunities.c.company, opportunities.c.role)
        .join(opportunities, interviews.c.opportunity_id == opportunities.c.id)
        .where(interviews.c.account_id == account_id, interviews.c.id.in_(interview_ids))
    )
    return {row.id: (row.company, row.role) for row in session.execute(statement)}


def count(session: Session, account_id: str, opportunity_id: str) -> int:
    there = (interviews.c.account_id == account_id, interviews.c.opportunity_id == opportunity_id)
    return rows.count(session, interviews, *there)


def last_round_before(session: Session, account_id: str, opportunity_id: str, starts_at: datetime) -> int:
    """The highest number among the rounds that start earlier; 0 where none does."""
    statement = select(func.max(interviews.c.round)).where(
        interviews.c.account_id == account_id,
        interviews.c.opportunity_id == opportunity_id,
        interviews.c.starts_at < starts_at,
    )
    return session.execute(statement).scalar() or 0


def last_begun(session: Session, account_id: str, opportunity_id: str, at: datetime) -> Interview | None:
    """The latest round of an opportunity that had begun by then, if it was neither called off nor missed."""
    begun = (
        interviews.c.account_id == account_id,
        interviews.c.opportunity_id == opportunity_id,
        interviews.c.status == "scheduled",
        interviews.c.starts_at <= at,
    )
    latest = select(interviews.c.id).where(*begun).order_by(interviews.c.starts_at.desc(), interviews.c.id.desc())
    identifier = session.execute(latest.limit(1)).scalar()
    return find(session, account_id, identifier) if identifier else None


def add(session: Session, values: Mapping[str, Any]) -> None:
    rows.add(session, interviews, {**values, "held_announced": False, "version": 1})


def change(session: Session, account_id: str, interview_id: str, values: Mapping[str, Any]) -> None:
    changed = {**values, "version": interviews.c.version + 1}
    rows.change(session, interviews, changed, rows.mine(interviews, account_id, interview_id))


def remove(session: Session, account_id: str, interview_id: str) -> None:
    """Remove it with its recap and marks. What was said and received stays, about no interview."""
    about_it = (touches.c.account_id == account_id, touches.c.interview_id == interview_id)
    rows.change(session, touches, {"interview_id": None}, *about_it)
    rows.remove(session, marks, marks.c.account_id == account_id, marks.c.wait == interview_id)
    rows.remove(session, interviews, rows.mine(interviews, account_id, interview_id))
