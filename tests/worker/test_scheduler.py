"""The scheduler: that it ticks whatever becomes of the machine's clock, and that its row is as old as its last tick."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import select

from afterword import clock
from afterword.errors import Busy
from afterword.services import events
from afterword.services.events import Occurrence
from afterword.storage import heartbeats
from afterword.storage.database import Database
from afterword.storage.heartbeats import Heartbeat
from afterword.storage.tables import deliveries
from afterword.worker.intervals import ClockWatch, Interval
from afterword.worker.jobs import heartbeat, tick
from afterword.worker.scheduler import Worker
from support.eventually import eventually
from support.receiver import receiving
from support.recorded import END, HOUR, SECRET, Recorded

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
#: A clock that is set ahead by a year and back is one that was wrong at start, as on a machine without a battery.
STEPS = {
    "an hour ahead": -HOUR,
    "an hour back": HOUR,
    "years ahead": -timedelta(days=20_000),
    "a year back": 365 * 24 * HOUR,
}


@contextmanager
def ticking(interval: float = 0.1) -> Iterator[tuple[BackgroundScheduler, list[float]]]:
    """A scheduler with one job that notes when it runs."""
    ran: list[float] = []
    scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None})
    scheduler.add_job(lambda: ran.append(time.monotonic()), Interval(interval))
    watch = ClockWatch(scheduler)
    scheduler.start()
    watch.start()
    try:
        yield scheduler, ran
    finally:
        watch.stop()
        scheduler.shutdown()


@contextmanager
def working(database: Database) -> Iterator[Worker]:
    worker = Worker(database, clock.now, (ip_network("127.0.0.0/8"),))
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def last_beat(database: Database) -> Heartbeat | None:
    with database.read() as session:
        return next(iter(heartbeats.latest(session, 1)), None)


def set_clock(scheduler: BackgroundScheduler, away: timedelta) -> None:
    """Leave the scheduler as a clock that was set leaves it: each time it noted is so far away from now."""
    for job in scheduler.get_jobs():
        job.modify(next_run_time=clock.of_this_machine() + away)


@pytest.mark.parametrize("away", STEPS.values(), ids=STEPS)
def test_it_ticks_on_when_the_clock_was_set_and_makes_up_for_nothing(away: timedelta) -> None:
    with ticking() as (scheduler, ran):
        assert eventually(lambda: len(ran) >= 2, 2)
        before = len(ran)
        set_clock(scheduler, away)
        assert eventually(lambda: len(ran) >= before + 3, 2), "within two seconds"
        time.sleep(0.5)
        assert len(ran) - before < 30, "each as far from the other as ever"
    assert all(later - sooner > 0.05 for sooner, later in zip(ran[before + 2 :], ran[before + 3 :], strict=False))


def test_an_interval_is_kept_from_time_to_time_and_begins_anew_after_a_gap() -> None:
    every = Interval(0.5)
    assert every.get_next_fire_time(None, NOON) == NOON
    assert every.get_next_fire_time(NOON, NOON + SECOND / 10) == NOON + SECOND / 2
    assert every.get_next_fire_time(NOON, NOON + SECOND / 2) == NOON + SECOND
    assert every.get_next_fire_time(NOON, NOON + HOUR) == NOON + HOUR + SECOND / 2


def test_a_worker_plans_within_two_seconds_of_a_clock_that_was_set_back(database: Database) -> None:
    mine = Recorded.in_(database, playbook="three-things")
    with working(database) as worker:
        assert eventually(lambda: last_beat(database) is not None)
        set_clock(worker._scheduler, HOUR)
        opportunity_id = mine.log(END - 2 * HOUR).interview.opportunity_id
        mine.wake(opportunity_id, clock.now())
        assert eventually(lambda: "action.overdue follow-up" in mine.types(), 2)


def test_the_times_of_its_jobs_are_the_machines_whatever_clock_is_followed(database: Database) -> None:
    worker = Worker(database, lambda: NOON + 24 * HOUR * 3_650)
    worker.start()
    try:
        assert eventually(lambda: last_beat(database) is not None, 2)
        near = [abs(job.next_run_time - clock.of_this_machine()) for job in worker._scheduler.get_jobs()]
    finally:
        worker.stop()
    assert max(near) < timedelta(minutes=11)


def test_a_scheduler_that_does_not_tick_does_not_beat(database: Database) -> None:
    with working(database) as worker:
        assert eventually(lambda: last_beat(database) is not None)
        worker._scheduler.pause()
        time.sleep(0.2)
        worker._beats_next = 0
        silent = last_beat(database)
        time.sleep(1.2)
        assert last_beat(database) == silent
        worker._scheduler.resume()
        assert eventually(lambda: last_beat(database) != silent, 2)


def test_a_worker_that_has_to_wait_for_others_beats(database: Database) -> None:
    answers = iter((Busy("The database is locked."), NOON))

    def busy_at_first() -> datetime:
        answer = next(answers)
        if isinstance(answer, Busy):
            raise answer
        return answer

    Worker(database, busy_at_first)._tick()
    beaten = last_beat(database)
    assert beaten is not None
    assert beaten.at == NOON


def test_a_worker_whose_ticks_fail_does_not_beat(database: Database) -> None:
    def broken() -> datetime:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Worker(database, broken)._tick()
    assert last_beat(database) is None


def test_each_worker_has_a_row_of_its_own_though_machine_and_process_have_the_same_name(database: Database) -> None:
    workers = [Worker(database, clock.now) for _ in range(2)]
    for each in workers:
        each._beat()
        assert len(each.name) <= 40
    with database.read() as session:
        assert len(heartbeats.latest(session, 9)) == 2


def test_it_beats_while_a_long_tick_goes_on(database: Database) -> None:
    mine = Recorded.in_(database)
    due = [mine.log(END - 2 * HOUR, company=f"Company {number}", people=[]) for number in range(101)]
    for each in due:
        mine.wake(each.interview.opportunity_id, END)
    batches: list[int] = []
    assert tick(database, lambda: END, lambda: batches.append(1)) == 101
    assert len(batches) == 1


def test_what_came_of_its_attempts_is_in_its_row(database: Database) -> None:
    mine = Recorded.in_(database)
    statuses = iter((500, 200, 200, 200))
    with receiving(SECRET, lambda _: (next(statuses), {}, b"")) as receiver:
        mine.subscribe(receiver.url)
        with database.write() as session:
            events.record(session, mine.account_id, [Occurrence("opportunity.updated")] * 4, clock.now())
        with working(database):
            assert receiver.wait_for(lambda: len(receiver.ledger) == 4, 10)
    with database.read() as session:
        assert sorted(session.scalars(select(deliveries.c.state))) == ["delivered"] * 3 + ["retrying"]
    beaten = last_beat(database)
    assert beaten is not None
    assert beaten.attempts == {"delivered": 3, "retrying": 1}


def test_a_beat_of_a_release_that_counts_no_attempts_is_read_too(database: Database) -> None:
    with database.write() as session:
        session.exec_driver_sql("INSERT INTO heartbeats (worker, at) VALUES ('old', '2026-03-03T12:00:00.000000Z')")
    assert last_beat(database) == Heartbeat("old", NOON, None)
    heartbeat(database, "old", lambda: NOON + SECOND, {"delivered": 1})
    assert last_beat(database) == Heartbeat("old", NOON + SECOND, {"delivered": 1})
