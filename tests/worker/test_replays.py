"""Replays and forgetting, as the worker does them: in steps, and none twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from afterword import clock
from afterword.services import events, replays, webhook_endpoints
from afterword.services.events import Occurrence
from afterword.services.replays import STEP
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
