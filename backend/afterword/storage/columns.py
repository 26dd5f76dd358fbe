"""The columns and references that tables share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

from afterword.storage.types import Identifier, Instant, Line, Word

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def account() -> Column[str]:
    return Column("account_id", Identifier, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False)


def owned(name: str, *items: Any) -> Table:
    """A table of an account's rows, each with an id of its own."""
    identified = Column("id", Identifier, primary_key=True)
    return Table(name, metadata, identified, account(), *items, UniqueConstraint("account_id", "id"))


def reference(column: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["account_id", column], [f"{table}.account_id", f"{table}.id"], ondelete=ondelete)


def reference_within_opportunity(column: str, target: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A reference to what belongs to the same opportunity of the same account."""
    table, _, key = target.partition(".")
    return ForeignKeyConstraint(
        ["account_id", "opportunity_id", column],
        [f"{table}.account_id", f"{table}.opportunity_id", f"{table}.{key}"],
        ondelete=ondelete,
    )


def identifier(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Identifier, nullable=nullable)


def flag(name: str, *, server_default: Any = None) -> Column[bool]:
    return Column(name, Boolean(create_constraint=False), nullable=False, server_default=server_default)


def external_id() -> tuple[Column[str], UniqueConstraint]:
    return Column("external_id", String(200)), UniqueConstraint("account_id", "external_id")


def instant(name: str, *, nullable: bool = False, index: bool = False) -> Column[datetime]:
    return Column(name, Instant(), nullable=nullable, index=index)


def word(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Word, nullable=nullable)


def line(name: str, *, nullable: bool = True) -> Column[str]:
    return Column(name, Line, nullable=nullable)


def version() -> Column[int]:
    return Column("version", Integer, nullable=False)


def one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def history() -> tuple[Column[Any], ...]:
    """What an ETag is made of, and when the row was made and changed."""
    return version(), instant("created_at"), instant("updated_at")


def partial_index(name: str, *columns: str, where: str, **options: Any) -> Index:
    condition = text(where)
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition, **options)
