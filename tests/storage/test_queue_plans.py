"""The queue is read through its own partial indexes: what a claim costs does not grow with what is stored."""

from __future__ import annotations

from afterword.services import claims, events
from afterword.services.claims import Room
from afterword.services.events import Occurrence
from afterword.storage import outbox
from afterword.storage.database import Database
from support.recorded import END, Recorded
from support.statements import indexes_of_deliveries, plan, statements_of

OF_THE_QUEUE = {
    "ix_deliveries_due", "ix_deliveries_queue", "ix_deliveries_expiring", "ix_deliveries_suspected",
    "ix_deliveries_leased", "pk_deliveries", "sqlite_autoindex_deliveries_1",
}  # fmt: skip


def test_every_statement_of_a_claim_reads_deliveries_through_an_index_of_the_queue(database: Database) -> None:
    mine = Recorded.in_(database)
    mine.subscribe()
    mine.subscribe("http://127.0.0.1:9/other")
    with database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")] * 20, END)
    with statements_of(database, "deliveries") as asked:
        with database.read() as session:
            assert outbox.work(session, END).ordinary
        with database.write() as session:
            assert claims.claim_suspect(session, END) == []
            assert len(claims.claim(session, END, Room(3, 2))) == 3
    with database.read() as session:
        plans = {statement: plan(session, statement, values) for statement, values in asked}
    assert len(plans) >= 6
    for statement, lines in plans.items():
        assert indexes_of_deliveries(lines) <= OF_THE_QUEUE, f"{statement}\n{lines}"
