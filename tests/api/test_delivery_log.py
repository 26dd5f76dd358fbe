"""The log that an operator reads: what was sent, what came back, what never arrived; none of it can do harm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic_core import to_json
from sqlalchemy import update

from afterword import clock
from afterword.services.webhook_headers import HIDDEN
from afterword.storage.database import Database
from afterword.storage.tables import deliveries
from afterword.worker.sender import Sender
from api.conftest import running
from support.accounts import open_account
from support.eventually import eventually
from support.problems import refused_fields
from support.receiver import receiving
from support.recorded import SECRET
from support.requests import AN_INTERVIEW, post

ON_LOOPBACK = (ip_network("127.0.0.0/8"),)
UNDELIVERED = ("failed", "expired", "skipped")
SCRIPT = b"<script>alert('\xf0\x9f\x92\xa5')</script>"


@dataclass
class Log:
    """An account whose events go to receivers on this machine."""

    client: httpx.Client
    database: Database

    def subscribe(self, url: str, *types: str, **values: Any) -> dict[str, Any]:
        return post(
            self.client, "/webhook-endpoints", {"url": url, "secret": SECRET, "event_types": [*types] or None, **values}
        )

    def send(self, state: str = "delivered") -> None:
        """Send until every delivery is in a state."""
        sender = Sender(self.database, clock.now, ON_LOOPBACK, None, jitter=lambda: 0.0)
        sender.start()
        try:
            assert eventually(lambda: {each["state"] for each in self.listed()} == {state}, 10), self.listed()
        finally:
            sender.stop()

    def listed(self, **query: Any) -> list[dict[str, Any]]:
        answer = self.client.get("/deliveries", params=query)
        assert answer.status_code == httpx.codes.OK, answer.text
        return list(answer.json()["items"])

    def one(self, **query: Any) -> dict[str, Any]:
        """The only delivery there is, try by try."""
        [found] = self.listed(**query)
        told: dict[str, Any] = self.client.get(f"/deliveries/{found['id']}").json()
        return told

    def set(self, which: dict[str, Any], **values: Any) -> None:
        with self.database.write() as session:
            session.execute(update(deliveries).where(deliveries.c.id == which["id"]).values(**values))


@pytest.fixture
def log(database: Database, database_url: str, tmp_path: Path) -> Iterator[Log]:
    account = open_account(database)
    with (
        running(database_url, tmp_path, allowed_networks=ON_LOOPBACK) as server,
        account.client(server.url) as client,
    ):  # fmt: skip
        yield Log(client, database)


def test_each_attempt_has_what_was_sent_and_what_came_back(log: Log) -> None:
    told = {"content-type": "text/plain", "x-request": "7"}
    with receiving(SECRET, lambda _: (202, told, b"thanks")) as receiver:
        log.subscribe(receiver.url, "interview.created")
        post(log.client, "/interviews", AN_INTERVIEW)
        log.send()
    [received], delivery = receiver.ledger, log.one()
    [attempt] = delivery["attempts"]
    assert (attempt["number"], attempt["url"], attempt["error"]) == (1, receiver.url, None)
    assert (attempt["status_code"], attempt["response_body"]) == (202, "thanks")
    assert told.items() <= attempt["response_headers"].items()
    assert 0 <= attempt["duration_ms"] < 10_000
    assert attempt["started_at"] >= delivery["created_at"]
    sent = attempt["request_headers"]
    assert sent.items() <= received.headers.items()
    assert {"webhook-id", "webhook-timestamp", "webhook-signature", "content-type", "user-agent"} <= sent.keys()
    assert delivery["payload"] == received.payload
    assert int(received.headers["content-length"]) == len(to_json(delivery["payload"]))


def test_of_an_endpoints_own_headers_the_log_has_the_names_and_no_value(log: Log) -> None:
    with receiving(SECRET) as receiver:
        log.subscribe(receiver.url, "interview.created", headers={"Authorization": "Bearer of-mine", "X-Room": "9"})
        post(log.client, "/interviews", AN_INTERVIEW)
        log.send()
    assert receiver.ledger[0].headers["authorization"] == "Bearer of-mine"
    delivery = log.one()
    sent = delivery["attempts"][0]["request_headers"]
    assert (sent["Authorization"], sent["X-Room"]) == (HIDDEN, HIDDEN)
    whole = log.client.get(f"/deliveries/{delivery['id']}").text
    assert "of-mine" not in whole
    assert SECRET not in whole


def test_an_attempt_that_nobody_answered_says_why(log: Log) -> None:
    with receiving(SECRET) as gone:
        log.subscribe(gone.url, "interview.created")
    post(log.client, "/interviews", AN_INTERVIEW)
    log.send("retrying")
    delivery = log.one()
    [attempt] = delivery["attempts"]
    assert attempt["error"]
    assert (attempt["status_code"], attempt["response_headers"], attempt["response_body"]) == (None, None, "")
    assert delivery["reason"] == attempt["error"]
    assert delivery["next_attempt_at"] > attempt["started_at"]


def test_attempts_of_a_replay_stand_beside_those_before_it(log: Log) -> None:
    statuses = iter((500, 200, 200))
    with receiving(SECRET, lambda _: (next(statuses), {}, b"")) as receiver:
        log.subscribe(receiver.url, "interview.created")
        post(log.client, "/interviews", AN_INTERVIEW)
        log.send("retrying")
        log.set(log.one(), next_attempt_at=clock.now())
        log.send()
        post(log.client, f"/deliveries/{log.one()['id']}/replay", {}, 202)
        log.send()
    delivery = log.one()
    told = [(each["replay"], each["number"], each["status_code"]) for each in delivery["attempts"]]
    assert told == [(0, 1, 500), (0, 2, 200), (1, 1, 200)]
    assert {each["request_headers"]["webhook-id"] for each in delivery["attempts"]} == {delivery["event_id"]}


@pytest.mark.parametrize("body", [SCRIPT, b"\x00\x1b[31m\xff", b"</pre>" * 10_000], ids=["script", "control", "long"])
def test_what_a_receiver_answers_is_told_as_text_that_no_browser_runs(log: Log, body: bytes) -> None:
    answer = (500, {"content-type": "text/html", "refresh": "0;url=https://evil.example"}, body)
    with receiving(SECRET, lambda _: answer) as receiver:
        log.subscribe(receiver.url, "interview.created")
        post(log.client, "/interviews", AN_INTERVIEW)
        log.send("retrying")
    told = log.client.get(f"/deliveries/{log.one()['id']}")
    assert told.headers["content-type"] == "application/json"
    assert told.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in told.headers["content-security-policy"]
    assert "refresh" not in told.headers
    kept = told.json()["attempts"][0]["response_body"]
    assert isinstance(kept, str)
    assert len(kept.encode()) <= 16 * 1024
    assert kept.startswith(body.decode(errors="replace").replace("\x00", "\ufffd")[:5])


def test_the_log_is_found_by_endpoint_event_state_type_and_time_together(log: Log) -> None:
    first, second = (log.subscribe(f"http://127.0.0.1:9/{name}") for name in ("first", "second"))
    post(log.client, "/interviews", AN_INTERVIEW)
    whole = log.listed()
    some = {
        "endpoint_id": first["id"], "event_type": "interview.created", "state": "pending",
        "since": whole[-1]["created_at"], "until": "2100-01-01T00:00:00Z",
    }  # fmt: skip
    [found] = log.listed(**some)
    assert (found["endpoint_id"], found["url"], found["event_type"]) == (first["id"], first["url"], "interview.created")
    assert found["opportunity_id"] == log.client.get("/opportunities").json()["items"][0]["id"]
    assert {each["endpoint_id"] for each in log.listed(event_id=found["event_id"])} == {first["id"], second["id"]}
    for name, value in (("state", "failed"), ("endpoint_id", "whe_nobody"), ("until", some["since"])):
        assert log.listed(**{**some, name: value}) == []
    assert len(log.listed(endpoint_id=second["id"])) == len(whole) / 2


def test_what_never_arrived_is_a_list_of_its_own_in_pages(log: Log) -> None:
    log.subscribe("http://127.0.0.1:9/hook")
    for _ in range(2):
        post(log.client, "/interviews", AN_INTERVIEW)
    whole = log.listed()
    for each, state in zip(whole[1:], UNDELIVERED * 9, strict=False):
        log.set(each, state=state, reason=f"for {state}", next_attempt_at=None, finished_at=clock.now())
    undelivered = log.listed(undelivered=True)
    assert [each["id"] for each in undelivered] == [each["id"] for each in whole[1:]]
    assert {(each["state"], each["reason"]) for each in undelivered} == {(name, f"for {name}") for name in UNDELIVERED}
    expired = log.listed(undelivered=True, state=["expired", "delivered"])
    assert {each["state"] for each in expired} == {"expired"}
    assert log.listed(undelivered=True, state="delivered") == []
    page = log.client.get("/deliveries", params={"undelivered": True, "limit": 2})
    assert "undelivered=true" in page.headers["link"].lower()
    found, cursor = page.json()["items"], page.json()["next_cursor"]
    while cursor:
        following = log.client.get("/deliveries", params={"undelivered": True, "limit": 2, "cursor": cursor}).json()
        found, cursor = found + following["items"], following["next_cursor"]
    assert found == undelivered


@pytest.mark.parametrize(
    "query",
    [
        {"state": "lost"},
        {"event_type": "no.such"},
        {"since": "yesterday"},
        {"until": "2026-03-03T12:00:00"},
        {"endpoint_id": "../etc"},
        {"limit": 0},
        {"limit": 1_000_000},
        {"undelivered": "perhaps"},
    ],
    ids=str,
)
def test_what_the_log_cannot_be_asked_is_refused_at_its_field(log: Log, query: dict[str, Any]) -> None:
    refused = refused_fields(log.client.get("/deliveries", params=query))
    assert [path.partition(".")[0] for path in refused] == list(query)
