"""Reading a table's rows into frozen dataclasses, whose fields are columns of the same names, and writing them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Select, Table, delete, func, insert, select, update

from afterword.storage.database import Session

R = TypeVar("R")


def find(session: Session, kind: type[R], table: Table, *conditions: ColumnElement[bool]) -> R | None:
    """The one row that meets the conditions, or none."""
    return found(session, kind, selecting(kind, table, *conditions))


def selecting(kind: type[R], table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    """What `find` sends, made once for what every request asks: making a statement takes longer than sending it."""
    return select(*_columns(kind, table)).where(*conditions)


def found(session: Session, kind: type[R], statement: Select[Any], **values: object) -> R | None:
    """The one row of a statement that was made before, with values for its parameters, or none."""
    row = session.execute(statement, values).one_or_none()
    return None if row is None else _made(kind, row)


def listed(session: Session, kind: type[R], table: Table, *conditions: ColumnElement[bool]) -> list[R]:
    """Every row that meets the conditions, in the order they were made."""
    statement = select(*_columns(kind, table)).where(*conditions).order_by(table.c.id)
    return [_made(kind, row) for row in session.execute(statement)]


def page(
    session: Session,
    kind: type[R],
    table: Table,
    conditions: Iterable[ColumnElement[bool]],
    after: str | None,
    limit: int,
) -> list[R]:
    """At most `limit` rows with ids later than `after`."""
    statement = select(*_columns(kind, table)).where(*conditions)
    if after is not None:
        statement = statement.where(table.c.id > after)
    return [_made(kind, row) for row in session.execute(statement.order_by(table.c.id).limit(limit))]


def count(session: Session, table: Table, *conditions: ColumnElement[bool]) -> int:
    return session.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()


def add(session: Session, table: Table, values: Mapping[str, Any]) -> None:
    session.execute(insert(table).values(**values))


def change(session: Session, table: Table, values: Mapping[str, Any], *conditions: ColumnElement[bool]) -> int:
    return session.execute(update(table).where(*conditions).values(**values)).rowcount


def remove(session: Session, table: Table, *conditions: ColumnElement[bool]) -> int:
    return session.execute(delete(table).where(*conditions)).rowcount


def mine(table: Table, account_id: str, identifier: str) -> ColumnElement[bool]:
    """The condition that names one row of one account."""
    return (table.c.account_id == account_id) & (table.c.id == identifier)


def _made(kind: Callable[..., R], values: Iterable[Any]) -> R:
    return kind(*values)


def _columns(kind: Any, table: Table) -> list[Column[Any]]:
    return [table.c[field.name] for field in fields(kind)]
