"""Dry runs: what a playbook would change, before it is switched on. Nothing is written."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import yaml

from api.conftest import Server
from support.playbooks import AS_YAML, BROKEN, OUR_WAY, OUR_WAY_LATER, put, send
from support.problems import refused_fields
from support.requests import post

#: An hour after the interview.
AT = "2026-03-03T21:00:00Z"
TRY = "/playbooks/our-way/dry-run"


def ask(client: httpx.Client, address: str = TRY, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = client.post(address, json={"at": AT, **(body or {})})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def kinds(items: list[dict[str, Any]]) -> set[str]:
    return {each["kind"] for each in items}


def test_what_would_come_go_and_change_is_told(client: httpx.Client, interview: dict[str, Any]) -> None:
    version = send(client, OUR_WAY).json()["version"]
    before = client.get(f"/opportunities/{interview['opportunity_id']}").json()
    told = ask(client)
    assert (told["playbook"], told["version"], told["as_of"]) == ("our-way", version, AT)
    [found] = told["opportunities"]
    assert found["opportunity_id"] == interview["opportunity_id"]
    assert found["in_force"] == {"playbook": "balanced", "version": before["playbook_version"]}
    assert kinds(found["added"]) == {"pie"}
    assert found["added"][0]["person"]["name"] == "Ana Ruiz"
    assert found["removed"] == []
    assert told["totals"] == {"opportunities": 1, "affected": 1, "added": 1, "removed": 0, "changed": 0}


def test_a_change_shows_both_sides(client: httpx.Client, interview: dict[str, Any]) -> None:
    send(client, OUR_WAY)
    client.patch(f"/opportunities/{interview['opportunity_id']}", json={"playbook_id": "our-way"})
    assert ask(client)["totals"]["affected"] == 0
    put(client, OUR_WAY_LATER)
    [found] = ask(client)["opportunities"]
    [pie] = found["changed"]
    assert (pie["kind"], pie["differs"]) == ("pie", ["window"])
    assert pie["before"]["window"]["due_at"] == "2026-03-06T20:00:00Z"
    assert pie["after"]["window"]["due_at"] == "2026-03-07T20:00:00Z"
    assert (found["added"], found["removed"]) == ([], [])


def test_holds_are_told_too(client: httpx.Client, interview: dict[str, Any]) -> None:
    assert interview
    [found] = ask(client, "/playbooks/three-things/dry-run")["opportunities"]
    assert "wait-for-timeline" in kinds(found["holds"]["removed"])
    assert "thank-you" in kinds(found["changed"])
    [thanks] = [each for each in found["changed"] if each["kind"] == "thank-you"]
    assert {"window", "why"} <= set(thanks["differs"])


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (OUR_WAY, AS_YAML),
        (json.dumps(yaml.safe_load(OUR_WAY)), {"Content-Type": "application/json"}),
        (json.dumps({"playbook": yaml.safe_load(OUR_WAY)}), {"Content-Type": "application/json"}),
        (json.dumps({"playbook": OUR_WAY}), {"Content-Type": "application/json"}),
        (yaml.safe_dump({"playbook": OUR_WAY}), AS_YAML),
    ],
)
def test_one_that_is_not_stored_can_be_tried(
    client: httpx.Client, interview: dict[str, Any], content: str, headers: dict[str, str]
) -> None:
    answer = client.post(TRY, content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["opportunities"][0]["opportunity_id"] == interview["opportunity_id"]
    refused_fields(client.get("/playbooks/our-way"), 404)


def test_a_candidate_takes_the_place_of_the_stored_one(client: httpx.Client, interview: dict[str, Any]) -> None:
    stored = send(client, OUR_WAY).json()["version"]
    assert interview
    body = {"at": AT, "playbook": OUR_WAY_LATER}
    told = ask(client, body=body)
    assert told["version"] != stored
    assert told["opportunities"][0]["added"][0]["window"]["due_at"] == "2026-03-07T20:00:00Z"
    assert client.get("/playbooks/our-way/versions").json()["items"][0]["version"] == stored


def test_nothing_is_written(client: httpx.Client, interview: dict[str, Any], server: Server) -> None:
    assert interview
    send(client, OUR_WAY)
    with server.database.read() as session:
        before = [session.exec_driver_sql(f"SELECT * FROM {each} ORDER BY 1, 2, 3").all() for each in TABLES]
    ask(client)
    ask(client, body={"playbook": OUR_WAY_LATER})
    with server.database.read() as session:
        after = [session.exec_driver_sql(f"SELECT * FROM {each} ORDER BY 1, 2, 3").all() for each in TABLES]
    assert after == before


TABLES = ("opportunities", "events", "playbooks", "accounts")


def test_only_what_is_open_is_asked_about_unless_it_is_named(client: httpx.Client, interview: dict[str, Any]) -> None:
    send(client, OUR_WAY)
    opportunity = interview["opportunity_id"]
    client.put(f"/opportunities/{opportunity}/outcome", json={"status": "withdrawn"})
    assert ask(client)["opportunities"] == []
    assert len(ask(client, body={"opportunity_ids": [opportunity]})["opportunities"]) == 1


def test_long_answers_come_in_pages(client: httpx.Client) -> None:
    send(client, OUR_WAY)
    made = [post(client, "/opportunities", {"company": f"No. {number}"})["id"] for number in range(3)]
    first = client.post(TRY, params={"limit": 2})
    assert [each["opportunity_id"] for each in first.json()["opportunities"]] == made[:2]
    assert first.json()["totals"]["opportunities"] == 2
    assert "rel=" in first.headers["link"]
    rest = client.post(TRY, params={"limit": 2, "cursor": first.json()["next_cursor"]})
    assert [each["opportunity_id"] for each in rest.json()["opportunities"]] == made[2:]
    assert rest.json()["next_cursor"] is None
    named = client.post(TRY, params={"limit": 1}, json={"opportunity_ids": made[1:]}).json()
    assert [each["opportunity_id"] for each in named["opportunities"]] == made[1:2]


def test_what_cannot_be_tried_is_refused(
    client: httpx.Client, stranger: httpx.Client, interview: dict[str, Any], anonymous: httpx.Client
) -> None:
    refused_fields(client.post(TRY), 404)
    refused_fields(anonymous.post(TRY), 401)
    assert "id" in refused_fields(client.post("/playbooks/their-way/dry-run", content=OUR_WAY, headers=AS_YAML))
    refused_fields(client.post(TRY, content=BROKEN, headers=AS_YAML))
    assert "playbok" in refused_fields(client.post(TRY, json={"playbok": {}}))
    send(stranger, OUR_WAY)
    theirs = {"opportunity_ids": [interview["opportunity_id"]]}
    refused_fields(stranger.post(TRY, json=theirs), 404)
