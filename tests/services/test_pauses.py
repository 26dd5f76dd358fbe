"""What becomes of what waits for an endpoint while it is paused."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from afterword.services import claims, events, webhook_endpoints
from afterword.services.claims import Room
from afterword.services.events import Occurrence
from afterword.storage.database import Database
from afterword.storage.tables import deliveries
from support.recorded import END, HOUR, Recorded


def test_a_retry_keeps_its_time_over_a_pause_that_ends_before_it(database: Database) -> None:
    mine, endpoint_id = subscribed_with_one_due_at(database, END + HOUR)
    pause(mine, endpoint_id, True, END)
    pause(mine, endpoint_id, False, END + HOUR / 2)
    assert due(mine) == [END + HOUR]


def test_what_comes_due_during_a_pause_is_due_when_it_ends(database: Database) -> None:
    mine, endpoint_id = subscribed_with_one_due_at(database, END + HOUR)
    pause(mine, endpoint_id, True, END)
    assert claimed(mine, END + 2 * HOUR) == 0
    assert due(mine) == [None]
    pause(mine, endpoint_id, False, END + 3 * HOUR)
    assert due(mine) == [END + 3 * HOUR]
    assert claimed(mine, END + 3 * HOUR) == 1


def subscribed_with_one_due_at(database: Database, at: datetime) -> tuple[Recorded, str]:
    mine = Recorded.in_(database)
    endpoint_id = mine.subscribe()
    with mine.database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")], END)
        session.execute(update(deliveries).where(deliveries.c.endpoint_id == endpoint_id).values(next_attempt_at=at))
    return mine, endpoint_id


def pause(mine: Recorded, endpoint_id: str, paused: bool, now: datetime) -> None:
    with mine.database.write() as session:
        webhook_endpoints.change(session, mine.account_id, endpoint_id, {"paused": paused}, now)


def claimed(mine: Recorded, now: datetime) -> int:
    with mine.database.write() as session:
        return len(claims.claim(session, now, Room(10, 10)))


def due(mine: Recorded) -> list[datetime | None]:
    return [row.next_attempt_at for row in mine.deliveries()]
