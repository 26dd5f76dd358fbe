"""An endpoint that its owner changes while a request to it is on its way."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from afterword.delivery.retry import PAUSES
from afterword.services import webhook_endpoints
from afterword.storage.database import Database
from faults.host import Host, answering, held_until, hosting, in_turn
from faults.sending import MovedClock, Subscribed, disagreements, eventually, sending
from support.recorded import HOUR

NEW_SECRET = "whsec_" + "NewSecretNewSecretNewSecretNewSe"


@pytest.fixture
def host() -> Iterator[Host]:
    with hosting() as running:
        yield running


@pytest.fixture(params=[200, 500])
def status(request: pytest.FixtureRequest) -> int:
    """What the request that was on its way is answered in the end."""
    return int(request.param)


@contextmanager
def on_its_way(database: Database, host: Host, now: MovedClock, status: int) -> Iterator[Subscribed]:
    """An endpoint with one request that has come and waits for its answer, which it gets when the block is left."""
    gate = threading.Event()
    host.behaviours["/hook"] = in_turn(held_until(gate, answering(status)), answering(200))
    box = Subscribed.alone(database, host, "/hook")
    box.happen(1, now())
    assert eventually(lambda: len(host.calls("/hook")) == 1)
    assert box.states() == {"sending": 1}
    yield box
    assert len(host.calls("/hook")) == 1, "nothing more while it waited"
    gate.set()
    assert eventually(lambda: not box.states()["sending"])


def changed(box: Subscribed, now: MovedClock, **values: Any) -> None:
    with box.mine.database.write() as session:
        webhook_endpoints.change(session, box.mine.account_id, box.id, values, now())


def let_retry(now: MovedClock, finished: Callable[[], bool]) -> None:
    now.move(PAUSES[0])
    assert eventually(finished)


def first_answer(status: int) -> dict[str, int]:
    """The state right after the answer."""
    return {"delivered": 1} if status == 200 else {"retrying": 1}


def test_deleted_in_flight_is_logged_as_answered_and_never_sent_again(
    database: Database, host: Host, status: int
) -> None:
    now = MovedClock()
    with sending(database, now):
        with on_its_way(database, host, now, status) as box, database.write() as session:
            webhook_endpoints.remove(session, box.mine.account_id, box.id, now())
        let_retry(now, lambda: box.states() == ({"delivered": 1} if status == 200 else {"skipped": 1}))
    assert [row.status_code for row in box.attempts()] == [status]
    assert len(host.ledger) == 1
    assert disagreements(database, host) == []


def test_disabled_in_flight_is_logged_as_answered_and_what_waits_is_skipped(
    database: Database, host: Host, status: int
) -> None:
    now = MovedClock()
    with sending(database, now):
        with on_its_way(database, host, now, status) as box:
            changed(box, now, enabled=False)
            box.happen(3, now())
        let_retry(now, lambda: box.states() == ({"delivered": 1} if status == 200 else {"skipped": 1}))
        changed(box, now, enabled=True)
        box.happen(1, now())
        assert eventually(lambda: box.states()["delivered"] == (2 if status == 200 else 1))
    assert len(host.ledger) == 2
    assert disagreements(database, host) == []


def test_paused_in_flight_waits_and_goes_on_where_it_was(database: Database, host: Host, status: int) -> None:
    now = MovedClock()
    with sending(database, now):
        with on_its_way(database, host, now, status) as box:
            changed(box, now, paused=True)
            box.happen(3, now())
        expected = Counter({"pending": 3}) + Counter(first_answer(status))
        assert box.states() == expected
        now.move(HOUR)
        assert eventually(lambda: box.next_attempts() == [])
        assert (box.states(), len(host.ledger)) == (expected, 1)
        changed(box, now, paused=False)
        assert eventually(lambda: box.states() == {"delivered": 4})
    assert Counter(host.ids().values()) == ({1: 4} if status == 200 else {1: 3, 2: 1})
    assert disagreements(database, host) == []


def test_retargeted_in_flight_tries_again_at_the_new_place(database: Database, host: Host, status: int) -> None:
    now = MovedClock()
    with sending(database, now):
        with on_its_way(database, host, now, status) as box:
            changed(box, now, url=host.url("/elsewhere"))
            box.happen(2, now())
            assert eventually(lambda: len(host.calls("/elsewhere")) == 2)
        let_retry(now, lambda: box.states() == {"delivered": 3})
    assert (len(host.calls("/hook")), len(host.calls("/elsewhere"))) == (1, 2 if status == 200 else 3)
    assert box.attempts()[0].url == host.url("/hook")
    assert {row.url for row in box.attempts()[1:]} == {host.url("/elsewhere")}
    assert disagreements(database, host) == []


def test_rotated_in_flight_is_signed_with_both_secrets_until_the_overlap_ends(
    database: Database, host: Host, status: int
) -> None:
    now = MovedClock()
    with sending(database, now):
        with on_its_way(database, host, now, status) as box, database.write() as session:
            webhook_endpoints.rotate_secret(
                session, box.mine.account_id, box.id, NEW_SECRET, timedelta(hours=1), lambda count: b"x" * count, now()
            )
        let_retry(now, lambda: box.states() == {"delivered": 1})
        box.happen(1, now())
        assert eventually(lambda: box.states() == {"delivered": 2})
        host.secrets = [NEW_SECRET]
        now.move(HOUR)
        box.happen(1, now())
        assert eventually(lambda: box.states() == {"delivered": 3})
    signatures = [len(call.headers["webhook-signature"].split()) for call in host.ledger]
    assert signatures == ([1, 2, 1] if status == 200 else [1, 2, 2, 1])
    assert all(call.verified for call in host.ledger), "the old secret to the end of the overlap, the new one after it"
    assert disagreements(database, host) == []


def test_unsubscribed_in_flight_is_not_tried_again(database: Database, host: Host, status: int) -> None:
    now = MovedClock()
    with sending(database, now):
        with on_its_way(database, host, now, status) as box:
            changed(box, now, event_types=["touch.recorded"])
            box.happen(2, now())
        assert box.states() == first_answer(status)
        let_retry(now, lambda: box.states() == ({"delivered": 1} if status == 200 else {"skipped": 1}))
    assert box.deliveries()[0].reason == (None if status == 200 else "no longer subscribed")
    assert len(host.ledger) == 1
    assert disagreements(database, host) == []
