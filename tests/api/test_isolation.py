"""What belongs to one account is not there for another."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from support.problems import refused_fields
from support.requests import AN_INTERVIEW, post

ALL = ("get", "patch", "delete")


@pytest.fixture
def theirs(client: httpx.Client, interview: dict[str, Any]) -> dict[str, str]:
    """Ids of another account, by the noun of their address."""
    contact_id = interview["people"][0]["contact_id"]
    touch = post(
        client, "/touches", {"interview_id": interview["id"], "contact_id": contact_id, "direction": "outbound"}
    )  # fmt: skip
    client.put(f"/interviews/{interview['id']}/recap", json={"discussed": "secret"})
    endpoint = post(client, "/webhook-endpoints", {"url": "https://1.1.1.1/hook"})
    share = post(client, "/shares", {"name": "Coach", "opportunity_id": interview["opportunity_id"]})
    return {
        "interviews": interview["id"],
        "opportunities": interview["opportunity_id"],
        "contacts": contact_id,
        "touches": touch["id"],
        "api-keys": client.get("/api-keys").json()["items"][0]["id"],
        "webhook-endpoints": endpoint["id"],
        "shares": share["id"],
    }


@pytest.mark.parametrize(
    ("noun", "methods"),
    [
        ("interviews", ALL),
        ("opportunities", ALL),
        ("contacts", ALL),
        ("touches", ALL),
        ("api-keys", ("delete",)),
        ("webhook-endpoints", ("get", "delete")),
        ("shares", ("delete",)),
    ],
)
def test_another_accounts_id_is_not_there(
    client: httpx.Client, stranger: httpx.Client, theirs: dict[str, str], noun: str, methods: tuple[str, ...]
) -> None:
    before = client.get(f"/{noun}").json()
    for method in methods:
        body = {"json": {}} if method == "patch" else {}
        refused_fields(stranger.request(method, f"/{noun}/{theirs[noun]}", **body), 404)
    assert stranger.get(f"/{noun}").json()["items"] == [] or noun == "api-keys"
    assert client.get(f"/{noun}").json() == before


def test_nor_are_the_things_under_it(stranger: httpx.Client, theirs: dict[str, str]) -> None:
    interview, opportunity = theirs["interviews"], theirs["opportunities"]
    refused_fields(stranger.get(f"/interviews/{interview}/recap"), 404)
    refused_fields(stranger.put(f"/interviews/{interview}/recap", json={}), 404)
    refused_fields(stranger.put(f"/opportunities/{opportunity}/outcome", json={"status": "offer"}), 404)
    refused_fields(stranger.delete(f"/opportunities/{opportunity}/outcome"), 404)
    refused_fields(stranger.get(f"/opportunities/{opportunity}/timeline"), 404)
    refused_fields(stranger.get(f"/opportunities/{opportunity}/comparison"), 404)
    refused_fields(stranger.get("/contact-check", params={"contact_id": theirs["contacts"]}), 404)
    refused_fields(stranger.get("/contact-check", params={"email": "ana@acme.example"}), 404)
    assert stranger.get("/next-actions", params={"opportunity_id": opportunity}).json().get("actions", []) == []


def test_nothing_of_ones_own_can_speak_of_it(stranger: httpx.Client, theirs: dict[str, str]) -> None:
    joined = {"opportunity_id": theirs["opportunities"], "starts_at": "2026-03-10T14:00:00Z"}
    assert "opportunity_id" in refused_fields(stranger.post("/interviews", json=joined))
    named = {**AN_INTERVIEW, "people": [{"contact_id": theirs["contacts"]}]}
    assert "people.0.contact_id" in refused_fields(stranger.post("/interviews", json=named))
    said = {"interview_id": theirs["interviews"], "direction": "outbound"}
    assert "interview_id" in refused_fields(stranger.post("/touches", json=said))
    shared = {"name": "Coach", "opportunity_id": theirs["opportunities"]}
    assert "opportunity_id" in refused_fields(stranger.post("/shares", json=shared))
    assert stranger.get("/opportunities").json()["items"] == []


def test_an_external_id_and_an_email_are_each_accounts_own(client: httpx.Client, stranger: httpx.Client) -> None:
    ana = {"name": "Ana", "email": "ana@acme.example", "external_id": "1"}
    assert post(client, "/contacts", ana)["id"] != post(stranger, "/contacts", ana)["id"]
    mine = post(stranger, "/interviews", {**AN_INTERVIEW, "people": [{"email": "ana@acme.example"}]})
    assert mine["people"][0]["contact_id"] == stranger.get("/contacts").json()["items"][0]["id"]
