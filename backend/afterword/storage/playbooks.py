"""An account's own playbooks: which there are, and the version each is at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import playbooks


@dataclass(frozen=True, slots=True)
class OwnPlaybook:
    id: str
    current_version: str
    title: str
    about: str | None
    version: int
    created_at: datetime
    updated_at: datetime


def find(session: Session, account_id: str, identifier: str) -> OwnPlaybook | None:
    return rows.find(session, OwnPlaybook, playbooks, rows.mine(playbooks, account_id, identifier))


def listed(session: Session, account_id: str) -> list[OwnPlaybook]:
    """All of them, by id."""
    return rows.listed(session, OwnPlaybook, playbooks, playbooks.c.account_id == account_id)


def current_version(session: Session, account_id: str, identifier: str) -> str | None:
    wanted = select(playbooks.c.current_version).where(rows.mine(playbooks, account_id, identifier))
    return session.execute(wanted).scalar_one_or_none()


def count(session: Session, account_id: str) -> int:
    return rows.count(session, playbooks, playbooks.c.account_id == account_id)


def add(session: Session, values: Mapping[str, Any]) -> None:
    rows.add(session, playbooks, {**values, "version": 1})


def change(session: Session, account_id: str, identifier: str, values: Mapping[str, Any]) -> None:
    changed = {**values, "version": playbooks.c.version + 1}
    rows.change(session, playbooks, changed, rows.mine(playbooks, account_id, identifier))


def remove(session: Session, account_id: str, identifier: str) -> None:
    rows.remove(session, playbooks, rows.mine(playbooks, account_id, identifier))
