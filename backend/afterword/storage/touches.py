"""Touches: messages and calls, sent and received."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import marks, touches


@dataclass(frozen=True, slots=True)
class Touch:
    id: str
    opportunity_id: str
    contact_id: str | None
    interview_id: str | None
    direction: str
    purpose: str | None
    channel: str | None
    at: datetime
    decision_on: date | None
    automatic: bool
    note: str | None
    external_id: str | None
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Filter:
    """Which touches of an account a list has; None leaves a field free."""

    opportunity_id: str | None = None
    contact_id: str | None = None
    interview_id: str | None = None


def find(session: Session, account_id: str, touch_id: str) -> Touch | None:
    return rows.find(session, Touch, touches, rows.mine(touches, account_id, touch_id))


def find_by_external_id(session: Session, account_id: str, external_id: str) -> Touch | None:
    known = (touches.c.account_id == account_id, touches.c.external_id == external_id)
    return rows.find(session, Touch, touches, *known)


def page(session: Session, account_id: str, wanted: Filter, after: str | None, limit: int) -> list[Touch]:
    conditions: list[ColumnElement[bool]] = [touches.c.account_id == account_id]
    for column in ("opportunity_id", "contact_id", "interview_id"):
        value = getattr(wanted, column)
        if value is not None:
            conditions.append(touches.c[column] == value)
    return rows.page(session, Touch, touches, conditions, after, limit)


def count(session: Session, account_id: str, opportunity_id: str) -> int:
    there = (touches.c.account_id == account_id, touches.c.opportunity_id == opportunity_id)
    return rows.count(session, touches, *there)


def add(session: Session, values: Mapping[str, Any]) -> None:
    rows.add(session, touches, {**values, "version": 1})


def change(session: Session, account_id: str, touch_id: str, values: Mapping[str, Any]) -> None:
    changed = {**values, "version": touches.c.version + 1}
    rows.change(session, touches, changed, rows.mine(touches, account_id, touch_id))


def remove(session: Session, account_id: str, touch_id: str) -> None:
    """Remove it with the marks that were made by it or that a wait it started had."""
    rows.remove(session, marks, marks.c.account_id == account_id, marks.c.wait == touch_id)
    rows.remove(session, touches, rows.mine(touches, account_id, touch_id))
