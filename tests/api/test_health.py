"""Whether it lives and whether it can serve."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import update

from afterword import clock
from afterword.api.app import create_app
from afterword.api.backend import THREADS
from afterword.config import Settings
from afterword.services import api_keys, planner
from afterword.storage.database import Database
from afterword.storage.tables import deliveries, schema_floor
from afterword.worker.jobs import heartbeat
from api.conftest import Server, running
from support.problems import refused_fields
from support.recorded import Recorded
from support.served import client_of


def test_it_lives_and_can_serve(server: Server) -> None:
    assert httpx.get(f"{server.url}/health/live", trust_env=False).json() == {"status": "live"}
    ready = httpx.get(f"{server.url}/health/ready", trust_env=False)
    assert ready.status_code == 200
    assert ready.json()["status"] == "ready"


def test_without_its_schema_it_lives_and_cannot_serve(empty_database_url: str, tmp_path: Path) -> None:
    with running(empty_database_url, tmp_path) as server:
        assert httpx.get(f"{server.url}/health/live", trust_env=False).status_code == 200
        ready = httpx.get(f"{server.url}/health/ready", trust_env=False)
    assert ready.status_code == 503
    assert "afterword migrate" in ready.json()["reason"]


@pytest.mark.parametrize("scheme", ["postgresql", "sqlite"])
def test_without_its_database_it_lives_and_cannot_serve(tmp_path: Path, scheme: str) -> None:
    (tmp_path / "folder").mkdir()
    nowhere = {
        "sqlite": f"sqlite:///{tmp_path / 'folder'}",
        "postgresql": "postgresql+psycopg://nobody@127.0.0.1:1/nothing",
    }
    with running(nowhere[scheme], tmp_path) as server:
        assert httpx.get(f"{server.url}/health/live", trust_env=False).status_code == 200
        assert httpx.get(f"{server.url}/health/ready", trust_env=False).status_code == 503
        answer = httpx.get(f"{server.url}/api/v1/me", headers={"Authorization": "Bearer afw_a_b"}, trust_env=False)
    refused_fields(answer, 503)
    assert answer.headers["retry-after"]


def test_it_lives_while_every_thread_waits(database: Database, database_url: str, tmp_path: Path) -> None:
    started, enough = threading.Barrier(THREADS + 1), threading.Event()

    def wait() -> None:
        started.wait(10)
        enough.wait(10)

    app = create_app(Settings(database_url, tmp_path), database)
    app.router.routes.insert(0, APIRoute("/wait", wait))
    with client_of(app) as client, ThreadPoolExecutor(THREADS) as callers:
        for _ in range(THREADS):
            callers.submit(client.get, "/wait")
        started.wait(10)
        try:
            assert client.get("/health/live", timeout=2).status_code == 200
        finally:
            enough.set()


def ready(server: Server) -> dict[str, Any]:
    answer = httpx.get(f"{server.url}/health/ready", trust_env=False)
    assert answer.status_code == httpx.codes.OK
    told: dict[str, Any] = answer.json()
    return told


def test_without_a_worker_it_serves_and_says_so(fresh: Server) -> None:
    told = ready(fresh)
    assert (told["status"], told["reason"], told["worker_beat_age_seconds"]) == ("ready", None, None)
    assert [each for each in told["concerns"] if "afterword worker" in each]


def test_with_all_well_nothing_is_of_concern(fresh: Server) -> None:
    heartbeat(fresh.database, "w", clock.now)
    told = ready(fresh)
    assert told.pop("worker_beat_age_seconds") < 10
    assert told == {
        "status": "ready", "reason": None, "parked": 0, "queue_depth": 0, "lateness_seconds": 0,
        "planning_lateness_seconds": 0, "concerns": [],
    }  # fmt: skip


def test_a_worker_that_has_not_ticked_for_long_shows(fresh: Server) -> None:
    heartbeat(fresh.database, "w", lambda: clock.now() - timedelta(seconds=90))
    told = ready(fresh)
    assert 90 <= told["worker_beat_age_seconds"] < 120
    assert [each for each in told["concerns"] if "ticked" in each]


def test_a_worker_that_lives_is_not_hidden_by_one_that_has_died(fresh: Server) -> None:
    heartbeat(fresh.database, "dead", lambda: clock.now() - timedelta(hours=2))
    heartbeat(fresh.database, "alive", clock.now)
    assert ready(fresh)["worker_beat_age_seconds"] < 10


def test_a_beat_from_a_moment_ahead_is_not_of_a_negative_age(fresh: Server) -> None:
    heartbeat(fresh.database, "w", lambda: clock.now() + timedelta(seconds=20))
    assert ready(fresh)["worker_beat_age_seconds"] == 0


def test_what_is_due_shows_with_how_late_it_is(fresh: Server) -> None:
    mine, now = Recorded.in_(fresh.database), clock.now()
    mine.subscribe()
    opportunity_id = mine.log(now, starts_at=now + timedelta(days=1)).interview.opportunity_id
    mine.wake(opportunity_id, now - timedelta(minutes=5))
    depth = len(mine.deliveries())
    with fresh.database.write() as session:
        session.execute(update(deliveries).values(next_attempt_at=now - timedelta(minutes=10)))
    told = ready(fresh)
    assert told["queue_depth"] == depth > 0
    assert 600 <= told["lateness_seconds"] < 660
    assert 300 <= told["planning_lateness_seconds"] < 360
    assert len([each for each in told["concerns"] if "due" in each]) == 2


def test_what_cannot_be_planned_is_counted_and_its_account_is_told_why(fresh: Server) -> None:
    mine, now = Recorded.in_(fresh.database), clock.now()
    opportunity_id = mine.log(now, starts_at=now + timedelta(days=1)).interview.opportunity_id
    with fresh.database.write() as session:
        planner.park(session, opportunity_id, now, "ZoneInfoNotFoundError: Mars/Olympus")
    told = ready(fresh)
    assert told["parked"] == 1
    assert [each for each in told["concerns"] if "parked_reason" in each]
    with fresh.database.write() as session:
        _, key = api_keys.create(session, mine.account_id, "tests", now)
    headers = {"Authorization": f"Bearer {key}"}
    path = f"{fresh.url}/api/v1/opportunities/{opportunity_id}"
    shown = httpx.get(path, headers=headers, trust_env=False).json()
    assert shown["parked_reason"] == "ZoneInfoNotFoundError: Mars/Olympus"
    assert shown["parked_until"]
    mine.plan(now, opportunity_id)
    shown = httpx.get(path, headers=headers, trust_env=False).json()
    assert (shown["parked_until"], shown["parked_reason"]) == (None, None)


@pytest.mark.parametrize(("floor", "status"), [("0001", 200), ("9998", 503)])
def test_after_an_upgrade_beside_it_it_serves_as_long_as_the_new_schema_is_open_to_it(
    fresh: Server, floor: str, status: int
) -> None:
    assert httpx.get(f"{fresh.url}/health/ready", trust_env=False).status_code == httpx.codes.OK
    with fresh.database.write() as session:
        session.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        session.execute(update(schema_floor).values(revision=floor))
    answer = httpx.get(f"{fresh.url}/health/ready", trust_env=False)
    assert answer.status_code == status
    assert status == httpx.codes.OK or "9998" in answer.json()["reason"]
