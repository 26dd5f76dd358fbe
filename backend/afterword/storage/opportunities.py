"""Opportunities, their people and their outcomes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import opportunities, outcomes, people


@dataclass(frozen=True, slots=True)
class Opportunity:
    id: str
    company: str
    role: str | None
    applied_on: date | None
    holidays: str | None
    long_process: bool
    playbook_id: str | None
    playbook_version: str | None
    external_id: str | None
    parked_until: datetime | None
    plan_error: str | None
    version: int
    created_at: datetime
    updated_at: datetime


def find(session: Session, account_id: str, opportunity_id: str) -> Opportunity | None:
    return rows.find(session, Opportunity, opportunities, rows.mine(opportunities, account_id, opportunity_id))


def among(session: Session, account_id: str, ids: Collection[str]) -> list[Opportunity]:
    """Those of these that the account has."""
    mine = (opportunities.c.account_id == account_id, opportunities.c.id.in_(ids))
    return rows.listed(session, Opportunity, opportunities, *mine)


def existing(session: Session, account_id: str, ids: Collection[str]) -> frozenset[str]:
    """Those of these that the account has."""
    wanted = select(opportunities.c.id).where(opportunities.c.account_id == account_id, opportunities.c.id.in_(ids))
    return frozenset(session.execute(wanted).scalars()) if ids else frozenset()


def find_by_external_id(session: Session, account_id: str, external_id: str) -> Opportunity | None:
    known = (opportunities.c.account_id == account_id, opportunities.c.external_id == external_id)
    return rows.find(session, Opportunity, opportunities, *known)


def page(
    session: Session,
    account_id: str,
    *,
    company: str | None,
    outcome: Collection[str] | None,
    after: str | None,
    limit: int,
) -> list[Opportunity]:
    """`outcome` holds statuses; `none` among them means the opportunities that have no outcome."""
    conditions: list[ColumnElement[bool]] = [opportunities.c.account_id == account_id]
    if company is not None:
        conditions.append(opportunities.c.company_key == company.casefold())
    if outcome:
        conditions.append(_with_outcome(account_id, outcome))
    return rows.page(session, Opportunity, opportunities, conditions, after, limit)


def _with_outcome(account_id: str, wanted: Collection[str]) -> ColumnElement[bool]:
    governing = select(outcomes.c.opportunity_id).where(
        outcomes.c.account_id == account_id, outcomes.c.superseded_at.is_(None)
    )
    condition = opportunities.c.id.in_(governing.where(outcomes.c.status.in_(sorted(wanted))))
    return condition | opportunities.c.id.not_in(governing) if "none" in wanted else condition


def add(session: Session, values: Mapping[str, Any]) -> None:
    rows.add(session, opportunities, {**values, "company_key": values["company"].casefold(), "version": 1})


def change(session: Session, account_id: str, opportunity_id: str, values: Mapping[str, Any]) -> None:
    key = {"company_key": values["company"].casefold()} if "company" in values else {}
    changed = {**values, **key, "version": opportunities.c.version + 1}
    rows.change(session, opportunities, changed, rows.mine(opportunities, account_id, opportunity_id))


def remove(session: Session, account_id: str, opportunity_id: str) -> None:
    rows.remove(session, opportunities, rows.mine(opportunities, account_id, opportunity_id))


def circle(session: Session, account_id: str, opportunity_id: str) -> list[str]:
    """The ids of the other opportunities that share a person with this one."""
    theirs = select(people.c.contact_id).where(
        people.c.account_id == account_id, people.c.opportunity_id == opportunity_id
    )
    statement = select(people.c.opportunity_id).distinct().where(
        people.c.account_id == account_id,
        people.c.contact_id.in_(theirs),
        people.c.opportunity_id != opportunity_id,
    )  # fmt: skip
    return sorted(session.scalars(statement))
