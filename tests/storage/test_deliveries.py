"""The log of deliveries: that it is read from near the times asked for, and how much of one it tells."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from afterword import clock
from afterword.services import deliveries as service
from afterword.services import events
from afterword.services.events import Occurrence
from afterword.storage import deliveries
from afterword.storage.database import Database
from afterword.storage.deliveries import Filter
from afterword.storage.identifiers import new_id
from afterword.storage.tables import attempts
from afterword.storage.tables import deliveries as table
from support.recorded import HOUR, Recorded
from support.statements import plan, statements_of

LONG_AGO, NEVER = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def logged(database: Database) -> Recorded:
    mine = Recorded.in_(database)
    mine.subscribe()
    with database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")] * 3, clock.now())
    return mine


def listed(mine: Recorded, since: datetime | None = None, until: datetime | None = None) -> int:
    with mine.database.read() as session:
        return len(deliveries.page(session, mine.account_id, Filter(since=since, until=until), None, 9))


@pytest.mark.parametrize("skew", [timedelta(0), 20 * HOUR, -20 * HOUR], ids=str)
def test_it_is_found_by_the_time_that_it_shows_though_the_machines_clock_was_another(
    database: Database, skew: timedelta
) -> None:
    mine, shown = logged(database), clock.now() + skew
    with database.write() as session:
        session.execute(update(table).values(created_at=shown))
    minute = timedelta(minutes=1)
    assert (listed(mine, since=shown), listed(mine, since=shown + minute)) == (3, 0)
    assert (listed(mine, until=shown), listed(mine, until=shown + minute)) == (0, 3)
    assert listed(mine, LONG_AGO, NEVER) == 3


def test_what_was_long_ago_is_looked_for_there(database: Database) -> None:
    mine = logged(database)
    with statements_of(database, "deliveries") as asked:
        listed(mine, clock.now() - 400 * HOUR, clock.now() - 300 * HOUR)
    [(statement, values)] = asked
    with database.read() as session:
        lines = plan(session, statement, values)
    both = re.compile(r"\bid\)?(::text)? ?>.* AND \(*id\)?(::text)? ?<")
    bounds = [line for line in lines if both.search(line)]
    assert bounds, lines


def test_of_a_delivery_that_was_tried_very_often_the_newest_attempts_are_told(database: Database) -> None:
    mine = logged(database)
    delivery_id, most = mine.deliveries()[0].id, service.MOST_ATTEMPTS
    row = {"account_id": mine.account_id, "delivery_id": delivery_id, "started_at": clock.now(), "duration_ms": 1}
    tried = [{**row, "id": new_id("att"), "replay": 0, "number": number} for number in range(most + 5)]
    with database.write() as session:
        session.execute(insert(attempts), tried)
    with database.read() as session:
        found = service.attempts(session, service.find(session, mine.account_id, delivery_id), mine.account_id)
    assert [each.number for each in found] == list(range(5, most + 5))
