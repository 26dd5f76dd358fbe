"""Replays and forgetting, as the worker does them: in steps, and none twice."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from afterword import clock
from afterword.errors import Conflict
from afterword.services import events, replays, retention, webhook_endpoints
from afterword.services.events import Occurrence
from afterword.services.replays import STEP
from afterword.storage import planned
from afterword.storage import replays as stored_replays
from afterword.storage.database import Database
from afterword.storage.tables import attempts, deliveries
from afterword.storage.tables import events as event_rows
from afterword.storage.tables import webhook_endpoints as endpoint_rows
from afterword.worker import jobs
from support.receiver import receiving
from support.recorded import SECRET, Recorded
from worker.test_sender import eventually, sending_from

DAY = timedelta(days=1)


def happen(mine: Recorded, count: int, now: datetime) -> None:
    with mine.database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")] * count, now)


def switch(mine: Recorded, endpoint: str, now: datetime, **values: bool) -> None:
    with mine.database.write() as session:
        webhook_endpoints.change(session, mine.account_id, endpoint, values, now)


def replayed(mine: Recorded, endpoint: str, since: datetime, *, delivered_too: bool = False) -> int:
    """How many were put back, once the worker has done all of its steps."""
    with mine.database.write() as session:
        begun = replays.begin(session, mine.account_id, endpoint, since, delivered_too, clock.now())
    while jobs.replay(mine.database, clock.now):
        pass
    with mine.database.read() as session:
        done = replays.find(session, mine.account_id, endpoint, begun.id)
    assert done.state == "done"
    return done.queued


def test_what_an_endpoint_missed_while_it_was_off_is_sent_when_it_is_asked_for(database: Database) -> None:
    mine = Recorded.in_(database)
    with receiving(SECRET) as receiver, sending_from(database):
        endpoint = mine.subscribe(receiver.url)
        start = clock.now()
        happen(mine, 2, start)
        assert eventually(lambda: len(receiver.ids) == 2)
        assert eventually(lambda: {row.state for row in mine.deliveries()} == {"delivered"})
        switch(mine, endpoint, clock.now(), enabled=False)
        happen(mine, 3, clock.now())
        switch(mine, endpoint, clock.now(), enabled=True)
        assert replayed(mine, endpoint, start) == 3
        assert eventually(lambda: len(receiver.ids) == 5)
        assert len(receiver.ledger) == 5
        assert eventually(lambda: {row.state for row in mine.deliveries()} == {"delivered"})
        assert replayed(mine, endpoint, start, delivered_too=True) == 5
        assert eventually(lambda: len(receiver.ledger) == 10)
    assert len(receiver.ids) == 5


def test_only_what_happened_since_then_and_passes_the_filters_is_put_back(database: Database) -> None:
    mine = Recorded.in_(database)
    endpoint = mine.subscribe(event_types=["opportunity.updated"])
    switch(mine, endpoint, clock.now(), enabled=False)
    now = clock.now()
    happen(mine, 4, now - 2 * DAY)
    happen(mine, 3, now - DAY)
    with database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.closed")], now - DAY)
    switch(mine, endpoint, now, enabled=True)
    assert replayed(mine, endpoint, now - DAY) == 3
    assert {row.replay for row in mine.deliveries()} == {1}


def test_a_replay_of_many_goes_in_steps_and_a_step_that_is_lost_is_taken_again(database: Database) -> None:
    mine = Recorded.in_(database)
    endpoint = mine.subscribe()
    switch(mine, endpoint, clock.now(), enabled=False)
    start = clock.now()
    happen(mine, 2 * STEP + 10, start)
    switch(mine, endpoint, clock.now(), enabled=True)
    with database.write() as session:
        begun = replays.begin(session, mine.account_id, endpoint, start, False, clock.now())
    assert jobs.replay(database, clock.now) == 1
    assert len(mine.deliveries()) == STEP

    def be_killed_within_a_step() -> None:
        with database.write() as session:
            replays.step(session, mine.account_id, endpoint, begun.id, clock.now())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        be_killed_within_a_step()
    assert len(mine.deliveries()) == STEP
    while jobs.replay(database, clock.now):
        pass
    assert len(mine.deliveries()) == 2 * STEP + 10
    assert {row.replay for row in mine.deliveries()} == {1}


def test_a_replay_to_an_endpoint_that_is_gone_ends_and_sends_nothing(database: Database) -> None:
    mine = Recorded.in_(database)
    endpoint = mine.subscribe()
    start = clock.now()
    happen(mine, 3, start)
    with database.write() as session:
        replays.begin(session, mine.account_id, endpoint, start, True, clock.now())
        webhook_endpoints.remove(session, mine.account_id, endpoint, clock.now())
    assert jobs.replay(database, clock.now) == 1
    assert jobs.replay(database, clock.now) == 0
    assert {row.state for row in mine.deliveries()} == {"skipped"}


def test_what_an_endpoint_never_had_is_sent_too_and_no_test_is(database: Database) -> None:
    mine = Recorded.in_(database)
    other, start = mine.subscribe(), clock.now()
    happen(mine, 2, start)
    with database.write() as session:
        events.record_test(session, mine.account_id, other, clock.now())
    new = mine.subscribe("http://127.0.0.1:9/new")
    assert replayed(mine, new, start, delivered_too=True) == 2
    assert len([row for row in mine.deliveries() if row.endpoint_id == new]) == 2


def test_what_is_too_old_by_the_time_of_its_step_is_left_out(database: Database) -> None:
    mine = Recorded.in_(database)
    endpoint, now = mine.subscribe(), clock.now()
    happen(mine, 2, now - 29 * DAY)
    happen(mine, 1, now - 27 * DAY)
    end_all(database)
    with database.write() as session:
        replays.begin(session, mine.account_id, endpoint, now - 29 * DAY, True, now)
    jobs.replay(database, lambda: now + 2 * DAY)
    assert [row.replay for row in mine.deliveries()] == [0, 0, 1]


@pytest.mark.parametrize("count", [1, 2])
def test_what_happened_too_long_ago_is_not_put_back_by_hand(database: Database, count: int) -> None:
    mine = Recorded.in_(database)
    mine.subscribe()
    happen(mine, 1, clock.now() - retention.KEPT_FOR - DAY / 24)
    happen(mine, 1, clock.now() - retention.KEPT_FOR + DAY / 24)
    end_all(database)
    ids = [row.id for row in mine.deliveries()]
    with pytest.raises(Conflict, match="30 days ago"), database.write() as session:
        replays.send_again(session, mine.account_id, ids[:count], clock.now())
    assert {row.state for row in mine.deliveries()} == {"delivered"}
    with database.write() as session:
        assert replays.send_again(session, mine.account_id, ids[1:], clock.now()) == 1


def test_replays_that_fail_hold_up_none_of_the_others(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    mine, start = Recorded.in_(database), clock.now()
    for number in range(jobs.MOST_REPLAYS):
        mine.subscribe(f"http://127.0.0.1:9/{number}")
    sound = mine.subscribe("http://127.0.0.1:9/sound")
    happen(mine, 1, start)
    end_all(database)
    with database.write() as session:
        begun = [
            replays.begin(session, mine.account_id, row.endpoint_id, start, True, clock.now())
            for row in mine.deliveries()
        ]
        # No release writes such a filter.
        session.execute(update(endpoint_rows).where(endpoint_rows.c.id != sound).values(event_types=5))
    turns = jobs.Turns()
    for _ in range(3):
        jobs.replay(database, clock.now, turns)
    with database.read() as session:
        states = {each.endpoint_id: replays.find(session, *place(each)).state for each in begun}
    assert [endpoint for endpoint, state in states.items() if state == "done"] == [sound]
    assert caplog.text.count("failed; it is tried again") == jobs.MOST_REPLAYS, "each is left alone for a while"


def test_each_replay_has_its_turn_before_any_has_a_second(database: Database) -> None:
    mine = Recorded.in_(database)
    with database.write() as session:
        for number in range(5):
            endpoint = {"url": f"https://hooks.example.com/{number}"}
            identifier = webhook_endpoints.create(session, mine.account_id, endpoint, os.urandom, clock.now())[0].id
            replays.begin(session, mine.account_id, identifier, clock.now() - DAY, True, clock.now())
    with database.read() as session:
        whole = stored_replays.under_way(session, "", 9)
        assert [each[2] for each in whole] == sorted(each[2] for each in whole)
        assert stored_replays.under_way(session, whole[2][2], 4) == [whole[3], whole[4], whole[0], whole[1]]


def test_one_whose_account_somebody_else_has_is_not_waited_for(database: Database, database_kind: str) -> None:
    mine, other = Recorded.in_(database), Recorded.in_(database)
    for each in (mine, other):
        endpoint, start = each.subscribe(), clock.now()
        happen(each, 1, start)
        with database.write() as session:
            replays.begin(session, each.account_id, endpoint, start, True, clock.now())
    with database.write() as session:
        planned.lock_account(session, mine.account_id)
        if database_kind == "postgresql":  # on SQLite there is one lock for all
            began = time.monotonic()
            assert jobs.replay(database, clock.now) == 2
            assert time.monotonic() - began < 2
            with database.read() as reader:
                assert stored_replays.running(reader, other.account_id, other.deliveries()[0].endpoint_id) is None
    assert jobs.replay(database, clock.now) >= 1
    assert jobs.replay(database, clock.now) == 0


def test_a_row_that_cannot_be_read_holds_up_no_replay(database: Database) -> None:
    mine = Recorded.in_(database)
    endpoint, start = mine.subscribe(), clock.now()
    happen(mine, 2, start)
    end_all(database)
    with database.write() as session:
        session.execute(update(event_rows).where(event_rows.c.sequence == 1).values(payload={"data": {}}))
    assert replayed(mine, endpoint, start, delivered_too=True) == 2


def end_all(database: Database) -> None:
    with database.write() as session:
        done = {"state": "delivered", "next_attempt_at": None, "finished_at": clock.now()}
        session.execute(update(deliveries).values(**done))


def place(replay: stored_replays.Replay) -> tuple[str, str, str]:
    return replay.account_id, replay.endpoint_id, replay.id


def test_what_was_replayed_by_hand_is_sent_though_its_time_had_passed_and_no_filter_wants_it(
    database: Database,
) -> None:
    mine = Recorded.in_(database)
    with receiving(SECRET) as receiver:
        endpoint = mine.subscribe(receiver.url)
        happen(mine, 1, clock.now() - 8 * DAY)
        with sending_from(database):
            assert eventually(lambda: [row.state for row in mine.deliveries()] == ["expired"])
            with database.write() as session:
                webhook_endpoints.change(
                    session, mine.account_id, endpoint, {"event_types": ["touch.recorded"]}, clock.now()
                )
                replays.send_again(session, mine.account_id, [mine.deliveries()[0].id], clock.now())
            assert eventually(lambda: [row.state for row in mine.deliveries()] == ["delivered"])


def test_what_a_changed_filter_no_longer_lets_pass_is_skipped_though_it_waits_already(database: Database) -> None:
    mine = Recorded.in_(database)
    with receiving(SECRET) as receiver:
        endpoint = mine.subscribe(receiver.url)
        happen(mine, 2, clock.now())
        with database.write() as session:
            webhook_endpoints.change(
                session, mine.account_id, endpoint, {"event_types": ["touch.recorded"]}, clock.now()
            )
        with sending_from(database):
            assert eventually(lambda: [row.state for row in mine.deliveries()] == ["skipped"] * 2)
    assert {row.reason for row in mine.deliveries()} == {"no longer subscribed"}
    assert receiver.ledger == []


def test_after_thirty_days_an_event_goes_with_all_that_came_of_it_and_not_before(database: Database) -> None:
    mine = Recorded.in_(database)
    now = clock.now()
    with receiving(SECRET) as receiver:
        mine.subscribe(receiver.url)
        happen(mine, 5, now)
        with sending_from(database):
            assert eventually(lambda: {row.state for row in mine.deliveries()} == {"delivered"})
    with database.write() as session:
        session.execute(update(event_rows).where(event_rows.c.sequence <= 3).values(occurred_at=now - 30 * DAY))
        held = select(event_rows.c.id).where(event_rows.c.sequence == 3).scalar_subquery()
        session.execute(update(deliveries).where(deliveries.c.event_id == held).values(state="retrying"))
    jobs.forget(database, clock.now)
    assert [row.sequence for row in mine.told()] == [3, 4, 5]
    with database.read() as session:
        assert len(session.execute(select(attempts)).all()) == 3


def test_an_endpoint_that_was_deleted_goes_after_thirty_days(database: Database) -> None:
    mine = Recorded.in_(database)
    endpoint = mine.subscribe()
    with database.write() as session:
        webhook_endpoints.remove(session, mine.account_id, endpoint, clock.now() - 29 * DAY)
    jobs.forget(database, clock.now)
    with database.read() as session:
        assert len(session.execute(select(endpoint_rows)).all()) == 1
    jobs.forget(database, lambda: clock.now() + 2 * DAY)
    with database.read() as session:
        assert session.execute(select(endpoint_rows)).all() == []
