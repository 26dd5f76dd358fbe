"""How long an answer of what to do next holds."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from afterword.services import planner
from afterword.services.next_actions import Query, entity_tag, is_watched, next_actions
from afterword.storage.database import Database
from support.recorded import DAY, END, HOUR, Recorded

MINUTE = timedelta(minutes=1)


@pytest.fixture
def mine(database: Database) -> Recorded:
    return Recorded.in_(database)


def tag(mine: Recorded, now: datetime, **query: str) -> str | None:
    """The tag that an answer is given out with, if it is given one."""
    with mine.database.read() as session:
        found = entity_tag(session, mine.account_id, Query(**query), now)
        page = next_actions(session, mine.account_id, Query(**query), now)
        return found if is_watched(session, mine.account_id, page) else None


def test_what_opens_thirty_days_on_is_there_all_day(mine: Recorded) -> None:
    mine.log(END - 2 * DAY, starts_at=END + 30 * DAY - HOUR)
    told = [mine.actions(now).keys() for now in (END - 10 * HOUR, END + HOUR)]
    assert ("thank-you", "Ana Ruiz") in told[0]
    assert told[0] == told[1]
    assert tag(mine, END - 10 * HOUR) == tag(mine, END + HOUR) is not None


def test_what_was_planned_by_a_clock_that_is_ahead_has_no_tag_until_then(mine: Recorded) -> None:
    interview = mine.log(END - HOUR / 2).interview
    assert tag(mine, END - MINUTE)
    mine.plan(END + MINUTE, interview.opportunity_id)
    assert tag(mine, END - MINUTE) is None
    assert tag(mine, END + 2 * MINUTE)


def test_what_could_not_be_planned_has_no_tag(mine: Recorded) -> None:
    interview = mine.log(END - HOUR / 2).interview
    assert tag(mine, END - MINUTE)
    with mine.database.write() as session:
        planner.park(session, interview.opportunity_id, END + MINUTE, "a fault")
    assert tag(mine, END - MINUTE) is None
    with mine.database.read() as session:
        assert entity_tag(session, mine.account_id, Query(), END) is None
