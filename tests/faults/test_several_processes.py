"""Several processes at once: workers that race, replicas that are asked the same, and all of them told to stop."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from afterword import clock
from afterword.storage.database import Database
from afterword.storage.tables import deliveries
from afterword.worker import jobs
from api.conftest import running
from faults.host import Host, answering, hosting
from faults.processes import installed
from faults.sending import MovedClock, Subscribed, disagreements, eventually, sending
from support.accounts import TestAccount, open_account
from support.recorded import Recorded
from support.requests import AN_INTERVIEW

REPLICAS, PRESSES = 4, 12
LATEST_SECONDS = 2.0
LOOPBACK = "127.0.0.0/8"


@pytest.fixture
def host() -> Iterator[Host]:
    with hosting() as endless:
        yield endless


@pytest.mark.process
def test_disabling_pausing_or_deleting_an_endpoint_stops_every_worker_within_two_seconds(
    database: Database, host: Host, tmp_path: Path, say: Callable[[str], None]
) -> None:
    account = open_account(database)
    mine = Recorded(database, account.id)
    host.behaviours = {path: answering(after=0.05) for path in ("/disabled", "/paused", "/deleted", "/left-alone")}
    boxes = {path: Subscribed.at(mine, host, path) for path in host.behaviours}
    boxes["/disabled"].happen(500, clock.now())
    with installed(database, tmp_path) as installation, account.client(installation.api.url) as client:
        assert eventually(lambda: all(len(host.calls(path)) > 8 for path in boxes), 20)
        told = {"/disabled": {"enabled": False}, "/paused": {"paused": True}}
        stopped = {path: stop(client, box, told.get(path)) for path, box in boxes.items() if path != "/left-alone"}
        time.sleep(max(stopped.values()) + LATEST_SECONDS + 0.5 - time.time())
    assert host.calls("/left-alone")[-1].at > max(stopped.values()) + LATEST_SECONDS, "the workers went on"
    for path, at in stopped.items():
        last = max(call.at for call in host.calls(path)) - at
        say(f"{path} was last sent to {last:+.3f} s after the answer, {len(host.calls(path))} of 500 times")
        assert last < LATEST_SECONDS
        assert len(host.calls(path)) < 500
        assert boxes[path].states()["delivered"] == len(host.calls(path))
    assert boxes["/deleted"].states()["skipped"] == 500 - len(host.calls("/deleted"))
    assert all(set(host.ids(path).values()) == {1} for path in boxes), "nothing twice, whoever sent it"
    assert disagreements(database, host) == []


def stop(client: httpx.Client, box: Subscribed, values: dict[str, bool] | None) -> float:
    """Change the endpoint or, without values, delete it; when that was answered."""
    path = f"/webhook-endpoints/{box.id}"
    answer = client.patch(path, json=values) if values else client.delete(path)
    answer.raise_for_status()
    return time.time()


@pytest.fixture
def account(database: Database) -> TestAccount:
    return open_account(database)


@pytest.fixture
def replicas(database_url: str, account: TestAccount, tmp_path: Path) -> Iterator[Sequence[httpx.Client]]:
    """A caller of each of four servers on one database, each with an engine and a state of its own."""
    with ExitStack() as stack:
        servers = [stack.enter_context(running(database_url, tmp_path)) for _ in range(REPLICAS)]
        callers = [stack.enter_context(account.client(server.url)) for server in servers]
        for caller in callers:
            # A server puts its routes together when it is first asked, and four in one process must not do it at once.
            assert caller.get("/nowhere").status_code == httpx.codes.NOT_FOUND
        yield callers


def at_once(ask: Callable[[httpx.Client], httpx.Response], replicas: Sequence[httpx.Client]) -> list[httpx.Response]:
    """The same asked of all replicas at the same time, several times."""
    with ThreadPoolExecutor(PRESSES) as pool:
        return list(pool.map(ask, [replicas[number % REPLICAS] for number in range(PRESSES)]))


def test_four_replicas_and_one_idempotency_key_do_it_once(
    database: Database, account: TestAccount, host: Host, replicas: Sequence[httpx.Client]
) -> None:
    box = Subscribed.at(Recorded(database, account.id), host, "/hook", ["interview.created"])

    def ask(client: httpx.Client) -> httpx.Response:
        return client.post("/interviews", json=AN_INTERVIEW, headers={"Idempotency-Key": "the-same"})

    answers = at_once(ask, replicas)
    assert {answer.status_code for answer in answers} <= {201, 409}
    again = [ask(client) for client in replicas]
    assert {answer.status_code for answer in again} == {201}
    made = {answer.json()["id"] for answer in (*answers, *again) if answer.status_code == httpx.codes.CREATED}
    assert len(made) == 1
    assert len(replicas[0].get("/interviews").json()["items"]) == 1
    with sending(database, MovedClock()):
        assert eventually(lambda: box.states() == {"delivered": 1})
    assert list(host.ids().values()) == [1]


def test_a_replay_of_one_that_is_pressed_many_times_is_sent_once(
    database: Database, account: TestAccount, host: Host, replicas: Sequence[httpx.Client]
) -> None:
    box = Subscribed.at(Recorded(database, account.id), host, "/hook")
    box.happen(1, clock.now())
    ended(database)
    path = f"/deliveries/{box.deliveries()[0].id}/replay"
    answers = at_once(lambda client: client.post(path), replicas)
    assert Counter(answer.json().get("queued") for answer in answers) == {1: 1, 0: PRESSES - 1}
    with sending(database, MovedClock()):
        assert eventually(lambda: box.states() == {"delivered": 1})
    assert list(host.ids().values()) == [1]
    assert [row.replay for row in box.deliveries()] == [1]


def test_a_replay_of_many_that_is_pressed_many_times_is_done_once(
    database: Database, account: TestAccount, host: Host, replicas: Sequence[httpx.Client]
) -> None:
    now = MovedClock()
    box = Subscribed.at(Recorded(database, account.id), host, "/hook")
    box.happen(30, clock.now())
    ended(database)
    asked: dict[str, Any] = {"since": box.deliveries()[0].created_at.isoformat(), "delivered_too": True}
    answers = at_once(lambda client: client.post(f"/webhook-endpoints/{box.id}/replays", json=asked), replicas)
    assert Counter(answer.status_code for answer in answers) == {202: 1, 409: PRESSES - 1}, answers[0].text
    with sending(database, now):
        with ThreadPoolExecutor(2) as workers:
            list(workers.map(lambda _: jobs.replay(database, now), range(6)))
        assert eventually(lambda: box.states() == {"delivered": 30})
    assert set(host.ids().values()) == {1}
    assert len(host.ids()) == 30


def ended(database: Database) -> None:
    """As if all had been delivered to somebody else."""
    done = {"state": "delivered", "attempt": 1, "next_attempt_at": None, "finished_at": clock.now()}
    with database.write() as session:
        session.execute(update(deliveries).values(**done))
