"""ETag on single resources, and If-Match where it is sent."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from support.problems import refused_fields
from support.requests import post

CHANGES = {
    "interviews": {"round": 3},
    "opportunities": {"role": "Analyst"},
    "contacts": {"name": "Ana R."},
    "touches": {"note": "Warm"},
}


@pytest.fixture
def addresses(client: httpx.Client, interview: dict[str, Any]) -> dict[str, str]:
    touch = post(client, "/touches", {"interview_id": interview["id"], "direction": "outbound"})
    ids = {
        "interviews": interview["id"],
        "opportunities": interview["opportunity_id"],
        "contacts": interview["people"][0]["contact_id"],
        "touches": touch["id"],
    }
    return {noun: f"/{noun}/{identifier}" for noun, identifier in ids.items()}


@pytest.mark.parametrize("noun", CHANGES)
def test_a_change_of_what_was_read_is_made_and_of_anything_else_refused(
    client: httpx.Client, addresses: dict[str, str], noun: str
) -> None:
    address, change = addresses[noun], CHANGES[noun]
    read = client.get(address).headers["etag"]
    changed = client.patch(address, json=change, headers={"If-Match": read})
    assert changed.status_code == 200
    assert changed.headers["etag"] == client.get(address).headers["etag"] != read
    refused_fields(client.patch(address, json=change, headers={"If-Match": read}), 412)
    refused_fields(client.delete(address, headers={"If-Match": read}), 412)
    assert client.get(address).json() == changed.json()


@pytest.mark.parametrize("noun", CHANGES)
def test_it_is_not_demanded(client: httpx.Client, addresses: dict[str, str], noun: str) -> None:
    assert client.patch(addresses[noun], json=CHANGES[noun]).status_code == 200


def test_any_of_several_tags_and_the_star_will_do(client: httpx.Client, addresses: dict[str, str]) -> None:
    address = addresses["contacts"]
    read = client.get(address).headers["etag"]
    for tags in (f'"nothing", {read}', "*"):
        assert client.patch(address, json={"phone": tags}, headers={"If-Match": tags}).status_code == 200
        read = client.get(address).headers["etag"]


def test_settings_have_one_too(client: httpx.Client) -> None:
    read = client.get("/me").headers["etag"]
    assert client.patch("/me", json={"name": "A"}, headers={"If-Match": read}).status_code == 200
    refused_fields(client.patch("/me", json={"name": "B"}, headers={"If-Match": read}), 412)


def test_what_is_planned_does_not_change_the_tag_of_the_settings(client: httpx.Client) -> None:
    read = client.get("/me").headers["etag"]
    post(client, "/interviews", {"company": "Acme", "starts_at": "2026-03-03T14:00:00-05:00"})
    assert client.get("/me").headers["etag"] == read


def test_a_recap_that_is_there_is_not_written_over_unread(client: httpx.Client, interview: dict[str, Any]) -> None:
    address = f"/interviews/{interview['id']}/recap"
    read = client.put(address, json={"discussed": "a"}).headers["etag"]
    assert client.put(address, json={"discussed": "b"}, headers={"If-Match": read}).status_code == 200
    refused_fields(client.put(address, json={"discussed": "c"}, headers={"If-Match": read}), 412)
