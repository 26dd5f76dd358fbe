"""Touches over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import pytest

from afterword import clock
from support.problems import refused_fields
from support.requests import post


@pytest.fixture
def thanks(interview: dict[str, Any]) -> dict[str, Any]:
    """A thank-you for the interview."""
    return {
        "interview_id": interview["id"],
        "contact_id": interview["people"][0]["contact_id"],
        "direction": "outbound",
        "purpose": "thank-you",
        "channel": "email",
        "at": "2026-03-03T16:30:00-05:00",
    }


def test_a_touch_is_made_read_changed_and_removed(client: httpx.Client, thanks: dict[str, Any]) -> None:
    made = post(client, "/touches", thanks)
    assert made["at"] == "2026-03-03T21:30:00Z"
    address = f"/touches/{made['id']}"
    assert client.get(address).json() == made
    assert client.patch(address, json={"note": "Warm"}).json()["note"] == "Warm"
    assert client.delete(address).status_code == 204
    refused_fields(client.get(address), 404)


def test_the_interview_names_the_opportunity(
    client: httpx.Client, interview: dict[str, Any], thanks: dict[str, Any]
) -> None:
    assert post(client, "/touches", thanks)["opportunity_id"] == interview["opportunity_id"]


def test_a_touch_without_a_time_is_of_now(client: httpx.Client, thanks: dict[str, Any]) -> None:
    before = clock.now()
    del thanks["at"]
    at = datetime.fromisoformat(post(client, "/touches", thanks)["at"])
    assert before <= at <= clock.now()


def test_a_touch_is_what_has_happened(client: httpx.Client, thanks: dict[str, Any]) -> None:
    assert "at" in refused_fields(client.post("/touches", json={**thanks, "at": "2090-01-01T00:00:00Z"}))


def test_a_reply_can_name_a_new_date(client: httpx.Client, thanks: dict[str, Any]) -> None:
    reply = {**thanks, "direction": "inbound", "purpose": "reply", "decision_on": "2026-03-27"}
    assert post(client, "/touches", reply)["decision_on"] == "2026-03-27"


def test_touches_are_found_by_what_they_are_about(client: httpx.Client, thanks: dict[str, Any]) -> None:
    made = post(client, "/touches", thanks)
    for name in ("opportunity_id", "contact_id", "interview_id"):
        assert client.get("/touches", params={name: made[name]}).json()["items"] == [made]
    assert client.get("/touches", params={"contact_id": "con_0"}).json()["items"] == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"direction": None}, "direction"),
        ({"direction": "sideways"}, "direction"),
        ({"channel": "pigeon"}, "channel"),
        ({"decision_on": "2026-03-27"}, "decision_on"),
        ({"automatic": True}, "automatic"),
        ({"contact_id": "con_0"}, "contact_id"),
        ({"interview_id": "int_0"}, "interview_id"),
        ({"interview_id": None}, "opportunity_id"),
        ({"opportunity_id": "opp_0"}, "opportunity_id"),
        ({"purpose": "Thank you"}, "purpose"),
        ({"at": "yesterday"}, "at"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    client: httpx.Client, thanks: dict[str, Any], wrong: dict[str, Any], field: str
) -> None:
    assert field in refused_fields(client.post("/touches", json={**thanks, **wrong}))
    assert client.get("/touches").json()["items"] == []


def test_a_touch_is_about_an_interview_of_its_own_opportunity(client: httpx.Client, thanks: dict[str, Any]) -> None:
    other = post(client, "/interviews", {"company": "Beta", "starts_at": "2026-03-05T14:00:00Z"})
    wrong = {**thanks, "opportunity_id": other["opportunity_id"]}
    assert refused_fields(client.post("/touches", json=wrong)).keys() & {"contact_id", "interview_id"}


def test_a_thank_you_settles_its_action(
    client: httpx.Client, interview: dict[str, Any], thanks: dict[str, Any]
) -> None:
    asked = {"at": "2026-03-03T22:00:00Z", "interview_id": interview["id"], "state": ["open", "done"]}

    def states() -> list[str]:
        actions = client.get("/next-actions", params=asked).json()["actions"]
        return [each["state"] for each in actions if each["kind"] == "thank-you"]

    assert states() == ["open"]
    post(client, "/touches", thanks)
    assert states() == ["done"]
