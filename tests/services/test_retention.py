"""What is kept thirty days, and that forgetting leaves no gap behind it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from afterword.services import events, retention
from afterword.services.events import Occurrence
from afterword.storage.database import Database
from afterword.storage.tables import deliveries
from afterword.storage.tables import events as events_table
from support.recorded import DAY, END, Recorded

BEYOND = timedelta(days=31)


def test_what_is_younger_than_thirty_days_is_kept(database: Database) -> None:
    mine = Recorded.in_(database)
    happen(mine, END)
    happen(mine, END + 2 * DAY)
    forget(mine, END + BEYOND)
    assert sequences(mine) == [2]


def test_what_still_waits_is_kept_and_all_that_came_after_it(database: Database) -> None:
    mine = Recorded.in_(database)
    for _ in range(4):
        happen(mine, END)
    mine.subscribe("https://hooks.example.com/")
    happen(mine, END)
    happen(mine, END)
    forget(mine, END + BEYOND)
    assert sequences(mine) == [5, 6]
    end_one(mine, sequence=6)
    forget(mine, END + BEYOND)
    assert sequences(mine) == [5, 6]
    end_one(mine, sequence=5)
    forget(mine, END + BEYOND)
    assert sequences(mine) == []


def test_one_account_does_not_hold_up_another(database: Database) -> None:
    mine, other = Recorded.in_(database), Recorded.in_(database)
    mine.subscribe("https://hooks.example.com/")
    for each in (mine, other):
        happen(each, END)
    forget(mine, END + BEYOND)
    assert sequences(mine) == [1]
    assert sequences(other) == []


def happen(mine: Recorded, at: datetime) -> None:
    with mine.database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")], at)


def forget(mine: Recorded, now: datetime) -> None:
    with mine.database.write() as session:
        retention.forget(session, now)


def end_one(mine: Recorded, sequence: int) -> None:
    event = select(events_table.c.id).where(
        events_table.c.account_id == mine.account_id, events_table.c.sequence == sequence
    )
    with mine.database.write() as session:
        ended = update(deliveries).where(deliveries.c.event_id == event.scalar_subquery())
        session.execute(ended.values(state="delivered", next_attempt_at=None, finished_at=END))


def sequences(mine: Recorded) -> list[int]:
    wanted = select(events_table.c.sequence).where(events_table.c.account_id == mine.account_id)
    with mine.database.read() as session:
        return sorted(session.execute(wanted).scalars())
