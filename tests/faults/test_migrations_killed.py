"""A migration that is killed half-way leaves what was there, is refused until it is done, and can be done again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command

from afterword import clock
from afterword.formats.webhook_event import Event, payload
from afterword.storage import database as storage
from afterword.storage.database import Database, create_engine_for, open_database, schema_revision
from afterword.storage.tables import deliveries, events, webhook_endpoints
from faults import places
from faults.crew import SCALED, Crew
from faults.fail_points import FailPoint
from faults.ledger import keeping
from faults.ledger_process import secret_of
from faults.member import eventually
from support.accounts import open_account

pytestmark = pytest.mark.process
BEFORE = "0006"
PATH = "/0/all"
REFUSED = 2
#: Statements of the migrations after 0006, at which the process dies one after the other.
HALF_WAYS = (1, 8, 20)


def test_a_migration_that_is_killed_is_refused_until_it_is_done_and_loses_nothing(
    database_kind: str, empty_database_url: str, tmp_path: Path, say: Callable[[str], None]
) -> None:
    migrate_to(empty_database_url, BEFORE)
    database = open_database(empty_database_url)
    crew = Crew(database_kind, empty_database_url, tmp_path, SCALED)
    try:
        with keeping(tmp_path / "ledger", seed=1, failing=0) as ledger:
            event_id = told_by_the_former_release(database, ledger.url)
            for number in HALF_WAYS:
                dying = crew.start("migrate", FailPoint("in a migration", places.MIGRATION, "after", nth=number))
                assert eventually(lambda dying=dying: dying.is_over, 60)
                dying.died(ledger)
                found = schema_revision(database.engine)
                say(f"killed after statement {number}: revision {found}")
                refused = crew.run("worker")
                assert refused.returncode == REFUSED, refused.stderr
                assert "afterword migrate" in refused.stderr
            assert crew.run("migrate").returncode == 0
            sender = crew.sender()
            assert eventually(lambda: (ledger.follow(), ledger.taken)[1] == 1, 60)
            assert sender.end() == 0
            assert [each.pair for each in ledger.arrivals] == [(PATH, event_id)]
    finally:
        crew.close()
        database.engine.dispose()


def test_a_server_on_sqlite_that_dies_while_it_migrates_comes_up_the_next_time(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'afterword.db'}"
    crew = Crew("sqlite", url, tmp_path, SCALED)
    try:
        with keeping(tmp_path / "ledger", seed=1) as ledger:
            for number in (5, 40):
                dying = crew.writer(FailPoint("in a migration", places.MIGRATION, "after", nth=number))
                assert eventually(lambda dying=dying: dying.is_over, 60)
                dying.died(ledger)
            crew.writer().wait_until_ready()
    finally:
        crew.close()


def migrate_to(url: str, revision: str) -> None:
    engine = create_engine_for(url)
    with engine.execution_options(writes=True).connect() as connection, connection.begin():
        config = storage._alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def told_by_the_former_release(database: Database, url: str) -> str:
    """An event that waits to be sent, written in the columns that the former release knows."""
    account, now = open_account(database).id, clock.now()
    endpoint = {
        "id": "whe_former", "account_id": account, "url": url + PATH, "secrets": [secret_of(PATH)], "enabled": True,
        "version": 1, "created_at": now, "updated_at": now,
    }  # fmt: skip
    told = Event("evt_former", "touch.recorded", 1, now, None, None, None, None, None, None, None, test=False)
    event = {
        "id": told.id, "account_id": account, "sequence": 1, "type": told.type, "payload": payload(told),
        "occurred_at": now, "expires_at": now + timedelta(days=7),
    }  # fmt: skip
    delivery = {
        "id": "dlv_former", "account_id": account, "event_id": told.id, "endpoint_id": endpoint["id"],
        "state": "pending", "attempt": 0, "crashes": 0, "next_attempt_at": now, "created_at": now,
    }  # fmt: skip
    with database.write() as session:
        session.execute(webhook_endpoints.insert().values(**endpoint))
        session.execute(events.insert().values(**event))
        session.execute(deliveries.insert().values(**delivery))
    return told.id
