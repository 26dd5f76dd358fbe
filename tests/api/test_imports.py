"""One week's facts give one answer, whichever way they are asked about."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from afterword.formats import yaml_document
from support.problems import refused_fields
from support.requests import post

WEEK = Path(__file__).parents[1] / "data" / "week.yaml"
SPELLINGS = {"opportunity": "opportunity_id", "interview": "interview_id", "key": "contact_id"}
STATES = ["overdue", "open", "upcoming", "snoozed", "done", "skipped", "lapsed"]


@pytest.fixture
def week() -> dict[str, Any]:
    document: dict[str, Any] = yaml_document.load(WEEK.read_text())
    return {**document, "states": STATES}


def test_a_week_gives_the_same_answer_on_every_path(
    week: dict[str, Any], anonymous: httpx.Client, client: httpx.Client, tmp_path: Path
) -> None:
    told = post(anonymous, "/timelines", week, status=200)
    assert len(told["actions"]) > 15
    assert told["holds"]
    assert planned(week, tmp_path) == told
    imported = post(client, "/imports", week)
    query = {"at": week["at"], "until": "2025-12-31T00:00:00Z", "state": STATES, "limit": 500}
    stored = client.get("/next-actions", params=query)
    assert stored.status_code == httpx.codes.OK, stored.text
    assert without_ids(stored.json(), imported) == in_stored_spelling(told)


@pytest.mark.parametrize("playbook", ["three-things", "eight-steps", "dos-and-donts"])
def test_the_playbook_of_the_document_becomes_that_of_an_empty_account(
    week: dict[str, Any], client: httpx.Client, playbook: str
) -> None:
    post(client, "/imports", {**week, "playbook": playbook})
    assert client.get("/next-actions").json()["playbook"] == playbook


def test_an_account_that_has_opportunities_keeps_its_settings(week: dict[str, Any], client: httpx.Client) -> None:
    post(client, "/opportunities", {"company": "Older"})
    imported = post(client, "/imports", {**week, "playbook": "eight-steps"})
    told = client.get("/next-actions", params={"at": week["at"]}).json()
    assert told["playbook"] == "balanced"
    theirs = {each["id"] for each in imported["opportunities"]}
    mine = [each for each in told["actions"] if each["opportunity_id"] in theirs]
    assert "thank-you-card" not in {each["kind"] for each in mine}, "which eight-steps does not have"


def test_somebody_with_a_known_address_is_that_contact(week: dict[str, Any], client: httpx.Client) -> None:
    known = post(client, "/contacts", {"name": "A. Ruiz", "email": "Ana@larkspur.example"})
    imported = post(client, "/imports", week)
    assert {"key": "ana", "id": known["id"]} in imported["contacts"]


def test_an_offset_without_a_name_becomes_a_zone_of_whole_hours(client: httpx.Client) -> None:
    interview = {"starts_at": "2025-03-03T14:00:00-05:00"}
    document = {"at": "2025-03-04T00:00:00Z", "opportunities": [{"company": "Acme", "interviews": [interview]}]}
    imported = post(client, "/imports", document)
    found = client.get(f"/interviews/{imported['interviews'][0]['id']}").json()
    assert found["time_zone"] == "Etc/GMT+5"
    interview["starts_at"] = "2025-03-03T14:00:00+05:30"
    refused = client.post("/imports", json=document)
    assert list(refused_fields(refused)) == ["opportunities.opportunity-1.interviews.interview-1.time_zone"]


def test_nothing_is_stored_of_a_document_that_is_refused(week: dict[str, Any], client: httpx.Client) -> None:
    touch = {"direction": "inbound", "at": "2099-01-01T00:00:00Z", "person": "carla"}
    week["opportunities"][1]["touches"].append(touch)
    refused = client.post("/imports", json=week)
    assert list(refused_fields(refused)) == ["opportunities.1.touches.1.at"]
    assert client.get("/opportunities").json()["items"] == []


def test_a_whole_playbook_cannot_be_imported(week: dict[str, Any], client: httpx.Client) -> None:
    refused = client.post("/imports", json={**week, "playbook": {"id": "mine"}})
    assert list(refused_fields(refused)) == ["playbook"]


@pytest.mark.parametrize(
    ("opportunity", "field"),
    [
        ({"interviews": [{"starts_at": "2100-12-31T23:59:59Z"}]}, "interviews.0.starts_at"),
        (
            {"interviews": [{"starts_at": "2026-03-03T14:00:00Z", "ends_at": "2026-03-04T14:00:01Z"}]},
            "interviews.0.ends_at",
        ),
        ({"company": " "}, "company"),
        ({"role": "\t"}, "role"),
        ({"people": [{"key": "ana", "name": " "}]}, "people.0.name"),
    ],
)
def test_what_no_other_route_would_store_is_not_imported(
    client: httpx.Client, opportunity: dict[str, Any], field: str
) -> None:
    document = {"at": "2026-03-03T00:00:00Z", "opportunities": [{"company": "Acme", **opportunity}]}
    assert list(refused_fields(client.post("/imports", json=document))) == [f"opportunities.0.{field}"]
    assert client.get("/opportunities").json()["items"] == []
    assert client.get("/interviews").json()["items"] == []


def planned(document: dict[str, Any], directory: Path) -> dict[str, Any]:
    """What `afterword plan` prints."""
    file = directory / "week.json"
    file.write_text(json.dumps(document))
    command = [Path(sys.executable).with_name("afterword"), "plan", file]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def without_ids(answer: dict[str, Any], imported: dict[str, Any]) -> Any:
    """A stored answer with the document's keys in place of the ids."""
    named = [*imported["opportunities"], *imported["interviews"], *imported["contacts"]]
    text = json.dumps(answer)
    for each in named:
        text = text.replace(each["id"], each["key"])
    return _unidentified(json.loads(text))


def in_stored_spelling(answer: dict[str, Any]) -> Any:
    """A document's answer with its fields called as a stored one's."""
    return _unidentified(_renamed(answer))


def _renamed(part: Any) -> Any:
    if isinstance(part, list):
        return [_renamed(each) for each in part]
    if isinstance(part, dict):
        return {SPELLINGS.get(name, name): _renamed(value) for name, value in part.items()}
    return part


def _unidentified(answer: dict[str, Any]) -> dict[str, Any]:
    for each in (*answer["actions"], *answer["holds"]):
        del each["id"]
    return answer
