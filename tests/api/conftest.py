"""The API on a real server, and its callers.

One server of each kind of database answers for most tests, each of which has an account of its own. A test about what
is there before the first account asks for `fresh`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from afterword.api.app import create_app
from afterword.api.backend import Backend
from afterword.config import Settings
from afterword.storage.database import Database, open_database
from support.accounts import TestAccount, open_account
from support.databases import PostgresDatabases, SqliteFiles
from support.requests import AN_INTERVIEW, post
from support.served import served


@dataclass(frozen=True)
class Server:
    url: str
    database: Database
    backend: Backend


@contextmanager
def running(database_url: str, data_dir: Path, sign_up_code: str | None = None, **settings: Any) -> Iterator[Server]:
    """A server on a database that is migrated."""
    chosen = Settings(database_url=database_url, data_dir=data_dir, secret_key="a secret of the tests", **settings)
    database = open_database(database_url)
    app = create_app(chosen, database, sign_up_code)
    with served(app) as url:
        yield Server(url, database, app.state.backend)
    database.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_server(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with sqlite_files.migrated() as url, running(url, tmp_path_factory.mktemp("data")) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_server(
    postgres_databases: PostgresDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with postgres_databases.migrated() as url, running(url, tmp_path_factory.mktemp("data")) as server:
        yield server


@pytest.fixture
def server(database_kind: str, request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(f"{database_kind}_server")
    return found


@pytest.fixture
def fresh(database_url: str, tmp_path: Path) -> Iterator[Server]:
    """A server on a database without any account."""
    with running(database_url, tmp_path) as started:
        yield started


@pytest.fixture
def account(server: Server) -> TestAccount:
    return open_account(server.database)


@pytest.fixture
def client(account: TestAccount, server: Server) -> Iterator[httpx.Client]:
    with account.client(server.url) as opened:
        yield opened


@pytest.fixture
def stranger(server: Server) -> Iterator[httpx.Client]:
    """Somebody with an account of their own."""
    with open_account(server.database, "Another").client(server.url) as opened:
        yield opened


@pytest.fixture
def anonymous(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{server.url}/api/v1", timeout=30, trust_env=False) as opened:
        yield opened


@pytest.fixture
def interview(client: httpx.Client) -> dict[str, Any]:
    """One that is over, with one interviewer."""
    return post(client, "/interviews", AN_INTERVIEW)
