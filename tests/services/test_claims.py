"""Claiming beside others: by what is true when it is decided, and so that nobody is kept from their turn."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from afterword.delivery.answers import Answer
from afterword.services import claims, events, results, webhook_endpoints
from afterword.services.claims import Claimed, Room
from afterword.services.events import Occurrence
from afterword.services.results import Sent
from afterword.storage import destinations, planned
from afterword.storage.database import Database
from afterword.storage.identifiers import new_id
from afterword.storage.tables import deliveries
from afterword.storage.tables import webhook_endpoints as endpoint_rows
from support.recorded import END, HOUR, SECRET, Recorded

SECOND = timedelta(seconds=1)
ROOM = Room(64, 48)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"paused": True}, {"paused": False}),
        ({"enabled": False}, {"enabled": True}),
        ({"event_types": ["action.opened"]}, {"event_types": None}),
        ({"url": "https://old.example.com/"}, {"url": "https://new.example.com/"}),
    ],
    ids=["unpaused", "enabled", "filter widened", "retargeted"],
)
def test_what_changed_since_an_endpoint_was_found_is_known_when_it_is_decided(
    shared: Database, before: dict[str, object], after: dict[str, object]
) -> None:
    mine = Recorded.in_(shared)
    endpoint_id = mine.subscribe()
    happen(mine, END)
    with mine.database.write() as session:
        session.execute(update(endpoint_rows).values(before))
    with mine.database.write() as claiming:
        assert [each.id for each in destinations.candidates(claiming, END)] == [endpoint_id]
        with mine.database.write() as session:
            webhook_endpoints.change(session, mine.account_id, endpoint_id, after, END)
        locked = destinations.lock(claiming, [endpoint_id])[endpoint_id]
    [(name, value)] = after.items()
    assert getattr(locked, name) == value


def test_an_endpoint_that_is_being_changed_is_left_for_the_next_claim(shared: Database) -> None:
    mine = Recorded.in_(shared)
    endpoint_id = mine.subscribe()
    happen(mine, END)
    with mine.database.write() as changing:
        webhook_endpoints.change(changing, mine.account_id, endpoint_id, {"paused": True}, END)
        assert claimed(mine, END) == []
    assert claimed(mine, END) == []
    assert [row.next_attempt_at for row in mine.deliveries()] == [None]


def test_results_are_written_while_somebody_else_has_the_accounts_turn(shared: Database) -> None:
    mine = Recorded.in_(shared)
    mine.subscribe()
    happen(mine, END)
    [delivery] = claimed(mine, END)
    with shared.write() as planning:
        planned.lock_account(planning, mine.account_id)
        with shared.write() as session:
            results.finish(session, [Sent(delivery, Answer(200, {}, "", None, 5), END, END, 0.0)])
        assert [row.state for row in mine.deliveries()] == ["delivered"]


def test_an_account_whose_endpoints_are_all_full_keeps_nobody_from_their_turn(database: Database) -> None:
    crowd, alone = Recorded.in_(database), Recorded.in_(database)
    endpoints = [crowd.subscribe() for _ in range(20)]
    for _ in range(claims_per_endpoint := 6):
        happen(crowd, END)
    full = claimed(crowd, END, Room(200, 200))
    assert len(full) == len(endpoints) * destinations.MOST_IN_FLIGHT < len(endpoints) * claims_per_endpoint
    alone.subscribe()
    happen(alone, END + HOUR / 100)
    with database.read() as session:
        found = destinations.candidates(session, END + 30 * SECOND + HOUR / 100)
    assert [each.account_id for each in found] == [alone.account_id]


def test_of_each_account_the_longest_waiting_endpoint_is_looked_at_first(database: Database) -> None:
    crowd, alone = Recorded.in_(database), Recorded.in_(database)
    many = destinations.MOST_CANDIDATES + 5
    usual = {"url": "https://hooks.example.com/", "secrets": [SECRET], "enabled": True, "version": 1}
    with database.write() as session:
        session.execute(
            insert(endpoint_rows),
            [
                {"id": new_id("whe"), "account_id": crowd.account_id, "created_at": END, "updated_at": END, **usual}
                for _ in range(many)
            ],
        )
    happen(crowd, END)
    alone.subscribe()
    happen(alone, END + SECOND)
    assert alone.account_id in {each.account_id for each in claimed(crowd, END + 2 * SECOND)}


def test_what_retries_may_not_have_goes_to_first_attempts_wherever_they_go(database: Database) -> None:
    mine = Recorded.in_(database)
    for _ in range(6):
        mine.subscribe()
    happen(mine, END)
    with database.write() as session:
        session.execute(update(deliveries).values(state="retrying", attempt=1))
    fresh = mine.subscribe(event_types=["touch.recorded"])
    with database.write() as session:
        events.record(session, mine.account_id, [Occurrence("touch.recorded")], END + HOUR)
        session.execute(
            update(deliveries)
            .where(deliveries.c.endpoint_id != fresh, deliveries.c.state == "pending")
            .values(state="delivered", next_attempt_at=None)
        )
    taken = claimed(mine, END + HOUR, Room(5, 4))
    assert sorted(each.attempt for each in taken) == [1, 2, 2, 2, 2]
    assert claimed(mine, END + HOUR, Room(5, 0)) == []


def test_it_is_too_late_once_the_lease_has_run_out_or_the_time_has_passed(database: Database) -> None:
    mine = Recorded.in_(database)
    mine.subscribe()
    happen(mine, END)
    [delivery] = claimed(mine, END)
    assert not delivery.is_too_late(END + claims.LEASE - SECOND)
    assert delivery.is_too_late(END + claims.LEASE)
    with database.write() as session:
        session.execute(update(deliveries).values(expires_at=END + 40 * SECOND, state="retrying", next_attempt_at=END))
    [again] = claimed(mine, END)
    assert not again.is_too_late(END + 39 * SECOND)
    assert again.is_too_late(END + 40 * SECOND)


def happen(mine: Recorded, at: datetime) -> None:
    with mine.database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")], at)


def claimed(mine: Recorded, now: datetime, room: Room = ROOM) -> list[Claimed]:
    with mine.database.write() as session:
        return claims.claim(session, now, room)
