"""The tables of playbooks: an account's own, and every version that something was planned with, whole."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKeyConstraint, PrimaryKeyConstraint, String, Table, Text

from afterword.storage.columns import account, history, instant, metadata

#: `source` is the author's own text; built-in playbooks, which are kept because they were used, have none here.
playbook_versions = Table(
    "playbook_versions",
    metadata,
    account(),
    Column("id", String(64), nullable=False),
    Column("version", String(80), nullable=False),
    Column("document", JSON, nullable=False),
    instant("created_at"),
    Column("source", Text),
    PrimaryKeyConstraint("account_id", "id", "version"),
)

playbooks = Table(
    "playbooks",
    metadata,
    account(),
    Column("id", String(64), nullable=False),
    Column("current_version", String(80), nullable=False),
    Column("title", String(500), nullable=False),
    Column("about", String(500)),
    *history(),
    PrimaryKeyConstraint("account_id", "id"),
    ForeignKeyConstraint(
        ["account_id", "id", "current_version"],
        ["playbook_versions.account_id", "playbook_versions.id", "playbook_versions.version"],
    ),
)
