"""What every other test relies on."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from afterword.storage.database import Database, check_schema, create_engine_for

pytest_plugins = ["pytester"]
CONFTEST = Path(__file__).with_name("conftest.py")


def test_a_database_comes_with_the_newest_schema(database: Database) -> None:
    check_schema(database.engine)


def test_an_empty_database_has_no_tables(empty_database_url: str) -> None:
    engine = create_engine_for(empty_database_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


@pytest.mark.parametrize("_again", range(2))
def test_no_test_sees_what_another_wrote(database: Database, _again: int) -> None:
    with database.write() as session:
        session.execute(text("CREATE TABLE traces (id INTEGER PRIMARY KEY)"))


def test_nothing_leaves_the_machine() -> None:
    with socket.socket() as outward, pytest.raises((UserWarning, RuntimeError), match="tried to use socket"):
        outward.connect(("192.0.2.1", 80))


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


@pytest.fixture(params=[[], ["-n", "2"]], ids=["in one process", "in two"])
def run(request: pytest.FixtureRequest, pytester: pytest.Pytester) -> Callable[[str], pytest.RunResult]:
    """Runs a test of that source, with our own conftest."""

    def _run(test: str) -> pytest.RunResult:
        pytester.makeconftest(CONFTEST.read_text())
        pytester.makepyfile(test)
        return pytester.runpytest("-p", "no:randomly", "-p", "no:socket", *request.param)

    return _run


def test_a_run_fails_when_a_test_is_skipped(run: Callable[[str], pytest.RunResult]) -> None:
    result = run("import pytest\ndef test_it():\n    pytest.skip('later')")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["FAILED nothing may be left out*test_it*"])


def test_a_run_fails_when_the_databases_are_tested_unequally(run: Callable[[str], pytest.RunResult]) -> None:
    source = "import pytest\n@pytest.mark.parametrize('database_kind', ['sqlite'])\ndef test_it(database_kind): pass"
    result = run(source)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["storage and API tests: sqlite 1, postgresql 0", "FAILED each test that needs*"])


@pytest.mark.parametrize("outcome", ["pass", "assert False"])
def test_what_a_test_says_is_seen_whatever_becomes_of_it(run: Callable[[str], pytest.RunResult], outcome: str) -> None:
    result = run(f"def test_it(say):\n    say('seed 7')\n    {outcome}")
    assert result.ret == (pytest.ExitCode.OK if outcome == "pass" else pytest.ExitCode.TESTS_FAILED)
    result.stdout.fnmatch_lines(["test_it: seed 7"])
