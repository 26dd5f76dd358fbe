"""The sender: what is claimed, sent, written down, tried again and given up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_network

from sqlalchemy import Row, select, update

from afterword import clock
from afterword.config import IpNetwork
from afterword.delivery.answers import Answer
from afterword.services import claims, events, results
from afterword.services.claims import Claimed, Room
from afterword.services.events import Occurrence
from afterword.storage import outbox
from afterword.storage.database import Database
from afterword.storage.tables import attempts, deliveries, webhook_endpoints
from afterword.worker.sender import Sender
from support.receiver import receiving
from support.recorded import SECRET, Recorded

ON_LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass
class Outbox:
    """One account with one endpoint."""

    mine: Recorded
    endpoint: str
    events: list[str] = field(default_factory=list)

    @classmethod
    def to(cls, database: Database, url: str) -> Outbox:
        mine = Recorded.in_(database)
        return cls(mine, mine.subscribe(url))

    def fill(self, count: int, now: datetime | None = None) -> None:
        with self.mine.database.write() as session:
            happened = [Occurrence("opportunity.updated")] * count
            events.record(session, self.mine.account_id, happened, now or clock.now())

    def states(self) -> list[str]:
        return sorted(row.state for row in self.mine.deliveries())

    def attempts(self) -> list[Row[tuple[object, ...]]]:
        with self.mine.database.read() as session:
            return list(session.execute(select(attempts).order_by(attempts.c.id)).all())

    def claim(self, now: datetime, limit: int = 100) -> list[Claimed]:
        with self.mine.database.write() as session:
            return claims.claim(session, now, Room(limit, limit))


@contextmanager
def sending_from(database: Database, allowed: tuple[IpNetwork, ...] = ON_LOOPBACK) -> Iterator[Sender]:
    sender = Sender(database, clock.now, allowed, "https://afterword.example", jitter=lambda: 0.0)
    sender.start()
    try:
        yield sender
    finally:
        sender.stop()


def eventually(found: Callable[[], bool], seconds: float = 10) -> bool:
    waiting = threading.Event()
    for _ in range(int(seconds * 20)):
        if found():
            return True
        waiting.wait(0.05)
    return found()


def test_what_is_pending_is_delivered_once_and_verifies(database: Database) -> None:
    with receiving(SECRET) as receiver, sending_from(database):
        box = Outbox.to(database, receiver.url)
        box.fill(20)
        assert eventually(lambda: box.states() == ["delivered"] * 20)
    assert len(receiver.ledger) == 20
    assert receiver.ids == {row.event_id for row in box.mine.deliveries()}
    one = receiver.ledger[0]
    assert one.payload is not None
    assert one.payload["data"]["id"] == one.id
    assert one.payload["data"]["links"] == {"app": "https://afterword.example/"}
    assert [(row.number, row.status_code, row.error) for row in box.attempts()] == [(1, 200, None)] * 20


def test_a_failure_is_tried_again_later_and_listed(database: Database) -> None:
    with receiving(SECRET, answer=lambda _: (503, {"retry-after": "120"}, b"busy \x00")) as receiver:
        box = Outbox.to(database, receiver.url)
        box.fill(1)
        with sending_from(database):
            assert eventually(lambda: box.states() == ["retrying"])
    row, tried = box.mine.deliveries()[0], box.attempts()[0]
    assert (row.attempt, row.reason) == (1, "answered 503")
    assert row.next_attempt_at >= row.created_at + timedelta(seconds=120)
    assert (tried.status_code, tried.response_body) == (503, "busy \ufffd")


def test_the_same_event_has_the_same_id_on_every_attempt(database: Database) -> None:
    with receiving(SECRET, answer=lambda n: (500 if n == 1 else 204, {}, b"")) as receiver:
        box = Outbox.to(database, receiver.url)
        box.fill(1)
        with sending_from(database):
            assert eventually(lambda: box.states() == ["retrying"])
            with database.write() as session:
                session.execute(update(deliveries).values(next_attempt_at=clock.now()))
            assert eventually(lambda: box.states() == ["delivered"])
    assert len(receiver.ledger) == 2
    assert len(receiver.ids) == 1
    assert all(each.payload for each in receiver.ledger)


def test_a_redirect_is_a_failure_and_is_not_followed(database: Database) -> None:
    with receiving(SECRET) as elsewhere:
        redirect = (302, {"location": elsewhere.url}, b"")
        with receiving(SECRET, answer=lambda _: redirect) as receiver, sending_from(database):
            box = Outbox.to(database, receiver.url)
            box.fill(1)
            assert eventually(lambda: box.states() == ["retrying"])
    assert elsewhere.ledger == []


def test_410_ends_the_subscription(database: Database) -> None:
    with receiving(SECRET, answer=lambda _: (410, {}, b"")) as receiver:
        box = Outbox.to(database, receiver.url)
        box.fill(1)
        box.fill(3, clock.now() + timedelta(seconds=5))
        with sending_from(database):
            assert eventually(lambda: box.states() == ["failed", "skipped", "skipped", "skipped"])
    with database.read() as session:
        endpoint = session.execute(webhook_endpoints.select()).one()
    assert (endpoint.enabled, endpoint.disabled_reason) == (False, "it answered 410 Gone")


def test_an_address_that_is_not_public_is_refused_on_the_wire_too(database: Database) -> None:
    with receiving(SECRET) as receiver:
        for url in (receiver.url, receiver.url.replace("127.0.0.1", "localhost")):
            box = Outbox.to(database, url)
            box.fill(1)
            with sending_from(database, allowed=()):
                assert eventually(lambda box=box: box.states() == ["retrying"])
            assert "AFTERWORD_ALLOWED_NETWORKS" in box.mine.deliveries()[0].reason
    assert receiver.ledger == []


def test_nothing_is_sent_after_its_time(database: Database) -> None:
    box = Outbox.to(database, "http://127.0.0.1:9/")
    box.fill(1)
    with database.write() as session:
        session.execute(update(deliveries).values(expires_at=clock.now()))
    assert box.claim(clock.now()) == []
    assert box.states() == ["expired"]


def test_a_retry_that_would_come_too_late_is_not_waited_for(database: Database) -> None:
    with receiving(SECRET, answer=lambda _: (500, {}, b"")) as receiver:
        box = Outbox.to(database, receiver.url)
        box.fill(1)
        with database.write() as session:
            session.execute(update(deliveries).values(expires_at=clock.now() + timedelta(seconds=4)))
        with sending_from(database):
            assert eventually(lambda: box.states() == ["expired"])


def test_one_that_cannot_be_signed_or_sent_holds_up_no_other(database: Database) -> None:
    with receiving(SECRET) as receiver:
        unsound = Outbox.to(database, receiver.url)
        nowhere = Outbox.to(database, "http://")
        sound = Outbox.to(database, receiver.url)
        for box in (unsound, nowhere, sound):
            box.fill(1)
        with database.write() as session:
            broken = update(webhook_endpoints).where(webhook_endpoints.c.id == unsound.endpoint)
            session.execute(broken.values(secrets=["no secret"]))
        with sending_from(database):
            assert eventually(lambda: sound.states() == ["delivered"])
            assert eventually(lambda: unsound.states() + nowhere.states() == ["retrying"] * 2)
    assert "cannot be written" in unsound.mine.deliveries()[0].reason
    assert nowhere.mine.deliveries()[0].reason


def test_nothing_is_claimed_before_it_is_due(database: Database) -> None:
    box = Outbox.to(database, "http://127.0.0.1:9/")
    now = clock.now()
    box.fill(1, now + timedelta(seconds=1))
    assert box.claim(now) == []
    assert len(box.claim(now + timedelta(seconds=1))) == 1


def test_no_more_than_four_are_in_flight_to_one_endpoint(database: Database) -> None:
    box = Outbox.to(database, "http://127.0.0.1:9/")
    now = clock.now()
    box.fill(10, now)
    assert [len(box.claim(now)) for _ in range(2)] == [4, 0]


def test_a_busy_endpoint_does_not_keep_another_from_its_turn(database: Database) -> None:
    box = Outbox.to(database, "http://127.0.0.1:9/")
    now = clock.now()
    box.fill(600, now)
    other = Outbox.to(database, "http://127.0.0.1:9/other")
    other.fill(1, now)
    claimed = box.claim(now)
    assert {each.endpoint_id for each in claimed} == {box.endpoint, other.endpoint}


def test_a_lease_that_ran_out_is_due_again_as_a_crash_and_not_an_attempt(database: Database) -> None:
    box = Outbox.to(database, "http://127.0.0.1:9/")
    now = clock.now()
    box.fill(1, now)
    first = box.claim(now)[0]
    assert box.claim(now + timedelta(seconds=59)) == []
    second = box.claim(now + timedelta(seconds=60))[0]
    assert (first.attempt, second.attempt) == (1, 1)
    assert first.claim_id != second.claim_id
    assert box.mine.deliveries()[0].crashes == 1


def test_a_delivery_that_may_kill_its_workers_is_claimed_alone_and_at_last_parked_as_failed(database: Database) -> None:
    box = Outbox.to(database, "http://127.0.0.1:9/")
    now = clock.now()
    box.fill(1, now)
    times = [now + timedelta(seconds=60 * crash) for crash in range(11)]
    assert [len(box.claim(at)) for at in times[:4]] == [1, 1, 1, 0]
    other = Outbox.to(database, "http://127.0.0.1:9/")
    other.fill(1, now)
    for at in times[3:10]:
        with database.write() as session:
            outbox.take_back_abandoned(session, at)
            assert outbox.work(session, at).suspected
            assert [each.account_id for each in claims.claim_suspect(session, at)] == [box.mine.account_id]
    with database.write() as session:
        outbox.take_back_abandoned(session, times[10])
        assert claims.claim_suspect(session, times[10]) == []
    row = box.mine.deliveries()[0]
    assert (row.state, row.reason, row.crashes) == ("failed", "worker died", 10)


def test_a_late_result_changes_nothing_and_is_listed(database: Database) -> None:
    box = Outbox.to(database, "http://127.0.0.1:9/")
    now = clock.now()
    box.fill(1, now)
    late = box.claim(now)[0]
    box.claim(now + timedelta(seconds=60))
    answer = Answer(status=500, headers={}, body="", error=None, duration_ms=5)
    with database.write() as session:
        results.finish(session, [results.Sent(late, answer, now, now, 0.0)])
    assert box.states() == ["sending"]
    assert len(box.attempts()) == 1


def test_a_lone_server_takes_back_at_once_what_its_predecessor_was_sending(database: Database) -> None:
    box = Outbox.to(database, "http://127.0.0.1:9/")
    box.fill(2)
    box.claim(clock.now())
    assert box.states() == ["sending", "sending"]
    Sender(database, clock.now, (), None).take_back_own()
    assert box.states() == ["retrying", "retrying"]


def test_a_delivery_whose_endpoint_is_deleted_while_it_is_sent_harms_nothing(database: Database) -> None:
    with receiving(SECRET, pause=0.5) as receiver, sending_from(database):
        box = Outbox.to(database, receiver.url)
        box.fill(1)
        assert receiver.wait_for(lambda: len(receiver.ledger) == 1, 10)
        with database.write() as session:
            session.execute(webhook_endpoints.delete())
        other = Outbox.to(database, receiver.url)
        other.fill(1)
        assert eventually(lambda: other.states() == ["delivered"])


def test_what_was_answered_is_written_down_though_claiming_fails(database: Database) -> None:
    with receiving(SECRET, pause=0.5) as receiver, sending_from(database):
        box = Outbox.to(database, receiver.url)
        box.fill(1)
        assert receiver.wait_for(lambda: len(receiver.ledger) == 1, 10)
        rename_column(database, "former_secrets", "gone")  # which every claim asks for
        box.fill(1)
        assert eventually(lambda: box.states() == ["delivered", "pending"])
        rename_column(database, "gone", "former_secrets")
        assert eventually(lambda: box.states() == ["delivered", "delivered"])


def rename_column(database: Database, name: str, to: str) -> None:
    with database.write() as session:
        session.exec_driver_sql(f"ALTER TABLE webhook_endpoints RENAME COLUMN {name} TO {to}")
