"""Idempotency-Key: a request sent again is answered again and done once."""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx
import pytest

from afterword.storage.database import Database
from afterword.storage.idempotency import try_lock
from api.conftest import Server
from support.accounts import TestAccount
from support.problems import refused_fields
from support.requests import AN_INTERVIEW

KEY = {"Idempotency-Key": "7f9c"}


def test_the_same_request_is_done_once(client: httpx.Client) -> None:
    first = client.post("/interviews", json=AN_INTERVIEW, headers=KEY)
    again = client.post("/interviews", json=AN_INTERVIEW, headers=KEY)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert len(client.get("/interviews").json()["items"]) == 1


def test_another_body_is_another_request(client: httpx.Client) -> None:
    client.post("/contacts", json={"name": "Ana"}, headers=KEY)
    refused_fields(client.post("/contacts", json={"name": "Ben"}, headers=KEY), 422)
    assert len(client.get("/contacts").json()["items"]) == 1


def test_another_route_or_account_has_keys_of_its_own(client: httpx.Client, stranger: httpx.Client) -> None:
    for caller in (client, stranger):
        assert caller.post("/contacts", json={"name": "Ana"}, headers=KEY).status_code == 201
        assert caller.post("/opportunities", json={"company": "Acme"}, headers=KEY).status_code == 201
        assert len(caller.get("/contacts").json()["items"]) == 1


def test_a_refused_request_can_be_sent_again(client: httpx.Client) -> None:
    refused_fields(client.post("/contacts", json={"name": ""}, headers=KEY))
    assert client.post("/contacts", json={"name": "Ana"}, headers=KEY).status_code == 201


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/api-keys", {"name": "n8n"}, "key"),
        ("/webhook-endpoints", {"url": "https://1.1.1.1/hook"}, "secret"),
    ],
)
def test_a_secret_is_not_told_twice(client: httpx.Client, path: str, body: dict[str, Any], field: str) -> None:
    first = client.post(path, json=body, headers=KEY).json()
    again = client.post(path, json=body, headers=KEY).json()
    assert first[field]
    assert again == {**first, field: None}


def test_a_secret_is_not_kept_either(client: httpx.Client, server: Server) -> None:
    key = client.post("/api-keys", json={"name": "n8n"}, headers=KEY).json()["key"]
    with server.database.read() as session:
        kept = session.exec_driver_sql("SELECT body FROM idempotency_keys").scalars().all()
    assert not any(key in body for body in kept)


@pytest.mark.parametrize("key", ["", "x" * 256, "two words"])
def test_a_key_that_cannot_be_is_refused(client: httpx.Client, key: str) -> None:
    answer = client.post("/contacts", json={"name": "Ana"}, headers={"Idempotency-Key": key})
    assert "idempotency-key" in refused_fields(answer)


def test_many_at_once_do_it_once(client: httpx.Client, account: TestAccount, server: Server) -> None:
    statuses: list[int] = []

    def send() -> None:
        with account.client(server.url) as caller:
            statuses.append(caller.post("/contacts", json={"name": "Ana"}, headers=KEY).status_code)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert len(client.get("/contacts").json()["items"]) == 1


def test_a_request_that_is_still_running_is_not_begun_again(
    client: httpx.Client, account: TestAccount, server: Server
) -> None:
    # Somebody else writes and takes long about it: the first request waits, the second one is told.
    answers: list[httpx.Response] = []

    def send() -> None:
        with account.client(server.url) as caller:
            answers.append(caller.post("/contacts", json={"name": "Ana"}, headers=KEY))

    first = threading.Thread(target=send)
    with server.database.write() as session:
        session.exec_driver_sql(f"UPDATE accounts SET name = 'Busy' WHERE id = '{account.id}'")
        first.start()
        deadline = time.monotonic() + 4
        while not server.backend.running and time.monotonic() < deadline:
            time.sleep(0.01)
        refused_fields(client.post("/contacts", json={"name": "Ana"}, headers=KEY), 409)
    first.join()
    assert [each.status_code for each in answers] == [201]
    assert client.post("/contacts", json={"name": "Ana"}, headers=KEY).headers["idempotency-replayed"] == "true"


def test_another_process_that_is_answering_it_is_seen_too(database: Database, database_kind: str) -> None:
    # On SQLite there is one writer at a time, whoever it is.
    with database.write() as session, database.read() as other:
        assert try_lock(session, "acc_1", "POST /contacts", "7f9c")
        assert try_lock(other, "acc_1", "POST /contacts", "7f9c") == (database_kind == "sqlite")
        assert try_lock(other, "acc_1", "POST /contacts", "another")
