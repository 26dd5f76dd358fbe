"""What is sent is what `GET /events` shows, though it is put together without taking the envelope apart."""

from __future__ import annotations

import json

import pytest
from pydantic_core import from_json, to_json

from afterword.formats.webhook_event import EVENT_TYPES, body_of, with_links
from afterword.services.event_samples import examples

PUBLIC = "https://afterword.example"


@pytest.mark.parametrize("public_url", [PUBLIC, None])
@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_the_body_is_the_envelope_with_links(event_type: str, public_url: str | None) -> None:
    envelope = examples()[event_type]
    body = body_of(to_json(envelope).decode(), public_url)
    assert from_json(body) == with_links(envelope, public_url)
    assert body == to_json(from_json(body))


def test_texts_are_sent_as_they_were_written() -> None:
    envelope = examples()["action.opened"]
    told = {
        **envelope["data"],
        "opportunity": {"id": "opp_1", "company": '"endpoint":null}} Zoë — “soon” \\u0041', "role": None},
    }
    body = body_of(to_json({**envelope, "data": told}).decode(), PUBLIC)
    assert from_json(body) == with_links({**envelope, "data": told}, PUBLIC)
    assert from_json(body)["data"]["links"] == {"app": f"{PUBLIC}/opportunities/opp_1"}


def test_an_envelope_of_an_earlier_release_gets_the_keys_of_this_one() -> None:
    envelope = examples()["action.opened"]
    earlier = {**envelope, "data": {key: value for key, value in envelope["data"].items() if key != "endpoint"}}
    body = body_of(json.dumps(earlier), PUBLIC)
    assert from_json(body) == with_links(earlier, PUBLIC)
    assert from_json(body)["data"].keys() == with_links(envelope, PUBLIC)["data"].keys()


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"type": "x", "timestamp": "t", "data": []}',
        '{"type": "x", "data": {}}',
        '{"type": "x", "timestamp": "t", "data": {"a": }}',
    ],
)
def test_what_is_no_envelope_is_not_sent(stored: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        body_of(stored, PUBLIC)
