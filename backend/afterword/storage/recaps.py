"""Recaps: what somebody wrote down about an interview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import recaps


@dataclass(frozen=True, slots=True)
class Recap:
    interview_id: str
    discussed: str | None
    went_well: str | None
    answer_better: str | None
    they_need: str | None
    good_points: str | None
    bad_points: str | None
    clicked: str | None
    version: int
    created_at: datetime
    updated_at: datetime


def find(session: Session, account_id: str, interview_id: str) -> Recap | None:
    return rows.find(session, Recap, recaps, _of(account_id, interview_id))


def add(session: Session, values: Mapping[str, Any]) -> None:
    rows.add(session, recaps, {**values, "version": 1})


def change(session: Session, account_id: str, interview_id: str, values: Mapping[str, Any]) -> None:
    changed = {**values, "version": recaps.c.version + 1}
    rows.change(session, recaps, changed, _of(account_id, interview_id))


def _of(account_id: str, interview_id: str) -> Any:
    return (recaps.c.account_id == account_id) & (recaps.c.interview_id == interview_id)
