"""Facts dated a little ahead, as by a clock that is fast, are told of when their time comes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from afterword.storage.database import Database
from afterword.storage.tables import events
from afterword.worker.jobs import tick
from support.recorded import END, HOUR, Recorded

AHEAD = timedelta(seconds=25)


def kinds_told(database: Database) -> list[tuple[str, str]]:
    with database.read() as session:
        rows = session.execute(select(events.c.type, events.c.payload).order_by(events.c.sequence)).all()
    return [(row.type, row.payload["data"]["action"]["kind"]) for row in rows if row.payload["data"]["action"]]


def test_an_interview_cancelled_a_little_ahead_asks_for_a_new_date_when_that_time_comes(database: Database) -> None:
    mine = Recorded.in_(database)
    now = END - 5 * HOUR
    mine.log(now, status="cancelled", status_at=now + AHEAD)
    assert tick(database, lambda: now) == 0
    assert ("action.opened", "ask-reschedule") not in kinds_told(database)
    assert tick(database, lambda: now + AHEAD) == 1
    assert ("action.opened", "ask-reschedule") in kinds_told(database)
