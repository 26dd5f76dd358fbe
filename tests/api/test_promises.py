"""When they will decide, told as a number of days over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from support.problems import refused_fields
from support.requests import AN_INTERVIEW, post

LATE = {**AN_INTERVIEW, "starts_at": "2026-03-06T23:00:00-05:00", "time_zone": "America/New_York"}


def test_in_a_week_counts_from_the_day_it_ended_where_it_was(client: httpx.Client) -> None:
    told = post(client, "/interviews", {**LATE, "ends_at": "2026-03-06T23:45:00-05:00", "decision_in_days": 7})
    assert told["decision_on"] == "2026-03-13"
    past_midnight = post(client, "/interviews", {**LATE, "decision_in_days": 7})
    assert past_midnight["decision_on"] == "2026-03-14"
    assert "decision_in_days" not in told


def test_a_change_counts_from_the_end_as_it_becomes(client: httpx.Client, interview: dict[str, Any]) -> None:
    address = f"/interviews/{interview['id']}"
    assert client.patch(address, json={"decision_in_days": 14}).json()["decision_on"] == "2026-03-17"
    moved = {"starts_at": "2026-03-05T14:00:00-05:00", "ends_at": "2026-03-05T15:00:00-05:00", "decision_in_days": 14}
    assert client.patch(address, json=moved).json()["decision_on"] == "2026-03-19"
    away = {"decision_in_days": 1, "time_zone": "Pacific/Kiritimati"}
    assert client.patch(address, json=away).json()["decision_on"] == "2026-03-07"
    assert client.patch(address, json={"decision_on": None}).json()["decision_on"] is None


def test_a_reply_counts_from_its_own_day_in_the_zone_of_the_round(
    client: httpx.Client, interview: dict[str, Any]
) -> None:
    reply = {"direction": "inbound", "at": "2026-03-05T02:00:00Z", "decision_in_days": 7}
    for named in ("interview_id", "opportunity_id"):
        about = {named: interview.get(named, interview["id"])}
        assert post(client, "/touches", {**reply, **about})["decision_on"] == "2026-03-11"


def test_before_any_round_the_zone_is_the_accounts(client: httpx.Client, interview: dict[str, Any]) -> None:
    reply = {"direction": "inbound", "at": "2026-02-05T02:00:00Z", "decision_in_days": 7}
    told = post(client, "/touches", {**reply, "opportunity_id": interview["opportunity_id"]})
    assert told["decision_on"] == "2026-02-11"


@pytest.mark.parametrize("days", [0, 61, -7, 7.0, "7", True])
def test_days_are_whole_and_up_to_two_months(client: httpx.Client, days: Any) -> None:
    answer = client.post("/interviews", json={**AN_INTERVIEW, "decision_in_days": days})
    assert refused_fields(answer).keys() == {"decision_in_days"}


def test_one_promise_is_told_once(client: httpx.Client, interview: dict[str, Any]) -> None:
    twice = {"decision_on": "2026-03-10", "decision_in_days": 7}
    assert "decision_in_days" in refused_fields(client.post("/interviews", json={**AN_INTERVIEW, **twice}))
    assert "decision_in_days" in refused_fields(client.patch(f"/interviews/{interview['id']}", json=twice))
    reply = {"interview_id": interview["id"], "direction": "inbound", "at": "2026-03-05T02:00:00Z"}
    assert "decision_in_days" in refused_fields(client.post("/touches", json={**reply, **twice}))


def test_a_promise_is_theirs(client: httpx.Client, interview: dict[str, Any]) -> None:
    mine = {"interview_id": interview["id"], "direction": "outbound", "decision_in_days": 7}
    assert "decision_in_days" in refused_fields(client.post("/touches", json=mine))


def test_a_promise_ends_with_the_century(client: httpx.Client) -> None:
    last = {"company": "Acme", "starts_at": "2100-12-20T12:00:00Z", "decision_in_days": 60}
    assert "decision_in_days" in refused_fields(client.post("/interviews", json=last))
