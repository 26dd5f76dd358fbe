"""Many rows handed to one statement, as one JSON text that the database takes apart.

Bound row by row they take several times as long, most of it in Python, where nothing else can run meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from pydantic_core import to_json
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    CursorResult,
    Executable,
    String,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    type_coerce,
)

from afterword.storage.database import Session
from afterword.storage.types import Instant, written

Row = Mapping[str, Any]
Columns = Collection[Column[Any]]
#: The rows within a statement: their columns by name.
Given = Mapping[str, ColumnElement[Any]]


class Batch:
    """A statement on rows that are handed to it, with columns like these; made once for each kind of database."""

    def __init__(self, columns: Columns, statement: Callable[[Given], Executable]) -> None:
        self._statements = {dialect: statement(given(columns)) for dialect, given in _GIVEN.items()}
        self._instants = [each.name for each in columns if isinstance(each.type, Instant)]

    def execute(self, session: Session, rows: Sequence[Row], **more: Any) -> CursorResult[Any]:
        """Execute it once, for all of these rows; `more` are its other parameters."""
        if self._instants:
            rows = [{**row, **{name: row[name] and written(row[name]) for name in self._instants}} for row in rows]
        return session.execute(self._statements[session.dialect.name], {"rows": to_json(rows).decode(), **more})


def _on_sqlite(columns: Columns) -> Given:
    rows = func.json_each(bindparam("rows", type_=String)).table_valued("value", name="given")
    return {each.name: _member(rows.c.value, each) for each in columns}


def _member(document: ColumnElement[Any], like: Column[Any]) -> ColumnElement[Any]:
    # Of a document within it this is the text, which is how SQLite keeps one; of null it is NULL.
    return type_coerce(func.json_extract(document, literal_column(f"'$.{like.name}'")), like.type)


def _on_postgresql(columns: Columns) -> Given:
    typed = [column(each.name, each.type) for each in columns]
    rows = func.json_to_recordset(cast(bindparam("rows", type_=String), JSON)).table_valued(*typed, name="given")
    given = rows.render_derived(name="given", with_types=True)
    return {each.name: given.c[each.name] for each in columns}


_GIVEN = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}
