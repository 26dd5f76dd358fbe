"""A release that runs while the database is migrated, and then beside the one that migrated it: on PostgreSQL."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from alembic import command
from sqlalchemy import func, select, text

from afterword import clock
from afterword.services import events
from afterword.services.events import Occurrence
from afterword.storage import database as storage
from afterword.storage.database import Database, open_database
from afterword.storage.identifiers import new_id
from afterword.storage.tables import deliveries
from afterword.storage.tables import events as event_rows
from faults.earlier_release import REVISION, EarlierRelease, set_up
from faults.host import Host, answering, hosting
from faults.sending import MovedClock, disagreements, eventually, sending
from support.databases import PostgresDatabases
from support.recorded import SECRET

PATHS = ("/one", "/two", "/three")


@pytest.fixture
def host() -> Iterator[Host]:
    with hosting() as running:
        running.behaviours = {path: answering(after=0.01) for path in PATHS}
        yield running


@pytest.fixture
def database(postgres_databases: PostgresDatabases) -> Iterator[Database]:
    """At the schema of the earlier release."""
    with postgres_databases.empty() as url:
        opened = open_database(url)
        with opened.engine.execution_options(writes=True).begin() as connection:
            config = storage._alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, REVISION)
        yield opened
        opened.engine.dispose()


def states(database: Database) -> Counter[str]:
    with database.read() as session:
        return Counter(session.execute(select(deliveries.c.state)).scalars())


def write(database: Database, account_id: str) -> None:
    with database.write() as session:
        events.record(session, account_id, [Occurrence("opportunity.updated")], clock.now())


def test_an_earlier_release_goes_on_through_the_migration_and_beside_the_new_one(
    database: Database, host: Host, say: Callable[[str], None]
) -> None:
    where = database.engine.url.set(drivername="postgresql").render_as_string(False)
    account_id = new_id("acc")
    set_up(where, account_id, [host.url(path) for path in PATHS], SECRET)
    earlier = [EarlierRelease(where, account_id) for _ in range(2)]
    for each in earlier:
        each.start()
    try:
        assert eventually(lambda: len(host.ledger) > 30)
        storage.migrate(database.engine)
        came = len(host.ledger)
        assert eventually(lambda: len(host.ledger) > came + 30), "it goes on with the schema it does not know"
        with sending(database, MovedClock()):
            for _ in range(40):
                write(database, account_id)
                time.sleep(0.02)
            assert eventually(lambda: noted(database) > 30), "the new release has its part in it"
            for each in earlier:
                each.stop()
            assert eventually(lambda: states(database).keys() == {"delivered"})
    finally:
        for each in earlier:
            each.stop()
    with database.read() as session:
        sequences = session.execute(select(event_rows.c.sequence).order_by(event_rows.c.sequence)).scalars().all()
    by_earlier = sum(each.sent for each in earlier)
    say(f"{len(sequences)} events; {by_earlier} deliveries by the earlier release, {noted(database)} by the new one")
    assert sequences == list(range(1, len(sequences) + 1))
    assert all(set(host.ids(path).values()) == {1} for path in PATHS), "nothing twice"
    assert all(len(host.ids(path)) == len(sequences) for path in PATHS)
    assert [each for each in disagreements(database, host) if "bodies" not in each] == []


def noted(database: Database) -> int:
    """Attempts of the new release: the earlier one did not note where it sent to."""
    with database.read() as session:
        counted = select(func.count()).select_from(text("attempts")).where(text("url IS NOT NULL"))
        return int(session.execute(counted).scalar_one())


def test_a_migration_that_others_at_work_bring_to_an_end_is_tried_again(database: Database) -> None:
    where = database.engine.url.set(drivername="postgresql").render_as_string(False)
    with ThreadPoolExecutor(1) as pool, psycopg.connect(where) as other:
        other.execute("SELECT count(*) FROM deliveries")
        migrating = pool.submit(storage.migrate, database.engine)
        assert eventually(lambda: waiting_for_locks(database) > 0)
        # The migration has this table and waits for the other: one of the two has to go, and it waits for longer.
        other.execute("SELECT count(*) FROM webhook_endpoints")
        other.commit()
        migrating.result(30)
    assert eventually(lambda: deadlocks(database) == 1)
    storage.check_schema(database.engine)


def waiting_for_locks(database: Database) -> int:
    with database.read() as session:
        return int(session.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one())


def deadlocks(database: Database) -> int:
    with database.write() as session:
        counted = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(session.execute(counted).scalar_one())
