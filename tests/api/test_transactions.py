"""The answer is as true as the commit, and many callers at once get theirs."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import httpx
import pytest

from afterword import clock
from afterword.api.backend import LONGEST_WAIT_SECONDS
from afterword.api.credentials import Credentials
from afterword.api.deps import _read_access
from afterword.storage import planned
from afterword.storage.database import Database
from afterword.storage.next_actions import freshness
from api.conftest import Server
from support.accounts import TestAccount, open_account
from support.playbooks import AS_YAML, OUR_WAY
from support.problems import refused_fields

FAILS_AT_COMMIT = {
    "sqlite": """
        CREATE TABLE ledger (id INTEGER PRIMARY KEY);
        CREATE TABLE entries (ledger_id INTEGER REFERENCES ledger (id) DEFERRABLE INITIALLY DEFERRED);
        CREATE TRIGGER enter AFTER INSERT ON contacts BEGIN INSERT INTO entries VALUES (7); END;
    """,
    "postgresql": """
        CREATE TABLE ledger (id INTEGER PRIMARY KEY);
        CREATE TABLE entries (ledger_id INTEGER REFERENCES ledger (id) DEFERRABLE INITIALLY DEFERRED);
        CREATE FUNCTION enter() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN INSERT INTO entries VALUES (7); RETURN NULL; END $$;
        CREATE TRIGGER enter AFTER INSERT ON contacts FOR EACH ROW EXECUTE FUNCTION enter();
    """,
}


def execute_script(database: Database, script: str) -> None:
    connection = database.engine.raw_connection()
    try:
        if database.engine.dialect.name == "sqlite":
            connection.executescript(script)
        else:
            connection.cursor().execute(script)
            connection.commit()
    finally:
        connection.close()


@pytest.fixture
def mine(fresh: Server) -> Iterator[httpx.Client]:
    with open_account(fresh.database).client(fresh.url) as opened:
        yield opened


def test_a_commit_that_fails_is_not_answered_as_done(mine: httpx.Client, fresh: Server, database_kind: str) -> None:
    execute_script(fresh.database, FAILS_AT_COMMIT[database_kind])
    answer = mine.post("/contacts", json={"name": "Ana"}, headers={"Idempotency-Key": "1"})
    refused_fields(answer, 500)
    assert answer.headers["Connection"] == "close"
    assert "ledger" not in answer.text
    assert "sql" not in answer.text.lower()
    assert mine.get("/contacts").json()["items"] == []

    execute_script(fresh.database, "DROP TRIGGER enter" + (" ON contacts" if database_kind == "postgresql" else ""))
    assert mine.post("/contacts", json={"name": "Ana"}, headers={"Idempotency-Key": "1"}).status_code == 201


def test_thirty_writers_at_once_all_write(client: httpx.Client, account: TestAccount, server: Server) -> None:
    statuses: Counter[int] = Counter()

    def write_and_read(number: int) -> None:
        with account.client(server.url) as caller:
            made = caller.post("/contacts", json={"name": f"P{number}"})
            statuses[made.status_code] += 1
            statuses[caller.get("/contacts", params={"name": f"p{number}"}).status_code] += 1

    threads = [threading.Thread(target=write_and_read, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == {201: 30, 200: 30}
    assert len(client.get("/contacts", params={"limit": 200}).json()["items"]) == 30


def test_who_waits_to_store_a_playbook_holds_no_connection(
    client: httpx.Client, account: TestAccount, server: Server
) -> None:
    def store(number: int) -> None:
        with account.client(server.url) as caller:
            caller.post("/playbooks", content=OUR_WAY.replace("our-way", f"way-{number}"), headers=AS_YAML)

    client.get("/me").raise_for_status()
    turns = server.backend._turns
    assert turns is not None, "a server that has answered has started"
    threads = [threading.Thread(target=store, args=(number,)) for number in range(12)]
    with server.database.write() as session:
        session.exec_driver_sql(f"UPDATE accounts SET name = 'Busy' WHERE id = '{account.id}'")
        for thread in threads:
            thread.start()
        end = time.monotonic() + LONGEST_WAIT_SECONDS
        while turns.statistics().tasks_waiting < 8 and time.monotonic() < end:
            time.sleep(0.01)
        waiting = turns.statistics().tasks_waiting
        held = server.database.engine.pool.checkedout()  # type: ignore[attr-defined]
    for thread in threads:
        thread.join()
    assert waiting >= 8
    assert held <= 5, "ours, those of the writers whose turn it is, and of readers on their way"


def test_a_database_locked_past_its_timeout_says_when_to_try_again(
    client: httpx.Client, account: TestAccount, server: Server
) -> None:
    with server.database.write() as session:
        session.exec_driver_sql(f"UPDATE accounts SET name = 'Busy' WHERE id = '{account.id}'")
        answer = client.post("/contacts", json={"name": "Ana"})
        assert client.get("/contacts").json()["items"] == []
    refused_fields(answer, 503)
    assert int(answer.headers["retry-after"]) >= 1
    assert client.post("/contacts", json={"name": "Ana"}).status_code == 201


def test_a_read_writes_nothing(client: httpx.Client, account: TestAccount, server: Server) -> None:
    client.get("/me")

    def states() -> list[object]:
        with server.database.read() as session:
            accounts = session.exec_driver_sql(f"SELECT * FROM accounts WHERE id = '{account.id}'").all()
            keys = session.exec_driver_sql(f"SELECT * FROM api_keys WHERE account_id = '{account.id}'").all()
        return [accounts, keys]

    before = states()
    for path in ("/me", "/interviews", "/opportunities", "/contacts", "/touches", "/next-actions", "/api-keys"):
        assert client.get(path).status_code == 200
    assert states() == before


def test_a_reader_looks_at_the_clock_after_the_snapshot_is_taken(
    server: Server, account: TestAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_clock = clock.now

    def now_while_others_plan() -> datetime:
        with server.database.write() as session:
            planned.raise_version(session, account.id)
        return read_clock()

    monkeypatch.setattr(clock, "now", now_while_others_plan)
    with _read_access(server.backend, Credentials(account.key, None)) as granted:
        seen, *_ = freshness(granted.session, account.id, granted.now)
    with server.database.read() as session:
        written, *_ = freshness(session, account.id, granted.now)
    assert seen < written, "else a plan may have been seen that was made after the instant that is answered for"
