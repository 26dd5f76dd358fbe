"""Samples of events: what an automation platform shows somebody who builds on them, before anything has happened."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema
import pytest

from afterword.formats.answer_models import Event
from afterword.formats.webhook_event import EVENT_TYPES
from api.conftest import Server
from support.accounts import open_account
from support.eventful import live_through
from support.problems import refused_fields
from support.recorded import Recorded
from support.requests import AN_INTERVIEW, post

#: What a type of event tells of, beside its opportunity.
PARTS = {
    "action": "action", "hold": "hold", "interview": "interview", "touch": "touch", "endpoint": "endpoint",
}  # fmt: skip
STATES = {
    "action.opened": "open", "action.moved": "open", "action.overdue": "overdue", "action.lapsed": "lapsed",
    "action.done": "done", "action.skipped": "skipped", "action.snoozed": "snoozed", "action.withdrawn": "open",
}  # fmt: skip


def samples(client: httpx.Client, **query: str) -> list[dict[str, Any]]:
    answer = client.get("/events/samples", params=query)
    assert answer.status_code == httpx.codes.OK, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_a_new_account_has_a_sample_of_every_type_in_the_shape_of_what_is_sent(
    client: httpx.Client, event_type: str
) -> None:
    [one] = samples(client, type=event_type)
    jsonschema.validate(one, Event.model_json_schema(mode="serialization"))
    assert (one["type"], one["data"]["test"]) == (event_type, True)
    part = PARTS.get(event_type.partition(".")[0])
    assert part is None or one["data"][part]
    if event_type in STATES:
        assert one["data"]["action"]["state"] == STATES[event_type]
        assert one["data"]["action"]["person"]["contact_id"] == one["data"]["contact"]["id"]


def keys(value: Any, at: str = "") -> set[str]:
    """Every key with the way to it, however deep: `data.action.sources[].title`."""
    if isinstance(value, dict):
        return {f"{at}.{name}" for name in value}.union(*(keys(each, f"{at}.{name}") for name, each in value.items()))
    return set().union(*(keys(each, f"{at}[]") for each in value)) if isinstance(value, list) else set()


def test_a_new_account_is_shown_exactly_the_keys_that_are_delivered(server: Server, stranger: httpx.Client) -> None:
    account = open_account(server.database)
    live_through(Recorded(server.database, account.id))
    with account.client(server.url) as client:
        delivered = client.get("/events", params={"limit": 200}).json()["items"]
    assert {each["type"] for each in delivered} == set(EVENT_TYPES)
    told: dict[str, set[str]] = {event_type: set() for event_type in EVENT_TYPES}
    for each in delivered:
        told[each["type"]] |= keys(each)
    assert {each["type"]: keys(each) for each in samples(stranger)} == told


def test_ones_own_samples_are_what_is_delivered(client: httpx.Client) -> None:
    post(client, "/interviews", AN_INTERVIEW)
    own = client.get("/events").json()["items"]
    for event_type in {each["type"] for each in own}:
        newest_first = [each for each in reversed(own) if each["type"] == event_type]
        assert samples(client, type=event_type) == newest_first[:3]


def test_ones_own_events_come_first_and_the_newest_of_them(client: httpx.Client, stranger: httpx.Client) -> None:
    for company in ("One", "Two", "Three", "Four"):
        post(client, "/interviews", {**AN_INTERVIEW, "company": company})
    found = samples(client, type="interview.created")
    assert [each["data"]["opportunity"]["company"] for each in found] == ["Four", "Three", "Two"]
    assert not any(each["data"]["test"] for each in found)
    assert [each["data"]["test"] for each in samples(stranger, type="interview.created")] == [True]
    refused_fields(client.get("/events/samples", params={"type": "no.such"}))
