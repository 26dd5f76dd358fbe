"""One that misbehaves beside many that do not: a result that cannot be written, a worker that stands still."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from afterword import clock
from afterword.delivery.answers import Answer
from afterword.errors import Busy
from afterword.services import results
from afterword.services.claims import Claimed
from afterword.services.results import Sent
from afterword.storage import outbox
from afterword.storage.database import Database, create_engine_for, open_database
from afterword.storage.tables import deliveries, heartbeats, webhook_endpoints
from afterword.worker.sender import BUSY_TURNS_TO_WARN_OF, Sender
from support.databases import PostgresDatabases
from support.receiver import receiving
from support.recorded import SECRET
from worker.test_sender import ON_LOOPBACK, Outbox, eventually

NOWHERE = "http://127.0.0.1:9/"
ENDLESS = float("inf")


def answered(claimed: Claimed, status: int | None = 200, body: str = "", jitter: float = 0.0) -> Sent:
    now = clock.now()
    return Sent(claimed, Answer(status, {}, body, None, 5), now, now, jitter)


def test_a_result_that_cannot_be_written_is_a_failed_attempt_and_takes_no_other_with_it(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with receiving(SECRET, pause=0.3) as sound, receiving(SECRET, lambda _: (500, {}, b""), pause=0.3) as failing:
        poisonous = Outbox.to(database, failing.url)
        good = [Outbox.to(database, sound.url) for _ in range(6)]
        for box in (poisonous, *good):
            box.fill(4 if box in good else 1)
        # Only one that failed asks for a pause, and no pause is so long.
        sender = Sender(database, clock.now, ON_LOOPBACK, None, jitter=lambda: ENDLESS)
        sender.start()
        try:
            assert eventually(lambda: all(box.states() == ["delivered"] * 4 for box in good))
            assert eventually(lambda: poisonous.states() == ["retrying"])
        finally:
            sender.stop()
    assert len(sound.ledger) == 24
    assert poisonous.mine.deliveries()[0].reason == "the answer could not be written down: OverflowError"
    assert [row.status_code for row in poisonous.attempts() if row.error] == [500]
    assert poisonous.mine.deliveries()[0].id in caplog.text


def test_in_one_batch_each_result_is_written_but_the_one_that_cannot_be(database: Database) -> None:
    boxes = [Outbox.to(database, NOWHERE) for _ in range(12)]
    now = clock.now()
    for box in boxes:
        box.fill(4, now)
    claimed = boxes[0].claim(now)
    assert len(claimed) == 48
    sent = [answered(each) for each in claimed]
    # No UTF-8 holds half a surrogate pair; what was received is for that not sent again.
    sent[20] = answered(claimed[20], body="\ud800")
    sent[30] = answered(claimed[30], status=503, jitter=ENDLESS)
    Sender(database, clock.now, (), None)._finish(sent)
    states = {row.id: row.state for box in boxes for row in box.mine.deliveries()}
    assert [states[each.id] for each in claimed] == ["delivered"] * 30 + ["retrying"] + ["delivered"] * 17
    assert len(boxes[0].attempts()) == 48


def test_a_reason_that_is_too_long_is_cut(database: Database) -> None:
    box = Outbox.to(database, NOWHERE)
    box.fill(1)
    claimed = box.claim(clock.now())[0]
    now = clock.now()
    with database.write() as session:
        results.finish(session, [Sent(claimed, Answer(None, {}, "", "so " * 1_000, 5), now, now, 0.0)])
    assert box.states() == ["retrying"]


def test_more_than_a_window_of_expired_ones_are_put_aside_in_turns_and_none_is_sent(database: Database) -> None:
    now = clock.now()
    boxes = [Outbox.to(database, NOWHERE) for _ in range(2)]
    for box in boxes:
        box.fill(outbox.WINDOW // 2 + 50, now)
    with database.write() as session:
        session.execute(update(deliveries).values(expires_at=now))
    assert [boxes[0].claim(now) for _ in range(2)] == [[], []]
    assert {state for box in boxes for state in box.states()} == {"expired"}


def test_a_lone_server_takes_back_more_than_a_window(database: Database) -> None:
    box = Outbox.to(database, NOWHERE)
    box.fill(outbox.WINDOW + 20)
    with database.write() as session:
        session.execute(update(deliveries).values(state="sending", attempt=1, claim_id="c", lease_until=clock.now()))
        outbox.take_back_all(session, clock.now())
    assert box.states() == ["retrying"] * (outbox.WINDOW + 20)


@pytest.fixture
def shared(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """Only where there are several workers can one stand in the way of another: on PostgreSQL."""
    with postgres_databases.migrated() as url:
        yield url


@pytest.fixture
def several(shared: str) -> Iterator[Database]:
    opened = Database(create_engine_for(shared, busy_timeout_ms=300))
    yield opened
    opened.engine.dispose()


@contextmanager
def standing_still(url: str, boxes: list[Outbox]) -> Iterator[None]:
    """A worker that locked these and then did nothing."""
    other = open_database(url)
    with other.write() as session:
        accounts = [box.mine.account_id for box in boxes]
        session.execute(select(deliveries.c.id).where(deliveries.c.account_id.in_(accounts)).with_for_update())
        yield
    other.engine.dispose()


def due_in_every_way(database: Database, now: datetime) -> list[Outbox]:
    """One that is expired, one whose endpoint is disabled, one whose lease ran out, one to send."""
    boxes = [Outbox.to(database, NOWHERE) for _ in range(4)]
    expired, disabled, abandoned, _ = boxes
    for box in boxes:
        box.fill(1, now)
    with database.write() as session:
        for box, table, values in (
            (expired, deliveries, {"expires_at": now}),
            (disabled, webhook_endpoints, {"enabled": False}),
            (abandoned, deliveries, {"state": "sending", "attempt": 1, "claim_id": "c", "lease_until": now}),
        ):
            session.execute(update(table).where(table.c.account_id == box.mine.account_id).values(**values))
    return boxes


def test_a_worker_that_stands_still_with_locks_holds_up_no_delivery_but_those(shared: str, several: Database) -> None:
    now = clock.now()
    held, free = due_in_every_way(several, now), due_in_every_way(several, now)
    with standing_still(shared, held):
        claimed = free[0].claim(now)
        assert {each.account_id for each in claimed} == {box.mine.account_id for box in free[2:]}
        assert [box.states() for box in free] == [["expired"], ["skipped"], ["sending"], ["sending"]]
        assert [box.states() for box in held] == [["pending"], ["pending"], ["sending"], ["pending"]]
    assert {each.account_id for each in free[0].claim(now)} == {box.mine.account_id for box in held[2:]}
    assert [box.states() for box in held] == [["expired"], ["skipped"], ["sending"], ["sending"]]


def test_who_stands_still_within_a_transaction_loses_it_and_may_try_again(several: Database) -> None:
    def stand_still() -> None:
        with several.write() as session:
            session.exec_driver_sql("SET idle_in_transaction_session_timeout = 50")
            time.sleep(0.4)
            session.execute(insert(heartbeats).values(worker="a", at=clock.now()))

    with pytest.raises(Busy):
        stand_still()
    with several.write() as session:
        session.execute(insert(heartbeats).values(worker="a", at=clock.now()))


def test_a_sender_that_finds_the_database_busy_again_and_again_says_so(
    shared: str, several: Database, caplog: pytest.LogCaptureFixture
) -> None:
    Outbox.to(several, NOWHERE).fill(1, clock.now() - timedelta(seconds=1))
    impatient = Database(create_engine_for(shared, busy_timeout_ms=1))
    sender = Sender(impatient, clock.now, ON_LOOPBACK, None)
    with several.write() as session:
        session.exec_driver_sql("LOCK TABLE deliveries IN SHARE MODE")
        sender.start()
        try:
            said = f"busy {BUSY_TURNS_TO_WARN_OF} times in a row"
            assert eventually(lambda: said in caplog.text)
        finally:
            sender.stop()
    impatient.engine.dispose()
