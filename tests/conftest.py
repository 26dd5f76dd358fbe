"""Databases for tests, and what a run must show: the same tests on each kind of database, and nothing skipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings

from afterword.storage.database import Database, open_database
from support.databases import KINDS, PostgresDatabases, SqliteFiles
from support.postgres import Cluster, running_cluster

# A machine that is busy is not a fault of the code.
settings.register_profile("afterword", deadline=None, print_blob=True)
settings.load_profile("afterword")

SAID, RAN_ON = "said", "ran on"


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres_databases(postgres_cluster: Cluster) -> PostgresDatabases:
    return PostgresDatabases(postgres_cluster)


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on; whoever asks for a database runs on each kind."""
    return str(request.param)


@pytest.fixture
def databases(database_kind: str, request: pytest.FixtureRequest) -> SqliteFiles | PostgresDatabases:
    # Asked for by name, so that no PostgreSQL starts for a run that needs none.
    return request.getfixturevalue({"sqlite": "sqlite_files", "postgresql": "postgres_databases"}[database_kind])


@pytest.fixture
def database_url(databases: SqliteFiles | PostgresDatabases) -> Iterator[str]:
    """A fresh database with the newest schema."""
    with databases.migrated() as url:
        yield url


@pytest.fixture
def empty_database_url(databases: SqliteFiles | PostgresDatabases) -> Iterator[str]:
    """A fresh database without a schema."""
    with databases.empty() as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def shared(postgres_databases: PostgresDatabases) -> Iterator[Database]:
    """A database in which several are at work at once: PostgreSQL. On SQLite whoever writes is alone."""
    with postgres_databases.migrated() as url:
        opened = open_database(url)
        yield opened
        opened.engine.dispose()


@pytest.fixture
def say(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Write a line that is seen at the end of the run, whether or not the test passes: seeds and figures."""

    def write(line: str) -> None:
        request.node.user_properties.append((SAID, f"{request.node.name}: {line}"))

    return write


def pytest_runtest_call(item: pytest.Item) -> None:
    kind = _database_kind(item)
    if kind:
        item.user_properties.append((RAN_ON, kind))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    # One of several processes that share out the tests knows only its own.
    is_one_of_several = hasattr(session.config, "workerinput")
    if exitstatus == pytest.ExitCode.OK and not is_one_of_several and _shortcomings(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in _told(config, SAID):
        terminalreporter.write_line(line)
    runs = Counter(_told(config, RAN_ON))
    if runs:
        counts = ", ".join(f"{kind} {runs[kind]}" for kind in KINDS)
        terminalreporter.write_line(f"storage and API tests: {counts}", bold=True)
    for shortcoming in _shortcomings(config):
        terminalreporter.write_line(f"FAILED {shortcoming}", red=True)


def _shortcomings(config: pytest.Config) -> list[str]:
    """What makes a run fail although each of its tests passed."""
    reports = _reports(config)
    left_out = [report.nodeid for kind in ("skipped", "xfailed", "xpassed") for report in reports.get(kind, [])]
    found = [f"nothing may be left out, and this was: {nodeid}" for nodeid in left_out]
    runs = Counter(_told(config, RAN_ON))
    if len({runs[kind] for kind in KINDS}) > 1 and not _chosen_by_hand(config):
        found.append("each test that needs a database must run on every kind of database")
    return found


def _told(config: pytest.Config, what: str) -> Iterator[str]:
    """What the tests tell of themselves, in whichever process they ran."""
    for reports in _reports(config).values():
        for report in reports:
            if isinstance(report, pytest.TestReport) and report.when == "call":
                yield from (str(value) for name, value in report.user_properties if name == what)


def _reports(config: pytest.Config) -> dict[str, list[Any]]:
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    return dict(reporter.stats)


def _chosen_by_hand(config: pytest.Config) -> bool:
    return bool(config.option.keyword or config.option.maxfail or any("::" in argument for argument in config.args))


def _database_kind(item: pytest.Item) -> str | None:
    parameters = getattr(item, "callspec", None)
    return parameters.params.get("database_kind") if parameters else None
