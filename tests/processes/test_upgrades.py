"""An upgrade under way: processes of this release on a database that a later one has migrated."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from afterword import clock
from afterword.storage.database import Database
from afterword.storage.tables import schema_floor
from support.accounts import open_account
from support.eventually import eventually
from support.receiver import receiving
from support.recorded import SECRET
from support.requests import post
from support.server import COMMAND, running_server

pytestmark = pytest.mark.process

LATER = "9999"


def migrated_by_a_later_release(database: Database, floor: str) -> None:
    with database.write() as session:
        session.exec_driver_sql("CREATE TABLE moods (name VARCHAR(20) PRIMARY KEY)")
        for table in ("heartbeats", "deliveries", "attempts", "events", "webhook_endpoints", "opportunities"):
            session.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN mood VARCHAR(20) DEFAULT 'well' NOT NULL")
        session.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{LATER}'")
        session.execute(update(schema_floor).values(revision=floor))


def started(command: str, directory: Path, database_url: str) -> subprocess.CompletedProcess[str]:
    """What came of a process that cannot start."""
    environment = {"AFTERWORD_DATA_DIR": str(directory), "DATABASE_URL": database_url, "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        [COMMAND, command], env=environment, capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip


@pytest.mark.parametrize("when", ["while it runs", "before it starts"])
def test_a_server_plans_and_sends_on_a_later_schema_that_is_open_to_it(
    database: Database, database_url: str, tmp_path: Path, when: str
) -> None:
    account = open_account(database)
    settings = {"DATABASE_URL": database_url, "AFTERWORD_ALLOWED_NETWORKS": "127.0.0.0/8"}
    if when == "before it starts":
        migrated_by_a_later_release(database, floor="0008")
    with (
        receiving(SECRET) as receiver,
        running_server(tmp_path, settings=settings) as server,
        account.client(server.url) as client,
    ):
        if when == "while it runs":
            migrated_by_a_later_release(database, floor="0008")
        post(client, "/webhook-endpoints", {"url": receiver.url, "secret": SECRET, "event_types": ["interview.held"]})
        ends_at = clock.now() + timedelta(seconds=1)
        times = {"starts_at": (ends_at - timedelta(hours=1)).isoformat(), "ends_at": ends_at.isoformat()}
        post(client, "/interviews", {"company": "Acme", **times})
        assert receiver.wait_for(lambda: len(receiver.ledger) == 1, 20)
        assert httpx.get(f"{server.url}/health/ready", trust_env=False).status_code == httpx.codes.OK


def test_no_part_starts_on_a_later_schema_that_is_not_open_to_it(
    database: Database, database_url: str, tmp_path: Path
) -> None:  # fmt: skip
    migrated_by_a_later_release(database, floor="9998")
    for command in ("serve", "api", "worker"):
        ended = started(command, tmp_path, database_url)
        assert ended.returncode == 2
        assert LATER in ended.stderr
        assert "9998" in ended.stderr
        assert "newer release" in ended.stderr
        assert "Traceback" not in ended.stderr


def test_a_server_that_is_left_behind_says_so_and_goes_on_living(
    database: Database, database_url: str, tmp_path: Path
) -> None:  # fmt: skip
    with running_server(tmp_path, settings={"DATABASE_URL": database_url}) as server:

        def ready() -> httpx.Response:
            return httpx.get(f"{server.url}/health/ready", trust_env=False)

        assert ready().status_code == httpx.codes.OK
        migrated_by_a_later_release(database, floor="9998")
        assert eventually(lambda: ready().status_code == httpx.codes.SERVICE_UNAVAILABLE, 5)
        assert "9998" in ready().json()["reason"]
        assert httpx.get(f"{server.url}/health/live", trust_env=False).status_code == httpx.codes.OK
