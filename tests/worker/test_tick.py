"""The tick: what it costs when nothing is due, and that one bad opportunity holds up no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, update

from afterword.services import planner
from afterword.storage import outbox
from afterword.storage.database import Database
from afterword.storage.identifiers import new_id
from afterword.storage.tables import heartbeats, interviews, opportunities
from afterword.worker.jobs import heartbeat, tick
from support.recorded import END, HOUR, Recorded


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def idle(database: Database, account_id: str, count: int) -> None:
    """So many opportunities of which nothing is due yet."""
    row = {
        "account_id": account_id, "company": "Idle", "company_key": "idle", "long_process": False, "plan_failures": 0,
        "wake_at": END + timedelta(days=30), "version": 1, "created_at": END, "updated_at": END,
    }  # fmt: skip
    with database.write() as session:
        session.execute(insert(opportunities), [{**row, "id": new_id("opp")} for _ in range(count)])


def test_a_tick_and_an_idle_sender_send_as_many_statements_over_ten_idle_opportunities_as_over_twenty_thousand(
    database: Database,
) -> None:
    mine = Recorded.in_(database)
    sent = []
    for more in (10, 19_990):
        idle(database, mine.account_id, more)
        with statements(database) as seen:
            assert tick(database, lambda: END) == 0
            with database.read() as session:
                assert outbox.work(session, END) == outbox.Work(due=False, stale=False, suspected=False)
        sent.append([statement for statement in seen if statement.startswith("SELECT")])
    assert sent[0] == sent[1]
    assert len(sent[0]) == 2, "one for the tick and one for the sender"


def test_the_statement_of_a_tick_reads_an_index(database: Database) -> None:
    mine = Recorded.in_(database)
    idle(database, mine.account_id, 2_000)
    explain = "EXPLAIN QUERY PLAN" if database.engine.dialect.name == "sqlite" else "EXPLAIN"
    asked = f"{explain} SELECT id FROM opportunities WHERE wake_at <= '2026-01-01T00:00:00Z' ORDER BY wake_at LIMIT 100"
    with database.write() as session:
        session.exec_driver_sql("ANALYZE")
        plan = " ".join(str(row) for row in session.exec_driver_sql(asked))
    assert "ix_opportunities_wake_at" in plan


def test_what_is_due_is_planned_and_looked_at_again_when_it_changes_next(database: Database) -> None:
    mine = Recorded.in_(database, playbook="three-things")
    opportunity_id = mine.log(END - 2 * HOUR).interview.opportunity_id
    assert tick(database, lambda: END - HOUR - timedelta(seconds=1)) == 0
    assert tick(database, lambda: END) == 1
    assert tick(database, lambda: END) == 0
    assert "action.opened thank-you" in mine.types()
    assert mine.opportunity(opportunity_id).wake_at == END + HOUR


def test_one_that_cannot_be_planned_is_parked_and_holds_up_no_other(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    mine = Recorded.in_(database, playbook="three-things")
    broken = mine.log(END - 2 * HOUR, people=[{"name": "Zoe"}]).interview
    sound = mine.log(END - 2 * HOUR, company="Sound").interview.opportunity_id
    with database.write() as session:
        # A zone that no release knows: what is stored outlives what it was checked against.
        session.execute(update(interviews).where(interviews.c.id == broken.id).values(time_zone="Mars/Olympus"))
    last = mine.last()
    assert tick(database, lambda: END) == 1
    row = mine.opportunity(broken.opportunity_id)
    assert row.parked_until == END + planner.FIRST_PAUSE == row.wake_at
    assert "Mars/Olympus" in row.plan_error
    assert {each.opportunity_id for each in mine.told(last)} == {sound}
    assert "is parked" in caplog.text


def test_a_beat_is_one_row_however_often_it_beats(database: Database) -> None:
    beats = [datetime(2026, 3, 3, 20, 0, second, tzinfo=UTC) for second in (0, 10, 20)]
    for beat in beats:
        heartbeat(database, "one", lambda beat=beat: beat)
    with database.read() as session:
        rows = session.execute(heartbeats.select()).all()
    assert [(row.worker, row.at) for row in rows] == [("one", beats[-1])]
