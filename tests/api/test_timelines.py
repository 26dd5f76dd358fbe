"""`POST /timelines`, and the playbooks it answers by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from afterword.api.app import create_app
from afterword.config import Settings
from afterword.formats import yaml_document
from afterword.formats.answer_models import Timeline
from afterword.storage.database import Database
from support.accounts import TestAccount
from support.problems import refused_fields
from support.requests import post
from support.served import client_of

WEEK = Path(__file__).parents[1] / "data" / "week.yaml"
BUILT_IN = {"balanced", "three-things", "interviewing-with-intention", "eight-steps", "dos-and-donts", "five-things"}


@pytest.fixture
def week() -> dict[str, Any]:
    document: dict[str, Any] = yaml_document.load(WEEK.read_text())
    return document


def test_facts_in_timeline_out_without_an_account(anonymous: httpx.Client, week: dict[str, Any]) -> None:
    told = post(anonymous, "/timelines", {**week, "explain": True}, status=200)
    jsonschema.validate(told, Timeline.model_json_schema(mode="serialization"))
    assert told["not_fired"]
    assert {each["opportunity"] for each in told["actions"]} == {"larkspur", "brindle", None}


def test_every_playbook_is_listed_whole_and_given_back_inline_says_the_same(
    anonymous: httpx.Client, week: dict[str, Any]
) -> None:
    listed = {each["id"]: each for each in anonymous.get("/playbooks").json()["items"]}
    assert listed.keys() == BUILT_IN
    for identifier in BUILT_IN:
        whole = anonymous.get(f"/playbooks/{identifier}").json()
        by_id = post(anonymous, "/timelines", {**week, "playbook": identifier}, status=200)
        inline = post(anonymous, "/timelines", {**week, "playbook": whole}, status=200)
        assert inline == by_id
    refused_fields(anonymous.get("/playbooks/none-such"), 404)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"at": "2025-03-07T13:30:00"}, "at"),
        ({"playbook": "none-such"}, "playbook"),
        ({"colour": "red"}, "colour"),
        ({"opportunities": [{"company": "A", "interviews": [{"starts_at": "2100-12-31T23:59:59Z"}]}]},
         "opportunities.0.interviews.0.starts_at"),
        ({"opportunities": [{"company": "A", "touches": [{"direction": "inbound", "at": "2025-03-07T13:30:00Z",
                                                           "person": "nobody"}]}]}, "opportunities.0.touches.0.person"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_at_its_field(
    anonymous: httpx.Client, week: dict[str, Any], change: dict[str, Any], path: str
) -> None:
    assert list(refused_fields(anonymous.post("/timelines", json={**week, **change}))) == [path]


def test_a_malformed_playbook_is_refused(anonymous: httpx.Client, week: dict[str, Any]) -> None:
    assert refused_fields(anonymous.post("/timelines", json={**week, "playbook": {"id": "mine"}}))


def test_more_than_one_answer_may_cost_is_refused(anonymous: httpx.Client) -> None:
    people = [{"key": f"p{number}"} for number in range(30)]
    keys = [person["key"] for person in people]
    interviews = [{"starts_at": "2026-03-03T14:00:00Z", "people": keys}] * 20
    one = {"company": "A", "people": people, "interviews": interviews}
    document = {"at": "2026-03-03T14:00:00Z", "opportunities": [one] * 25}
    refused = anonymous.post("/timelines", json=document)
    assert list(refused_fields(refused)) == ["opportunities"]


def test_more_than_256_kb_is_refused(anonymous: httpx.Client, week: dict[str, Any]) -> None:
    refused_fields(anonymous.post("/timelines", json={**week, "padding": "x" * 262_144}), 413)


def test_a_setting_switches_the_route_off(database: Database, database_url: str, tmp_path: Path) -> None:
    off = Settings(database_url, tmp_path, public_timelines=False)
    with client_of(create_app(off, database)) as client:
        refused_fields(client.post("/api/v1/timelines", json={"at": "2026-03-03T14:00:00Z"}), 404)


def test_a_whole_playbook_from_another_machine_takes_a_key(
    anonymous: httpx.Client, account: TestAccount, week: dict[str, Any]
) -> None:
    elsewhere = {"X-Forwarded-For": "203.0.113.9"}  # as a proxy on this machine says it
    whole = {**week, "playbook": anonymous.get("/playbooks/balanced").json()}
    assert anonymous.post("/timelines", json=week, headers=elsewhere).status_code == 200
    refused = anonymous.post("/timelines", json=whole, headers=elsewhere)
    assert refused.status_code == 401
    assert "API key" in refused.json()["detail"]
    wrong = anonymous.post("/timelines", json=whole, headers={**elsewhere, "Authorization": "Bearer afw_nobody_knows"})
    assert wrong.status_code == 401
    keyed = {**elsewhere, "Authorization": f"Bearer {account.key}"}
    assert anonymous.post("/timelines", json=whole, headers=keyed).status_code == 200


def test_what_is_wrong_in_a_whole_playbook_is_named_at_its_place(anonymous: httpx.Client, week: dict[str, Any]) -> None:
    rule = {"id": "basket", "kind": "fruit-basket", "for": "person", "opens": {"anchor": "interview.end"}}
    refused = anonymous.post("/timelines", json={**week, "playbook": {"id": "mine", "rules": [rule]}})
    assert refused_fields(refused) == {"playbook.rules.0.cite": "is missing"}
