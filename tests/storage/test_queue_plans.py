"""The queue is read through its own partial indexes: what a claim costs does not grow with what is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from afterword.services import claims, events
from afterword.services.claims import Room
from afterword.services.events import Occurrence
from afterword.storage import outbox
from afterword.storage.database import Database, Session
from support.recorded import END, Recorded

OF_THE_QUEUE = {
    "ix_deliveries_due", "ix_deliveries_queue", "ix_deliveries_expiring", "ix_deliveries_suspected",
    "ix_deliveries_leased", "pk_deliveries", "sqlite_autoindex_deliveries_1",
}  # fmt: skip
EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}
READS_DELIVERIES = re.compile(r"(?:SCAN|SEARCH|(?<!Bitmap Heap )Scan).* (?:deliveries|beyond)\b")
INDEX = re.compile(r"(?:USING (?:COVERING )?INDEX|using|Bitmap Index Scan on) (\w+)")

Asked = tuple[str, Any]


def test_every_statement_of_a_claim_reads_deliveries_through_an_index_of_the_queue(database: Database) -> None:
    mine = Recorded.in_(database)
    mine.subscribe()
    mine.subscribe("http://127.0.0.1:9/other")
    with database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")] * 20, END)
    with statements_of(database) as asked:
        with database.read() as session:
            assert outbox.work(session, END).ordinary
        with database.write() as session:
            assert claims.claim_suspect(session, END) == []
            assert len(claims.claim(session, END, Room(3, 2))) == 3
    with database.read() as session:
        plans = {statement: plan(session, statement, values) for statement, values in asked}
    assert len(plans) >= 6
    for statement, lines in plans.items():
        used = {name for line in lines if READS_DELIVERIES.search(line) for name in INDEX.findall(line) or ["none"]}
        assert used <= OF_THE_QUEUE, f"{statement}\n{lines}"


@contextmanager
def statements_of(database: Database) -> Iterator[list[Asked]]:
    """The statements about deliveries that are executed meanwhile, with their values."""
    asked: list[Asked] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if "deliveries" in statement:
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
