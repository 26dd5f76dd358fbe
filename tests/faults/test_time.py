"""Clocks that jump or disagree, days that are an hour short or long, and zones that change."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from afterword import clock
from afterword.delivery.retry import PAUSES
from afterword.services import accounts
from afterword.storage.database import Database
from afterword.storage.tables import deliveries, heartbeats
from afterword.worker.jobs import tick
from faults import skewed
from faults.host import Host, answering, held_until, hosting, in_turn
from faults.sending import SECOND, MovedClock, Subscribed, disagreements, eventually, sending
from support.recorded import HOUR, Recorded

TESTS = Path(__file__).parents[1]
SKEW_SECONDS = 30
LATEST_SECONDS = 2.0
NEW_YORK = ZoneInfo("America/New_York")
#: The first instant of summer time and of winter time in New York.
EDGES = (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC))


@pytest.fixture
def host() -> Iterator[Host]:
    with hosting() as running:
        yield running


@pytest.mark.parametrize("step", [HOUR, -HOUR], ids=["ahead", "back"])
def test_a_clock_that_jumps_by_an_hour_and_back_loses_nothing_and_repeats_nothing(
    database: Database, host: Host, step: timedelta
) -> None:
    now = MovedClock()
    gate = threading.Event()
    paths = [f"/{number}" for number in range(4)]
    host.behaviours = {path: held_until(gate, answering()) for path in paths}
    boxes = [Subscribed.alone(database, host, path) for path in paths]
    for box in boxes:
        box.happen(8, now())
    with sending(database, now) as sender:
        assert eventually(lambda: len(host.ledger) == 16)
        for by in (step, -step):
            now.move(by)
            sender.wake()
            time.sleep(0.5)
            assert len(host.ledger) == 16, "what is on its way is not sent again, whatever the clock says"
            for box in boxes:
                box.happen(2, now())
        gate.set()
        now.move(HOUR)
        assert eventually(lambda: all(box.states() == {"delivered": 12} for box in boxes))
    assert set(host.ids().values()) == {1}
    assert disagreements(database, host) == []


def test_a_retry_waits_as_long_over_either_edge_of_summer_time(database: Database, host: Host) -> None:
    for edge in EDGES:
        now = MovedClock(edge - 2 * SECOND)
        path = f"/{edge.month}"
        host.behaviours[path] = in_turn(answering(500), answering())
        box = Subscribed.alone(database, host, path)
        box.happen(1, now())
        with sending(database, now):
            assert eventually(lambda box=box: box.states() == {"retrying": 1})
            failed, due = box.attempts()[0], box.next_attempts()[0]
            assert failed.started_at < edge <= due
            assert timedelta(0) <= due - failed.started_at - PAUSES[0] < SECOND
            now.move_to(due)
            assert eventually(lambda box=box: box.states() == {"delivered": 1})
    assert disagreements(database, host) == []


@pytest.mark.parametrize(
    ("interview", "opens_at"),
    [
        (datetime(2026, 3, 5, 14, tzinfo=NEW_YORK), datetime(2026, 3, 10, 13, tzinfo=UTC)),
        (datetime(2026, 10, 29, 14, tzinfo=NEW_YORK), datetime(2026, 11, 3, 14, tzinfo=UTC)),
    ],
    ids=["spring", "autumn"],
)
def test_nine_in_the_morning_is_nine_in_the_morning_on_the_other_side_of_the_edge(
    database: Database, host: Host, interview: datetime, opens_at: datetime
) -> None:
    mine = Recorded.in_(database, playbook="three-things")
    box = Subscribed.at(mine, host, "/hook", ["action.opened"])
    opportunity = mine.log(interview.astimezone(UTC) - HOUR, starts_at=interview).interview.opportunity_id
    walk(mine, opportunity, opens_at - SECOND)
    before = len(box.deliveries())
    assert mine.opportunity(opportunity).wake_at == opens_at
    assert tick(database, lambda: opens_at - timedelta(microseconds=1)) == 0
    now = MovedClock(opens_at)
    with sending(database, now):
        assert tick(database, now) == 1
        assert eventually(lambda: box.states()["delivered"] == before + 1 or box.states()["expired"] > 0)
        assert eventually(lambda: box.states()["pending"] == box.states()["sending"] == 0)
    told = mine.told()[-1].payload["data"]["action"]
    assert (told["kind"], told["window"]["opens_at"]) == ("follow-up", opens_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert opens_at.astimezone(NEW_YORK).hour == 9
    assert max(call.sent_at for call in host.ledger) >= opens_at.timestamp()
    assert disagreements(database, host) == []


def walk(mine: Recorded, opportunity: str, until: datetime) -> None:
    """Let time pass from one change of the timeline to the next."""
    while (wake := mine.opportunity(opportunity).wake_at) is not None and wake <= until:
        assert tick(mine.database, lambda wake=wake: wake) >= 1


def test_zones_and_hours_that_are_changed_after_planning_move_what_is_to_come_and_tell_nothing_twice(
    database: Database, host: Host
) -> None:
    held = datetime(2026, 4, 6, 15, tzinfo=NEW_YORK).astimezone(UTC)
    mine = Recorded.in_(database, playbook="three-things")
    box = Subscribed.at(mine, host, "/hook", ["action.opened"])
    opportunity = mine.log(held - 2 * HOUR, starts_at=held - HOUR).interview.opportunity_id
    walk(mine, opportunity, held + 26 * HOUR)
    told, opens_at = mine.types(), datetime(2026, 4, 13, 9, tzinfo=NEW_YORK)
    assert mine.opportunity(opportunity).wake_at == opens_at
    changes = ({"time_zone": "Asia/Tokyo"}, {"contact_from": "11:00"})
    for hours, values in enumerate(changes, 27):
        change_account(mine, values, held + hours * HOUR)
        assert tick(database, lambda hours=hours: held + hours * HOUR) == 1
    later = opens_at + 2 * HOUR
    assert mine.types() == told
    assert mine.opportunity(opportunity).wake_at == later, "an interview has a zone of its own"
    assert tick(database, lambda: opens_at) == 0
    now = MovedClock(later)
    with sending(database, now):
        assert tick(database, now) == 1
        assert mine.types() == [*told, "action.opened follow-up"]
        assert eventually(lambda: not box.states()["pending"] and not box.states()["sending"])
    newest = mine.told()[-1].id
    assert [call.sent_at >= later.timestamp() for call in host.ledger if call.id == newest] == [True]
    assert disagreements(database, host) == []


def change_account(mine: Recorded, values: dict[str, str], at: datetime) -> None:
    with mine.database.write() as session:
        accounts.change(session, accounts.find(session, mine.account_id), values, at)


@pytest.mark.process
def test_workers_whose_machines_are_half_a_minute_fast_and_slow_send_nothing_early_late_or_twice(
    shared: Database, host: Host, tmp_path: Path, say: Callable[[str], None]
) -> None:
    box = Subscribed.alone(shared, host, "/hook")
    with skewed_workers(shared, tmp_path):
        due = due_one_after_another(box, clock.now() + SECOND, 40)
        assert eventually(lambda: box.states() == {"delivered": 40}, 20)
    late = sorted(call.at - due[call.id] for call in host.ledger)
    say(f"{late[0]:+.3f} s to {late[-1]:+.3f} s after they were due")
    assert late[0] >= 0
    assert late[-1] < LATEST_SECONDS
    assert set(host.ids().values()) == {1}
    assert all(abs(call.sent_at - call.at) < LATEST_SECONDS for call in host.ledger), "their timestamps are right too"
    assert disagreements(shared, host) == []


def due_one_after_another(box: Subscribed, at: datetime, count: int) -> dict[str, float]:
    """So many deliveries, a tenth of a second apart; when each is due, by event."""
    box.happen(count, clock.now() + HOUR)
    due = {}
    with box.mine.database.write() as session:
        for number, row in enumerate(box.deliveries()):
            when = at + timedelta(seconds=number / 10)
            due[row.event_id] = when.timestamp()
            session.execute(
                update(deliveries).where(deliveries.c.id == row.id).values(next_attempt_at=when, created_at=at)
            )
    return due


@contextmanager
def skewed_workers(database: Database, directory: Path) -> Iterator[None]:
    settings = {
        "PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")]).strip(os.pathsep),
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database.engine.url.render_as_string(False),
        "AFTERWORD_DATA_DIR": str(directory),
        "AFTERWORD_ALLOWED_NETWORKS": "127.0.0.0/8",
    }
    with (directory / "log").open("wb") as log:
        workers = [
            subprocess.Popen(
                [sys.executable, "-m", skewed.__name__, str(seconds), "worker"], env=settings, stdout=log, stderr=log
            )
            for seconds in (SKEW_SECONDS, -SKEW_SECONDS)
        ]
    try:
        assert eventually(lambda: beating(database) == len(workers), 30), (directory / "log").read_text()
        yield
    finally:
        for worker in workers:
            worker.terminate()
        assert [worker.wait(30) for worker in workers] == [0, 0], (directory / "log").read_text()


def beating(database: Database) -> int:
    with database.read() as session:
        return int(session.execute(select(func.count()).select_from(heartbeats)).scalar_one())
