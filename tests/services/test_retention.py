"""What is kept thirty days, and that forgetting leaves no gap behind it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlalchemy import select, update

from afterword.services import events, webhook_endpoints
from afterword.services.events import Occurrence
from afterword.services.retention import MOST_DELIVERIES, MOST_EVENTS
from afterword.storage import deliveries as stored_deliveries
from afterword.storage import planned
from afterword.storage.database import Database
from afterword.storage.tables import deliveries
from afterword.storage.tables import events as events_table
from afterword.storage.tables import webhook_endpoints as endpoint_table
from afterword.worker import jobs
from support.recorded import DAY, END, Recorded
from support.statements import plan, statements_of

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


def test_no_step_takes_more_than_a_few_and_what_is_left_waits_for_the_next_time(database: Database) -> None:
    mine, other = Recorded.in_(database), Recorded.in_(database)
    for each in (mine, other):
        happen(each, END, 2 * MOST_EVENTS + 10)
    left: list[tuple[int, int]] = []

    def rest(_: float) -> bool:
        left.append((len(sequences(mine)), len(sequences(other))))
        return len(left) == 4

    jobs.forget(database, lambda: END + BEYOND, rest)
    assert sorted(left[0]) == [MOST_EVENTS + 10, 2 * MOST_EVENTS + 10]
    assert left[1] == (MOST_EVENTS + 10, MOST_EVENTS + 10), "each account in its turn"
    assert left[3] == (10, 10)
    forget(mine, END + BEYOND)
    assert sequences(mine) == sequences(other) == []


def test_a_step_is_smaller_where_each_event_has_many_deliveries(database: Database) -> None:
    mine = Recorded.in_(database)
    for number in range(20):
        mine.subscribe(f"https://hooks.example.com/{number}")
    happen(mine, END, 40)
    end_all(mine)
    jobs.forget(database, lambda: END + BEYOND, lambda _: True)
    assert len(sequences(mine)) == 40 - MOST_DELIVERIES // 20


def test_what_is_put_back_between_two_steps_is_kept_with_all_that_came_after_it(database: Database) -> None:
    mine = Recorded.in_(database)
    mine.subscribe("https://hooks.example.com/")
    happen(mine, END, MOST_EVENTS + 50)
    end_all(mine)
    again = mine.deliveries()[MOST_EVENTS + 20]

    def put_back(_: float) -> None:
        with database.write() as session:
            stored_deliveries.send_again(session, mine.account_id, [again.id], END, END + BEYOND + DAY)

    jobs.forget(database, lambda: END + BEYOND, put_back)
    assert sequences(mine) == [*range(MOST_EVENTS + 21, MOST_EVENTS + 51)]


def test_an_account_that_somebody_else_has_is_left_for_the_next_time(database: Database, database_kind: str) -> None:
    mine, other = Recorded.in_(database), Recorded.in_(database)
    for each in (mine, other):
        happen(each, END)
    with database.write() as session:
        planned.lock_account(session, mine.account_id)
        if database_kind == "postgresql":  # on SQLite there is one lock for all
            forget(mine, END + BEYOND)
            assert (sequences(mine), sequences(other)) == ([1], [])
    forget(mine, END + BEYOND)
    assert sequences(mine) == []


def test_an_event_whose_clock_was_ahead_keeps_what_came_after_it(database: Database) -> None:
    mine = Recorded.in_(database)
    for at in (END, END + 2 * DAY, END, END):
        happen(mine, at)
    forget(mine, END + BEYOND)
    assert sequences(mine) == [2, 3, 4]


def test_a_deleted_endpoint_stays_for_as_long_as_the_log_names_it(database: Database) -> None:
    mine = Recorded.in_(database)
    endpoint_id = mine.subscribe("https://hooks.example.com/")
    happen(mine, END + 5 * DAY)
    with database.write() as session:
        webhook_endpoints.remove(session, mine.account_id, endpoint_id, END)
    forget(mine, END + BEYOND)
    assert len(mine.deliveries()) == 1
    forget(mine, END + 5 * DAY + BEYOND)
    with database.read() as session:
        assert session.execute(select(endpoint_table)).all() == []


def test_a_step_reads_events_and_deliveries_through_an_index_and_nothing_of_the_rest(database: Database) -> None:
    mine = Recorded.in_(database)
    mine.subscribe("https://hooks.example.com/")
    happen(mine, END, 5)
    end_all(mine)
    with statements_of(database, "events") as asked:
        forget(mine, END + BEYOND)
    with database.read() as session:
        plans = {each: plan(session, each, values) for each, values in asked if not each.startswith("INSERT")}
    assert len(plans) >= 3
    for statement, lines in plans.items():
        whole = [line for line in lines if re.search(r"(SCAN|Seq Scan on) (events|deliveries)", line)]
        assert not whole, f"{statement}\n{lines}"


def happen(mine: Recorded, at: datetime, count: int = 1) -> None:
    with mine.database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")] * count, at)


def forget(mine: Recorded, now: datetime) -> None:
    jobs.forget(mine.database, lambda: now, lambda _: None)


def end_all(mine: Recorded) -> None:
    with mine.database.write() as session:
        session.execute(update(deliveries).values(state="delivered", next_attempt_at=None, finished_at=END))


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
