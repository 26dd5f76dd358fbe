"""Days in which a receiver fails, or in which we do: what has become late is told apart from what is still of use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

import pytest

from afterword.delivery.retry import MOST_ATTEMPTS, PAUSES
from afterword.services import replays, webhook_endpoints
from afterword.services.endpoint_health import GIVEN_UP_AFTER
from afterword.storage.database import Database
from afterword.worker import jobs
from afterword.worker.sender import Sender
from faults.host import Host, answering, hosting
from faults.sending import MovedClock, Subscribed, disagreements, eventually, sending
from support.recorded import DAY, HOUR

NOTICES = ["endpoint.disabled"]


@pytest.fixture
def host() -> Iterator[Host]:
    with hosting() as running:
        yield running


def let_pass(box: Subscribed, sender: Sender, now: MovedClock, until: datetime) -> None:
    """Move the clock from one attempt to the next, as long as there is one before then."""
    while box.row().enabled and (due := box.next_attempts()) and due[0] <= until:
        now.move_to(max(now(), due[0]))
        tried = len(box.attempts())
        sender.wake()
        # It is given up in the transaction after the one that says why: then nothing is tried any more.
        assert eventually(lambda tried=tried: len(box.attempts()) > tried or not box.row().enabled)
        assert eventually(lambda: not box.states()["sending"])


def fail_for(box: Subscribed, sender: Sender, now: MovedClock, days: Sequence[float]) -> None:
    """Something happens now and on each of these days but the last, and each attempt to tell it fails."""
    begun = now()
    for day, following in pairwise((0, *days)):
        now.move_to(max(now(), begun + day * DAY))
        box.happen(1, now())
        sender.wake()
        assert eventually(lambda: not box.states()["pending"] and not box.states()["sending"])
        let_pass(box, sender, now, begun + following * DAY)


def test_after_five_days_of_failing_it_is_disabled_with_a_notice_and_once_well_gets_what_it_missed(
    database: Database, host: Host
) -> None:
    now = MovedClock()
    begun = now()
    host.behaviours["/hook"] = answering(500)
    box = Subscribed.alone(database, host, "/hook")
    notices = Subscribed.at(box.mine, host, "/notices", NOTICES)
    with sending(database, now) as sender:
        fail_for(box, sender, now, (2, 4, 5.9))
        assert eventually(lambda: notices.states() == {"delivered": 1})
        row = box.row()
        assert not row.enabled
        assert "5 days" in row.disabled_reason
        assert GIVEN_UP_AFTER <= row.disabled_at - row.failing_since < GIVEN_UP_AFTER + DAY
        assert set(box.states()) == {"failed", "skipped"}
        told = sum(box.states().values())
        host.behaviours.clear()
        with database.write() as session:
            webhook_endpoints.change(session, box.mine.account_id, box.id, {"enabled": True}, now())
            replays.begin(session, box.mine.account_id, box.id, begun, False, now())
        while jobs.replay(database, now):
            pass
        assert eventually(lambda: box.states() == {"delivered": told + 1})
    assert disagreements(database, host) == []
    assert len(host.ids("/hook")) == told + 1, "the notice of its own end with them"


def test_each_attempt_comes_when_it_is_due_and_after_the_last_the_delivery_has_failed(
    database: Database, host: Host
) -> None:
    now = MovedClock()
    begun = now()
    host.behaviours["/hook"] = answering(500)
    box = Subscribed.alone(database, host, "/hook")
    box.happen(1, now())
    with sending(database, now) as sender:
        assert eventually(lambda: box.states() == {"retrying": 1})
        let_pass(box, sender, now, begun + GIVEN_UP_AFTER)
        assert box.states() == {"failed": 1}
        assert box.deliveries()[0].reason == f"answered 500, {MOST_ATTEMPTS} attempts made"
    times = [call.sent_at for call in host.calls("/hook")]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert len(times) == MOST_ATTEMPTS
    for pause, least in zip(pauses, PAUSES, strict=True):
        assert least.total_seconds() - 1 < pause < least.total_seconds() + 5
    assert box.row().enabled
    assert disagreements(database, host) == []


def test_an_endpoint_that_is_well_before_five_days_are_over_loses_nothing_that_is_still_tried(
    database: Database, host: Host
) -> None:
    now = MovedClock()
    host.behaviours["/hook"] = answering(500)
    box = Subscribed.alone(database, host, "/hook")
    with sending(database, now) as sender:
        fail_for(box, sender, now, (2, 2.9))
        assert box.row().failing_since is not None
        assert box.states() == {"retrying": 2}
        host.behaviours.clear()
        let_pass(box, sender, now, now() + 9 * DAY)
        assert box.states() == {"delivered": 2}
    assert box.row().failing_since is None
    assert disagreements(database, host) == []


def test_ten_events_in_a_row_tried_to_the_end_in_vain_end_the_subscription(database: Database, host: Host) -> None:
    now = MovedClock()
    begun = now()
    host.behaviours["/hook"] = answering(500)
    box = Subscribed.alone(database, host, "/hook")
    notices = Subscribed.at(box.mine, host, "/notices", NOTICES)
    with sending(database, now) as sender:
        box.happen(12, now())
        assert eventually(lambda: box.states() == {"retrying": 12})
        let_pass(box, sender, now, begun + GIVEN_UP_AFTER)
        assert eventually(lambda: notices.states() == {"delivered": 1})
    assert re.fullmatch("1[0-2] events in a row were tried to the end in vain", box.row().disabled_reason)
    assert box.states()["failed"] >= 10
    assert set(box.states()) <= {"failed", "skipped"}
    assert disagreements(database, host) == []


def test_after_three_days_of_our_absence_what_is_late_is_marked_and_the_rest_comes_without_a_herd(
    database: Database, host: Host
) -> None:
    now = MovedClock()
    host.behaviours = {f"/{number}": answering(after=0.05) for number in range(6)}
    boxes = [Subscribed.alone(database, host, path) for path in host.behaviours]
    for box in boxes:
        box.happen(20, now())
        box.expire_at(now() + 3 * DAY - HOUR)
        box.happen(20, now() + HOUR)
    now.move(3 * DAY)
    with sending(database, now):
        assert eventually(lambda: all(box.states() == {"expired": 20, "delivered": 20} for box in boxes))
    assert {row.reason for box in boxes for row in box.deliveries() if row.state == "expired"} == {
        "its time had passed"
    }
    assert all(host.most_at_once(path) <= 4 for path in host.behaviours)
    assert host.most_at_once() <= 24
    assert set(host.ids().values()) == {1}
    assert disagreements(database, host) == []
