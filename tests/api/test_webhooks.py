"""Webhook endpoints, the delivery log and the list of events."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import httpx
import jsonschema
import pytest

from afterword import clock
from afterword.api.app import create_app
from afterword.config import Settings
from afterword.formats.answer_models import Event
from afterword.storage.database import Database
from afterword.worker.sender import Sender
from support.accounts import open_account
from support.problems import refused_fields
from support.receiver import receiving
from support.recorded import SECRET
from support.requests import AN_INTERVIEW, post
from support.served import served

PUBLIC = "https://1.1.1.1/hook"


@pytest.fixture
def near(database: Database, database_url: str, tmp_path: Path) -> Iterator[httpx.Client]:
    """A caller of a server whose operator admits loopback."""
    settings = Settings(database_url, tmp_path, allowed_networks=(ip_network("127.0.0.0/8"),))
    account = open_account(database)
    with served(create_app(settings, database)) as url, account.client(url) as opened:
        yield opened


def test_the_secret_is_shown_once(client: httpx.Client) -> None:
    made = post(client, "/webhook-endpoints", {"url": PUBLIC, "description": "my list"})
    assert made["secret"].startswith("whsec_")
    found = client.get(f"/webhook-endpoints/{made['id']}").json()
    assert "secret" not in found
    assert found == {name: value for name, value in made.items() if name != "secret"}
    assert found["event_types"] is None


def test_a_repeated_request_is_answered_without_the_secret(client: httpx.Client) -> None:
    keyed = {"Idempotency-Key": "once"}
    first = client.post("/webhook-endpoints", json={"url": PUBLIC}, headers=keyed)
    again = client.post("/webhook-endpoints", json={"url": PUBLIC}, headers=keyed)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == {**first.json(), "secret": None}
    assert len(client.get("/webhook-endpoints").json()["items"]) == 1


def test_endpoints_are_found_by_their_url_and_never_overwritten(client: httpx.Client) -> None:
    first, second = (post(client, "/webhook-endpoints", {"url": PUBLIC})["id"] for _ in range(2))
    post(client, "/webhook-endpoints", {"url": "https://1.1.1.1/other"})
    found = client.get("/webhook-endpoints", params={"url": PUBLIC}).json()["items"]
    assert [each["id"] for each in found] == [first, second]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "url"),
        ({"url": "ftp://1.1.1.1/"}, "url"),
        ({"url": "http://10.0.0.1/"}, "url"),
        ({"url": "http://[::1]:5678/"}, "url"),
        ({"url": PUBLIC, "secret": "too short"}, "secret"),
        ({"url": PUBLIC, "event_types": ["no.such"]}, "event_types.0"),
        ({"url": PUBLIC, "event_types": []}, "event_types"),
        ({"url": PUBLIC, "colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_sent_to_is_refused(client: httpx.Client, body: dict[str, object], path: str) -> None:
    assert list(refused_fields(client.post("/webhook-endpoints", json=body))) == [path]


def test_the_refusal_of_an_address_says_how_to_admit_it(client: httpx.Client) -> None:
    found = refused_fields(client.post("/webhook-endpoints", json={"url": "http://192.168.1.7:5678/"}))
    assert "192.168.1.7/32" in found["url"]
    assert "AFTERWORD_ALLOWED_NETWORKS" in found["url"]


def test_what_is_delivered_is_what_is_listed(near: httpx.Client, database: Database) -> None:
    sender = Sender(database, clock.now, (ip_network("127.0.0.0/8"),), None)
    with receiving(SECRET) as receiver:
        post(near, "/webhook-endpoints", {"url": receiver.url, "secret": SECRET})
        post(near, "/interviews", {**AN_INTERVIEW, "starts_at": clock.now().isoformat()})
        listed = near.get("/events").json()["items"]
        sender.start()
        assert receiver.wait_for(lambda: len(receiver.ids) == len(listed), 10)
        sender.stop()
    assert sorted((each.payload or {} for each in receiver.ledger), key=lambda e: e["data"]["sequence"]) == listed
    for each in listed:
        jsonschema.validate(each, Event.model_json_schema(mode="serialization"))
    delivered = near.get("/deliveries", params={"state": "delivered"}).json()["items"]
    assert {each["event_id"] for each in delivered} == receiver.ids
    one = near.get(f"/deliveries/{delivered[0]['id']}").json()
    assert [(each["number"], each["status_code"]) for each in one["attempts"]] == [(1, 200)]


def test_events_are_read_on_from_the_last_one_known(client: httpx.Client, stranger: httpx.Client) -> None:
    post(client, "/interviews", AN_INTERVIEW)
    whole = client.get("/events").json()["items"]
    sequences = [each["data"]["sequence"] for each in whole]
    assert sequences == list(range(1, len(whole) + 1))
    first = client.get("/events", params={"limit": 2})
    rest = client.get("/events", params={"after": 2}).json()["items"]
    assert first.json()["items"] + rest == whole
    assert "after=2" in first.headers["link"]
    created = client.get("/events", params={"type": "interview.created"}).json()["items"]
    assert [each["type"] for each in created] == ["interview.created"]
    assert stranger.get("/events").json()["items"] == []
    refused_fields(client.get("/events", params={"type": "no.such"}))


def test_the_delivery_log_is_ones_own_and_in_pages(client: httpx.Client, stranger: httpx.Client) -> None:
    post(client, "/webhook-endpoints", {"url": PUBLIC})
    post(client, "/interviews", AN_INTERVIEW)
    whole = [each["id"] for each in client.get("/deliveries").json()["items"]]
    assert whole == sorted(whole, reverse=True)
    page = client.get("/deliveries", params={"limit": 2}).json()
    rest = client.get("/deliveries", params={"cursor": page["next_cursor"]}).json()
    assert [each["id"] for each in page["items"] + rest["items"]] == whole
    refused_fields(stranger.get(f"/deliveries/{whole[0]}"), 404)
    assert stranger.get("/deliveries").json()["items"] == []
