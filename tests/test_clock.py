"""The one clock: this machine's, or the one that is followed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from afterword import __main__ as command_line
from afterword import clock
from afterword.errors import Busy
from afterword.storage.database import Database, look_at_clock, open_database
from support.eventually import eventually

LATER = datetime(2040, 1, 1, 12, tzinfo=UTC)
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
MOMENT = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _followed() -> Iterator[None]:
    yield
    clock.follow(None)


def is_near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < MOMENT


def test_it_is_this_machines_unless_another_is_followed() -> None:
    assert is_near(clock.now(), datetime.now(UTC))  # noqa: TID251 -- it is what is compared
    clock.follow(LATER, time.monotonic())
    assert is_near(clock.now(), LATER)
    clock.follow(None)
    assert is_near(clock.now(), clock.of_this_machine())


def test_between_two_looks_time_is_counted() -> None:
    clock.follow(LATER, time.monotonic() - 90)
    first = clock.now()
    assert is_near(first, LATER + timedelta(seconds=90))
    time.sleep(0.05)
    assert timedelta(seconds=0.05) <= clock.now() - first < MOMENT


def test_what_is_followed_is_told_in_utc() -> None:
    clock.follow(LATER.astimezone(timezone(timedelta(hours=-5))), time.monotonic())
    assert clock.now().utcoffset() == timedelta(0)
    assert is_near(clock.now(), LATER)


def test_a_server_is_asked_for_its_time_and_a_file_has_none(database: Database, database_kind: str) -> None:
    before = time.monotonic()
    seen = look_at_clock(database.engine)
    if database_kind == "sqlite":
        assert seen is None
        return
    assert seen is not None
    shown, counter = seen
    assert before <= counter <= time.monotonic()
    assert is_near(shown.astimezone(UTC), clock.of_this_machine())


def test_while_a_process_serves_it_is_in_step_with_its_database(
    database: Database, database_kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command_line, "SECONDS_BETWEEN_LOOKS_AT_THE_CLOCK", 0.1)
    clock.follow(LATER, time.monotonic())
    with command_line._in_step(database):
        # SQLite has no clock, and nothing is changed.
        assert is_near(clock.now(), LATER if database_kind == "sqlite" else clock.of_this_machine())
        clock.follow(LATER, time.monotonic())
        looked_again = eventually(lambda: is_near(clock.now(), clock.of_this_machine()), 1)
        assert looked_again == (database_kind == "postgresql")
    assert eventually(lambda: "clock" not in {thread.name for thread in threading.enumerate()}, 2)


def test_while_the_database_is_away_time_is_counted_on(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "SECONDS_BETWEEN_LOOKS_AT_THE_CLOCK", 0.05)
    here = database.engine
    with command_line._in_step(database):
        database.engine = open_database(NOWHERE).engine
        before = clock.now()
        time.sleep(0.3)
        assert timedelta(seconds=0.3) <= clock.now() - before < MOMENT
        clock.follow(LATER, time.monotonic())
        database.engine = here
        if here.dialect.name == "postgresql":
            assert eventually(lambda: is_near(clock.now(), clock.of_this_machine()), 2)


def test_a_database_that_cannot_be_reached_has_no_time() -> None:
    with pytest.raises(Busy):
        look_at_clock(open_database(NOWHERE).engine)
