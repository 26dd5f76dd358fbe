"""Versions of playbooks: an account's own, and the others as they were when something was planned with them. Whole, and
their rules never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import opportunities, playbook_versions, playbooks


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """`document` is the playbook with all that it extended; `source` its author's text, where it has one."""

    version: str
    document: dict[str, Any]
    source: str | None
    created_at: datetime


def read(session: Session, account_id: str, identifier: str, version: str) -> dict[str, Any] | None:
    """The document of a version, if it is kept."""
    found = find(session, account_id, identifier, version)
    return None if found is None else found.document


def find(session: Session, account_id: str, identifier: str, version: str) -> KeptVersion | None:
    wanted = playbook_versions.c.version == version
    return rows.find(
        session, KeptVersion, playbook_versions, rows.mine(playbook_versions, account_id, identifier), wanted
    )  # fmt: skip


def listed(session: Session, account_id: str, identifier: str) -> list[tuple[str, datetime]]:
    """Every version that is kept and when it first was, newest first."""
    wanted = select(playbook_versions.c.version, playbook_versions.c.created_at).where(
        rows.mine(playbook_versions, account_id, identifier)
    )
    newest = wanted.order_by(playbook_versions.c.created_at.desc(), playbook_versions.c.version)
    return [(row.version, row.created_at) for row in session.execute(newest)]


def current_documents(session: Session, account_id: str) -> dict[str, dict[str, Any]]:
    """The document of each own playbook at its current version, by id."""
    wanted = select(playbook_versions.c.id, playbook_versions.c.document).join(
        playbooks,
        (playbooks.c.account_id == playbook_versions.c.account_id)
        & (playbooks.c.id == playbook_versions.c.id)
        & (playbooks.c.current_version == playbook_versions.c.version),
    )
    return {row.id: row.document for row in session.execute(wanted.where(playbooks.c.account_id == account_id))}


def count(session: Session, account_id: str, identifier: str) -> int:
    return rows.count(session, playbook_versions, rows.mine(playbook_versions, account_id, identifier))


def write(
    session: Session,
    account_id: str,
    identifier: str,
    version: str,
    document: dict[str, Any],
    now: datetime,
    source: str | None = None,
) -> None:
    """Keep a version."""
    row = {"account_id": account_id, "id": identifier, "version": version, "document": document, "created_at": now}
    session.execute(insert(playbook_versions).values(**row, source=source))


def reword(
    session: Session, account_id: str, identifier: str, version: str, document: dict[str, Any], source: str
) -> None:
    """Bring the words around a version's rules up to date: its title, what it is about, and its author's text."""
    wanted = playbook_versions.c.version == version
    rows.change(
        session,
        playbook_versions,
        {"document": document, "source": source},
        rows.mine(playbook_versions, account_id, identifier),
        wanted,
    )


def remove_unused(session: Session, account_id: str, identifier: str) -> None:
    """Remove the versions of a playbook that no opportunity is judged by and that are nobody's current one."""
    used = select(opportunities.c.playbook_version).where(
        opportunities.c.account_id == account_id, opportunities.c.playbook_version.is_not(None)
    )
    current = select(playbooks.c.current_version).where(rows.mine(playbooks, account_id, identifier))
    rows.remove(
        session,
        playbook_versions,
        rows.mine(playbook_versions, account_id, identifier),
        playbook_versions.c.version.not_in(used),
        playbook_versions.c.version.not_in(current),
    )
