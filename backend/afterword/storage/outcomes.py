"""Outcomes: the latest of an opportunity governs, the earlier ones are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import outcomes


@dataclass(frozen=True, slots=True)
class Outcome:
    opportunity_id: str
    status: str
    at: datetime
    start_date: date | None
    answer_by: date | None


def governing(session: Session, account_id: str, opportunity_ids: Iterable[str]) -> dict[str, Outcome]:
    conditions = (
        outcomes.c.account_id == account_id,
        outcomes.c.opportunity_id.in_(sorted(set(opportunity_ids))),
        outcomes.c.superseded_at.is_(None),
    )
    return {each.opportunity_id: each for each in rows.listed(session, Outcome, outcomes, *conditions)}


def add(session: Session, values: Mapping[str, Any]) -> None:
    rows.add(session, outcomes, values)


def supersede(session: Session, account_id: str, opportunity_id: str, now: datetime) -> bool:
    """End the governing outcome; False where there was none."""
    standing = (
        outcomes.c.account_id == account_id,
        outcomes.c.opportunity_id == opportunity_id,
        outcomes.c.superseded_at.is_(None),
    )
    return rows.change(session, outcomes, {"superseded_at": now}, *standing) == 1
