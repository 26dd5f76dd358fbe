"""Samples of events: what an automation platform shows somebody who builds on them, before anything has happened."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema
import pytest

from afterword.formats.answer_models import Event
from afterword.formats.webhook_event import EVENT_TYPES
from support.problems import refused_fields
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


def test_a_sample_has_exactly_the_keys_of_what_is_delivered(client: httpx.Client) -> None:
    post(client, "/interviews", AN_INTERVIEW)
    own = client.get("/events").json()["items"]
    made = {each["type"]: each for each in samples(client)}
    for each in own:
        example = made[each["type"]]
        assert each.keys() == example.keys()
        assert each["data"].keys() == example["data"].keys()


def test_ones_own_events_come_first_and_the_newest_of_them(client: httpx.Client, stranger: httpx.Client) -> None:
    for company in ("One", "Two", "Three", "Four"):
        post(client, "/interviews", {**AN_INTERVIEW, "company": company})
    found = samples(client, type="interview.created")
    assert [each["data"]["opportunity"]["company"] for each in found] == ["Four", "Three", "Two"]
    assert not any(each["data"]["test"] for each in found)
    assert [each["data"]["test"] for each in samples(stranger, type="interview.created")] == [True]
    refused_fields(client.get("/events/samples", params={"type": "no.such"}))
