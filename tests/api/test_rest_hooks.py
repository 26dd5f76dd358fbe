"""An automation platform's way through the API: connect, subscribe, sample, receive, unsubscribe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest

from afterword import clock
from afterword.api.app import create_app
from afterword.config import Settings
from afterword.storage.database import Database
from afterword.worker.sender import Sender
from support.accounts import open_account
from support.eventually import eventually
from support.problems import refused_fields
from support.receiver import Receiver, receiving
from support.recorded import SECRET
from support.requests import AN_INTERVIEW, post
from support.served import served


@dataclass(frozen=True)
class Platform:
    """What a platform knows of one account: it is shown a catch hook for each of its automations, and no secret."""

    client: httpx.Client

    def subscribe(self, hook: Receiver, event_type: str) -> dict[str, Any]:
        # The secret is the receiver's own, so that the ledger can tell what is genuine.
        return post(self.client, "/webhook-endpoints", {"url": hook.url, "event_types": [event_type], "secret": SECRET})

    def unsubscribe(self, subscription: dict[str, Any]) -> int:
        return self.client.delete(f"/webhook-endpoints/{subscription['id']}").status_code

    def perform_list(self, event_type: str) -> list[dict[str, Any]]:
        return list(self.client.get("/events/samples", params={"type": event_type}).raise_for_status().json())


@pytest.fixture
def platform(database: Database, database_url: str, tmp_path: Path) -> Iterator[Platform]:
    """At a server that sends, with an account in which nothing has happened yet."""
    networks = (ip_network("127.0.0.0/8"),)
    sender = Sender(database, clock.now, networks, None)
    settings = Settings(database_url, tmp_path, allowed_networks=networks)
    with (
        served(create_app(settings, database)) as url,
        open_account(database).client(url) as client,
    ):
        sender.start()
        yield Platform(client)
        sender.stop()


def an_interview(company: str = "Acme") -> dict[str, Any]:
    """One that has just ended."""
    return {**AN_INTERVIEW, "company": company, "starts_at": (clock.now() - timedelta(hours=1)).isoformat()}


def types(hook: Receiver) -> set[str]:
    return {each.payload["type"] if each.payload else "unsigned" for each in hook.ledger}


def shape(value: Any) -> Any:
    """The keys of a document, however deep."""
    return {name: shape(each) for name, each in value.items()} if isinstance(value, dict) else None


def test_a_connection_is_tried_with_me(platform: Platform) -> None:
    told = platform.client.get("/me").raise_for_status().json()
    assert told["account"]["name"]
    wrong = platform.client.get("/me", headers={"Authorization": "Bearer aft_wrong"})
    refused_fields(wrong, 401)


def test_each_automation_has_a_subscription_of_its_own_and_there_is_no_handshake(platform: Platform) -> None:
    with receiving(SECRET) as one, receiving(SECRET) as other:
        first = platform.subscribe(one, "action.opened")
        second = platform.subscribe(one, "interview.created")
        third = platform.subscribe(other, "interview.created")
        found = platform.client.get("/webhook-endpoints", params={"url": one.url}).json()["items"]
        assert [each["id"] for each in found] == [first["id"], second["id"]]
        assert (one.ledger, other.ledger) == ([], [])
        post(platform.client, "/interviews", an_interview())
        assert eventually(lambda: types(one) == {"action.opened", "interview.created"})
        assert eventually(lambda: types(other) == {"interview.created"})
        assert third["enabled"]


def test_unsubscribing_ends_it_for_that_automation_alone_and_may_be_repeated(platform: Platform) -> None:
    with receiving(SECRET) as hook:
        kept, ended = platform.subscribe(hook, "interview.created"), platform.subscribe(hook, "action.opened")
        assert [platform.unsubscribe(ended) for _ in range(3)] == [204, 204, 204]
        post(platform.client, "/interviews", an_interview())
        assert eventually(lambda: types(hook) == {"interview.created"})
        log = platform.client.get("/deliveries").json()["items"]
        assert {each["endpoint_id"] for each in log} == {kept["id"]}


def test_a_sample_has_the_keys_of_what_then_arrives_before_and_after_anything_has_happened(platform: Platform) -> None:
    [before] = platform.perform_list("interview.created")
    with receiving(SECRET) as hook:
        platform.subscribe(hook, "interview.created")
        post(platform.client, "/interviews", an_interview("First"))
        post(platform.client, "/interviews", an_interview("Second"))
        assert eventually(lambda: len(hook.ids) == 2)
    arrived = sorted((each.payload or {} for each in hook.ledger), key=lambda each: -each["data"]["sequence"])
    assert platform.perform_list("interview.created") == arrived
    assert [shape(each) for each in arrived] == [shape(before)] * 2


def test_a_hook_that_answers_410_is_unsubscribed_and_its_neighbour_is_not(platform: Platform) -> None:
    with receiving(SECRET, lambda _: (410, {}, b"")) as gone, receiving(SECRET) as well:
        ended, going_on = (platform.subscribe(hook, "interview.created") for hook in (gone, well))
        post(platform.client, "/interviews", an_interview())
        path = f"/webhook-endpoints/{ended['id']}"
        assert eventually(lambda: not platform.client.get(path).json()["enabled"])
        post(platform.client, "/interviews", an_interview("Another"))
        assert eventually(lambda: len(well.ids) == 2)
        assert len(gone.ledger) == 1
        assert platform.client.get(f"/webhook-endpoints/{going_on['id']}").json()["enabled"]
        assert platform.unsubscribe(ended) == httpx.codes.NO_CONTENT
