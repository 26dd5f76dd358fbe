"""Transactions: who may write, who waits, and what times come back as."""

from __future__ import annotations

import threading
import traceback
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError, StatementError

from afterword.errors import Busy
from afterword.storage.database import Database, create_engine_for
from afterword.storage.tables import accounts, heartbeats, webhook_endpoints
from support.accounts import open_account

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def beat(worker: str, at: datetime = NOON) -> object:
    return insert(heartbeats).values(worker=worker, at=at)


def test_a_reading_transaction_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError), database.read() as session:
        session.execute(beat("a"))
    with database.write() as session:
        session.execute(beat("b"))
    with database.read() as session:
        assert session.scalars(select(heartbeats.c.worker)).all() == ["b"]


def test_a_reading_transaction_sees_one_instant(database: Database) -> None:
    with database.read() as reader:
        assert reader.execute(select(heartbeats)).all() == []
        with database.write() as writer:
            writer.execute(beat("a"))
        assert reader.execute(select(heartbeats)).all() == []


def beat_twice(database: Database) -> None:
    with database.write() as session:
        session.execute(beat("a"))
        session.execute(beat("a"))


def test_what_fails_is_undone_whole(database: Database) -> None:
    with pytest.raises(DBAPIError):
        beat_twice(database)
    with database.read() as session:
        assert session.execute(select(heartbeats)).all() == []


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 3, 3, 14, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-5))),
        datetime(2000, 1, 1, tzinfo=UTC),
        datetime(2100, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
def test_an_instant_comes_back_as_the_same_instant_in_utc(database: Database, at: datetime) -> None:
    with database.write() as session:
        session.execute(beat("a", at))
        kept = session.scalars(select(heartbeats.c.at)).one()
    assert kept == at
    assert kept.utcoffset() == timedelta(0)


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="needs a zone"), database.write() as session:
        session.execute(beat("a", datetime(2026, 3, 3, 12)))  # noqa: DTZ001 -- it is what is refused


def test_instants_sort_and_compare_as_time_does(database: Database) -> None:
    times = [NOON + timedelta(microseconds=step) for step in (0, 1, 10, 999_999, 1_000_000)]
    with database.write() as session:
        for number, at in enumerate(reversed(times)):
            session.execute(beat(str(number), at))
        assert session.scalars(select(heartbeats.c.at).order_by(heartbeats.c.at)).all() == times
        assert session.scalars(select(heartbeats.c.at).where(heartbeats.c.at < times[2])).all() == times[1::-1]


def test_a_writer_that_waited_long_enough_is_told_to_try_again(database: Database, database_url: str) -> None:
    impatient = Database(create_engine_for(database_url, busy_timeout_ms=100))
    with database.write() as session:
        session.execute(beat("a"))
        with pytest.raises(Busy) as refused, impatient.write() as other:
            other.execute(beat("a"))
    assert refused.value.retry_after_seconds >= 1
    impatient.engine.dispose()


def test_who_writes_only_if_it_is_free_waits_for_nobody(database: Database) -> None:
    with database.write() as session:
        session.execute(beat("a"))
        with pytest.raises(Busy), database.write_if_free() as other:
            other.execute(beat("a"))
    with database.write_if_free() as session:
        session.execute(beat("b"))


def test_a_writer_waits_for_the_one_before_it(database: Database) -> None:
    began, done = threading.Event(), []

    def write() -> None:
        began.set()
        with database.write() as session:
            session.execute(beat("b"))
            done.append("second")

    second = threading.Thread(target=write)
    with database.write() as session:
        session.execute(beat("b"))
        second.start()
        began.wait()
        session.execute(heartbeats.delete())
        done.append("first")
    second.join()
    assert done == ["first", "second"]


@pytest.mark.parametrize("wrong", [{"account_id": "nobody"}, {"url": None}, {"id": "x" * 41}, {"url": "x" * 2001}])
def test_what_cannot_be_written_is_told_without_its_values(
    database: Database, database_kind: str, wrong: dict[str, str | None]
) -> None:
    now = {"created_at": NOON, "updated_at": NOON}
    row = {
        "id": "whe_1", "account_id": open_account(database).id, "url": "https://hooks.example.com/", "version": 1,
        "secrets": ["whsec_b3Blbg=="], "headers": {"authorization": "Bearer open"}, "enabled": True, **now, **wrong,
    }  # fmt: skip
    if database_kind == "sqlite" and any(len(value or "") > 40 for value in wrong.values()):
        row |= {"account_id": "nobody"}  # SQLite counts no characters
    with pytest.raises(DBAPIError) as refused, database.write() as session:
        session.execute(insert(webhook_endpoints), row)
    told = "".join(traceback.format_exception(refused.value))
    assert "INSERT INTO webhook_endpoints" in told
    assert "whsec_" not in told
    assert "Bearer" not in told


def beat_on_a_standby(database: Database) -> None:
    become = {"sqlite": "PRAGMA query_only=ON", "postgresql": "SET TRANSACTION READ ONLY"}
    with database.write() as session:
        session.exec_driver_sql(become[session.dialect.name])
        session.execute(beat("a"))


def test_who_cannot_write_for_now_is_told_to_try_again_and_who_was_only_to_read_is_not(database: Database) -> None:
    with pytest.raises(Busy):
        beat_on_a_standby(database)
    with pytest.raises(DBAPIError), database.read() as session:
        session.execute(beat("a"))


def test_what_is_too_large_at_any_time_is_not_tried_again(database: Database, database_kind: str) -> None:
    columns = ", ".join(f"c{number} int" for number in range(5_000))
    with pytest.raises(DBAPIError) as refused, database.write() as session:
        session.exec_driver_sql(f"CREATE TABLE too_wide ({columns})")
    assert database_kind == "sqlite" or refused.value.orig.sqlstate.startswith("54")


def test_the_database_is_as_safe_as_it_can_be(database: Database, database_kind: str) -> None:
    wanted = {
        "sqlite": {"PRAGMA journal_mode": "wal", "PRAGMA synchronous": 2, "PRAGMA foreign_keys": 1},
        "postgresql": {
            "SHOW timezone": "UTC",
            "SHOW lock_timeout": "5s",
            "SHOW idle_in_transaction_session_timeout": "15s",
        },
    }
    with database.read() as session:
        for question, answer in wanted[database_kind].items():
            assert session.exec_driver_sql(question).scalar_one() == answer


def test_a_database_without_accounts_has_none(database: Database) -> None:
    with database.read() as session:
        assert session.execute(select(accounts)).all() == []
