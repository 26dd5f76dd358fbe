"""Node-RED 4 receives what a real server sends, and checks it in a flow that anybody can import."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from afterword import clock
from afterword.formats import standard_webhook
from support.eventually import eventually
from support.node_red import NodeRed, running_node_red, version
from support.receiver import receiving
from support.recorded import SECRET
from support.requests import AN_INTERVIEW, post
from support.server import running_server
from support.signed_up import program

pytestmark = pytest.mark.process

ADMITTED = {"AFTERWORD_ALLOWED_NETWORKS": "127.0.0.0/8"}


@pytest.fixture(scope="module")
def node_red(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeRed]:
    began = time.monotonic()
    with running_node_red(tmp_path_factory.mktemp("node-red"), SECRET) as started:
        os.write(1, f"\nNode-RED {version()} started in {time.monotonic() - began:.1f} s\n".encode())
        yield started


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A program of a new account of a real server, as it is after `afterword serve`."""
    with running_server(tmp_path_factory.mktemp("data"), settings=ADMITTED) as server, program(server.url) as made:
        yield made


@pytest.fixture
def endpoint(client: httpx.Client, node_red: NodeRed) -> Iterator[str]:
    made = post(client, "/webhook-endpoints", {"url": node_red.hook, "secret": SECRET})
    yield made["id"]
    client.delete(f"/webhook-endpoints/{made['id']}").raise_for_status()


def an_interview() -> dict[str, Any]:
    """One that has just ended, with letters beyond ASCII, so that bytes and text cannot be confused."""
    starts_at = clock.now() - timedelta(hours=1)
    person = {"name": "Zoë “Z” Åström", "email": "zoe@acme.example", "roles": ["hiring_manager"]}
    return {**AN_INTERVIEW, "company": "Ça va — 株式会社", "starts_at": starts_at.isoformat(), "people": [person]}


def kept_after(sequence: int, node_red: NodeRed) -> list[dict[str, Any]]:
    """What the flow has kept of the events after one, in the order in which they happened."""
    kept = sorted(node_red.kept(), key=lambda each: each["data"]["sequence"])
    return [each for each in kept if each["data"]["sequence"] > sequence]


def states(client: httpx.Client, endpoint: str) -> set[str]:
    return {each["state"] for each in client.get("/deliveries", params={"endpoint_id": endpoint}).json()["items"]}


def test_a_flow_verifies_and_keeps_every_event(client: httpx.Client, node_red: NodeRed, endpoint: str) -> None:
    before = client.get("/events").json()["items"]
    post(client, "/interviews", an_interview())
    post(client, f"/webhook-endpoints/{endpoint}/test", {}, status=202)
    sent = client.get("/events").json()["items"][len(before) :]
    assert {"interview.created", "action.opened", "webhook.test"} <= {each["type"] for each in sent}
    assert eventually(lambda: len(kept_after(len(before), node_red)) == len(sent))
    assert kept_after(len(before), node_red) == sent
    assert eventually(lambda: states(client, endpoint) == {"delivered"})
    one = client.get("/deliveries", params={"endpoint_id": endpoint}).json()["items"][0]["id"]
    assert [each["status_code"] for each in client.get(f"/deliveries/{one}").json()["attempts"]] == [204]


def test_a_flow_refuses_what_was_tampered_with_and_keeps_a_repetition_once(
    client: httpx.Client, node_red: NodeRed, endpoint: str
) -> None:
    with receiving(SECRET) as beside:
        other = post(client, "/webhook-endpoints", {"url": beside.url, "secret": SECRET})["id"]
        post(client, "/interviews", an_interview())
        sent = [each["data"]["id"] for each in client.get("/events").json()["items"]]
        assert eventually(lambda: states(client, endpoint) == {"delivered"} and bool(beside.ledger))
        client.delete(f"/webhook-endpoints/{other}").raise_for_status()
    received = beside.ledger[0]
    assert received.id in sent
    before = len(node_red.kept())
    signed = {name: value for name, value in received.headers.items() if name not in ("host", "content-length")}
    assert node_red.post(signed, received.body) == httpx.codes.NO_CONTENT
    assert node_red.post(signed, received.body.replace(b'"test":false', b'"test":true')) == httpx.codes.UNAUTHORIZED
    assert node_red.post({**signed, "webhook-id": "evt_other"}, received.body) == httpx.codes.UNAUTHORIZED
    assert node_red.post({"content-type": "application/json"}, received.body) == httpx.codes.UNAUTHORIZED
    old = standard_webhook.headers(received.id, clock.now() - timedelta(minutes=6), received.body, [SECRET])
    assert node_red.post({**signed, **old}, received.body) == httpx.codes.UNAUTHORIZED
    assert len(node_red.kept()) == before


def test_a_flow_that_answers_410_ends_its_subscription(client: httpx.Client, node_red: NodeRed, endpoint: str) -> None:
    node_red.press("End the subscription")
    test = post(client, f"/webhook-endpoints/{endpoint}/test", {}, status=202)["delivery_id"]
    assert eventually(lambda: client.get(f"/deliveries/{test}").json()["state"] == "failed")
    told = client.get(f"/deliveries/{test}").json()
    assert [each["status_code"] for each in told["attempts"]] == [httpx.codes.GONE]
    after = client.get(f"/webhook-endpoints/{endpoint}").json()
    assert (after["enabled"], after["disabled_reason"]) == (False, "it answered 410 Gone")
    node_red.press("Take events again")
    client.patch(f"/webhook-endpoints/{endpoint}", json={"enabled": True}).raise_for_status()
    post(client, f"/deliveries/{test}/replay", {}, status=202)
    assert eventually(lambda: client.get(f"/deliveries/{test}").json()["state"] == "delivered")


def test_an_event_that_cannot_be_kept_comes_again(client: httpx.Client, node_red: NodeRed, endpoint: str) -> None:
    with node_red.unable_to_write():
        test = post(client, f"/webhook-endpoints/{endpoint}/test", {}, status=202)["delivery_id"]
        assert eventually(lambda: bool(client.get(f"/deliveries/{test}").json()["attempts"]))
    assert eventually(lambda: client.get(f"/deliveries/{test}").json()["state"] == "delivered")
    told = client.get(f"/deliveries/{test}").json()
    assert [each["status_code"] for each in told["attempts"]] == [500, 204]
    assert [each["data"]["id"] for each in node_red.kept()].count(told["event_id"]) == 1
