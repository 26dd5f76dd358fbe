"""Playbooks as they were when something was planned with them: whole, and never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from afterword.storage.database import Session
from afterword.storage.tables import playbook_versions


def read(session: Session, account_id: str, identifier: str, version: str) -> dict[str, Any] | None:
    """The document of a version, if it is kept."""
    mine = (playbook_versions.c.account_id == account_id) & (playbook_versions.c.id == identifier)
    wanted = select(playbook_versions.c.document).where(mine, playbook_versions.c.version == version)
    return session.execute(wanted).scalar_one_or_none()


def write(
    session: Session, account_id: str, identifier: str, version: str, document: dict[str, Any], now: datetime
) -> None:
    """Keep a version."""
    row = {"account_id": account_id, "id": identifier, "version": version, "document": document, "created_at": now}
    session.execute(insert(playbook_versions).values(**row))
