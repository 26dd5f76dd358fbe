"""What is sent to a database, and how it would find what is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from afterword.storage.database import Database, Session

EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}
READS_DELIVERIES = re.compile(r"(?:SCAN|SEARCH|(?<!Bitmap Heap )Scan).* (?:deliveries|beyond)\b")
INDEX = re.compile(r"(?:USING (?:COVERING )?INDEX|using|Bitmap Index Scan on) (\w+)")

Asked = tuple[str, Any]


@contextmanager
def statements_of(database: Database, about: str) -> Iterator[list[Asked]]:
    """The statements that name a table and are executed meanwhile, with their values."""
    asked: list[Asked] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if about in statement:
            asked.append((statement, values))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def plan(session: Session, statement: str, values: Mapping[str, Any] | Sequence[Any]) -> list[str]:
    """What the database says that it would do, if the table were too large to be read whole."""
    kind = session.dialect.name
    if kind == "postgresql":
        session.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return [str(row[-1]) for row in session.exec_driver_sql(EXPLAIN[kind] + statement, values)]


def indexes_of_deliveries(lines: Sequence[str]) -> set[str]:
    """The indexes by which a plan reads deliveries; `none` among them where it reads the whole table."""
    return {name for line in lines if READS_DELIVERIES.search(line) for name in INDEX.findall(line) or ["none"]}
