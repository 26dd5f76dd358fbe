"""Whether it lives and whether it can serve."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute

from afterword.api.app import create_app
from afterword.api.backend import THREADS
from afterword.config import Settings
from afterword.storage.database import Database
from api.conftest import Server, running
from support.problems import refused_fields
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


def test_an_old_beat_of_the_worker_shows(fresh: Server) -> None:
    with fresh.database.write() as session:
        session.exec_driver_sql("INSERT INTO heartbeats (worker, at) VALUES ('w', '2026-01-01T00:00:00.000000Z')")
    told = httpx.get(f"{fresh.url}/health/ready", trust_env=False).json()
    assert told["worker_beat_age_seconds"] > 60
