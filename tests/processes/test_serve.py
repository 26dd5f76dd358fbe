"""Real processes: how late an opening is told, what ends well, and what a server needs."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from afterword import clock
from afterword.storage.database import Database
from support.accounts import open_account
from support.receiver import receiving
from support.recorded import SECRET
from support.server import COMMAND, running_server

pytestmark = pytest.mark.process

ALLOWED = {"AFTERWORD_ALLOWED_NETWORKS": "127.0.0.0/8"}
LATEST_SECONDS = 2.0
LARGEST_RSS_KB = 120 * 1024


def test_an_opening_is_told_within_two_seconds(
    database: Database, database_url: str, tmp_path: Path, say: Callable[[str], None]
) -> None:
    account = open_account(database)
    with (
        receiving(SECRET) as receiver,
        running_server(tmp_path, settings={**ALLOWED, "DATABASE_URL": database_url}) as server,
        account.client(server.url) as client,
    ):
        made = client.post(
            "/webhook-endpoints", json={"url": receiver.url, "secret": SECRET, "event_types": ["action.opened"]}
        )
        assert made.status_code == httpx.codes.CREATED, made.text
        ends_at = clock.now() + timedelta(seconds=3)
        interview = {
            "company": "Acme",
            "starts_at": (ends_at - timedelta(hours=1)).isoformat(),
            "ends_at": ends_at.isoformat(),
            "people": [{"name": "Ana Ruiz", "email": "ana@acme.example"}],
        }
        assert client.post("/interviews", json=interview).status_code == httpx.codes.CREATED

        def thanks() -> list[float]:
            kinds = [(each.at, each.payload["data"]["action"]["kind"]) for each in receiver.ledger if each.payload]
            return [at for at, kind in kinds if kind == "thank-you"]

        assert receiver.wait_for(lambda: bool(thanks()), 10)
        lateness = thanks()[0] - ends_at.timestamp()
        say(f"told {lateness:.3f} s after the window opened")
        assert 0 <= lateness < LATEST_SECONDS


def test_sigterm_lets_what_is_on_its_way_arrive(database: Database, database_url: str, tmp_path: Path) -> None:
    account = open_account(database)
    with (
        receiving(SECRET, pause=1) as receiver,
        running_server(tmp_path, settings={**ALLOWED, "DATABASE_URL": database_url}) as server,
        account.client(server.url) as client,
    ):
        client.post(
            "/webhook-endpoints", json={"url": receiver.url, "secret": SECRET, "event_types": ["interview.created"]}
        )
        logged = {"company": "Acme", "starts_at": (clock.now() + timedelta(days=1)).isoformat()}
        assert client.post("/interviews", json=logged).status_code == httpx.codes.CREATED
        assert receiver.wait_for(lambda: len(receiver.ledger) == 1, 5)
        assert server.stop() == 0
    with database.read() as session:
        rows = session.exec_driver_sql("SELECT state FROM deliveries").all()
    assert [row[0] for row in rows] == ["delivered"]


def test_an_idle_server_stays_small(tmp_path: Path, say: Callable[[str], None]) -> None:
    with running_server(tmp_path) as server:
        httpx.get(f"{server.url}/api/v1/playbooks", timeout=10, trust_env=False).raise_for_status()
        status = Path(f"/proc/{server.process.pid}/status").read_text()
        rss = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
        say(f"{rss / 1024:.0f} MB")
        assert rss < LARGEST_RSS_KB


def test_parts_that_run_apart_refuse_a_schema_they_do_not_know(empty_database_url: str, tmp_path: Path) -> None:
    for command in ("api", "worker"):
        ended = run(tmp_path, empty_database_url, command)
        assert ended.returncode == 2
        assert "afterword migrate" in ended.stderr
    assert run(tmp_path, empty_database_url, "migrate").returncode == 0


def test_a_key_made_on_the_command_line_works(database: Database, database_url: str, tmp_path: Path) -> None:
    open_account(database)
    made = run(tmp_path, database_url, "keys", "create", "--name", "a script")
    assert made.returncode == 0, made.stderr
    with running_server(tmp_path, settings={"DATABASE_URL": database_url}, command="api") as server:
        headers = {"Authorization": f"Bearer {made.stdout.strip()}"}
        told = httpx.get(f"{server.url}/api/v1/next-actions", headers=headers, timeout=10, trust_env=False)
    assert told.status_code == httpx.codes.OK
    assert datetime.fromisoformat(told.json()["as_of"]).tzinfo is not None


def run(directory: Path, database_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"AFTERWORD_DATA_DIR": str(directory), "DATABASE_URL": database_url, "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        [COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip
