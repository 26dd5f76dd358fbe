"""A new release has everything planned again, once, and completes what an earlier one writes."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from afterword.services import events, webhook_endpoints
from afterword.services.events import LIFE_WITHOUT_EXPIRY, Occurrence
from afterword.services.releases import STEP, fingerprint, plan_anew_if_changed
from afterword.storage import outbox
from afterword.storage.database import Database
from afterword.storage.tables import deliveries, opportunities
from afterword.storage.tables import events as event_table
from afterword.worker import jobs
from support.recorded import DAY, END, HOUR, Recorded
from support.statements import indexes_of_deliveries, plan, statements_of


def wake_times(database: Database) -> set[object]:
    with database.read() as session:
        return set(session.execute(select(opportunities.c.wake_at)).scalars())


def test_the_same_release_wakes_nothing(database: Database) -> None:
    mine = Recorded.in_(database)
    plan_anew_if_changed(database, END, fingerprint())
    mine.log(END)
    before = wake_times(database)
    assert plan_anew_if_changed(database, END + HOUR, fingerprint()) is False
    assert wake_times(database) == before


def test_another_release_wakes_everything_once(database: Database) -> None:
    mine = Recorded.in_(database)
    plan_anew_if_changed(database, END, fingerprint())
    mine.log(END)
    mine.log(END, company="Globex")
    assert plan_anew_if_changed(database, END + HOUR, "afterword=2.0.0 holidays=9")
    assert wake_times(database) == {END + HOUR}
    assert plan_anew_if_changed(database, END + 2 * HOUR, "afterword=2.0.0 holidays=9") is False


def test_the_fingerprint_names_all_that_windows_are_reckoned_with() -> None:
    assert [part.partition("=")[0] for part in fingerprint().split()] == [
        "afterword",
        "holidays",
        "tzdata",
        "playbooks",
    ]


def as_an_earlier_release_writes_it(mine: Recorded, count: int) -> None:
    with mine.database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")] * count, END)
        session.execute(update(deliveries).values(expires_at=None))


@pytest.mark.parametrize("state", ["pending", "retrying"])
def test_what_an_earlier_release_wrote_expires_though_its_endpoint_is_paused(database: Database, state: str) -> None:
    mine = Recorded.in_(database)
    endpoint_id = mine.subscribe()
    with database.write() as session:
        webhook_endpoints.change(session, mine.account_id, endpoint_id, {"paused": True}, END)
    as_an_earlier_release_writes_it(mine, STEP + 3)
    with database.write() as session:
        session.execute(update(deliveries).values(state=state))
        # A release long ago may have left that out too.
        session.execute(update(event_table).where(event_table.c.sequence == 1).values(expires_at=None))
    jobs.complete(database, lambda _: None)
    assert {row.expires_at for row in mine.deliveries()} == {END + LIFE_WITHOUT_EXPIRY}
    with database.write() as session:
        assert outbox.expire(session, END + 8 * DAY) == STEP + 3


def test_what_has_ended_is_left_as_it_was_written(database: Database) -> None:
    mine = Recorded.in_(database)
    mine.subscribe()
    as_an_earlier_release_writes_it(mine, 2)
    with database.write() as session:
        session.execute(update(deliveries).values(state="delivered", next_attempt_at=None))
    jobs.complete(database, lambda _: None)
    assert {row.expires_at for row in mine.deliveries()} == {None}


def test_what_lacks_an_expiry_is_found_through_the_index_of_what_expires(database: Database) -> None:
    mine = Recorded.in_(database)
    mine.subscribe()
    as_an_earlier_release_writes_it(mine, 2)
    with statements_of(database, "deliveries") as asked:
        jobs.complete(database, lambda _: None)
    with database.read() as session:
        plans = [plan(session, each, values) for each, values in asked if each.startswith("SELECT")]
    assert len(plans) == 2
    for lines in plans:
        assert indexes_of_deliveries(lines) == {"ix_deliveries_expiring"}, lines
