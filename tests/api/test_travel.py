"""`GET /opportunities/{id}/timeline?changes=true`: the instants between which a person can travel in time."""

from __future__ import annotations

import itertools
from typing import Any

import httpx
import jsonschema
import pytest
from sqlalchemy import update

from afterword.formats.answer_models import OpportunityTimeline
from afterword.storage.tables import opportunities, playbook_versions
from support.problems import refused_fields
from support.requests import post

AT = "2026-03-05T15:00:00Z"
SUBJECTS = ("id", "state", "window")


@pytest.fixture
def address(client: httpx.Client) -> str:
    body = {"company": "Acme", "starts_at": "2026-03-03T14:00:00-05:00", "people": [{"name": "Ana Ruiz"}]}
    return f"/opportunities/{post(client, '/interviews', body)['opportunity_id']}/timeline"


def asked(client: httpx.Client, address: str, **query: Any) -> dict[str, Any]:
    answer = client.get(address, params=query)
    assert answer.status_code == httpx.codes.OK, answer.text
    told: dict[str, Any] = answer.json()
    jsonschema.validate(told, OpportunityTimeline.model_json_schema(mode="serialization"))
    return told


def said(told: dict[str, Any]) -> Any:
    return [[action[name] for name in SUBJECTS] for action in told["actions"]], [hold["id"] for hold in told["holds"]]


def test_they_are_told_only_where_asked(client: httpx.Client, address: str) -> None:
    assert "changes" not in asked(client, address, at=AT)
    assert asked(client, address, at=AT, changes=True)["changes"]


def test_the_next_change_is_the_first_one_ahead(client: httpx.Client, address: str) -> None:
    told = asked(client, address, at=AT, changes=True)
    assert told["changes"] == sorted(set(told["changes"]))
    assert min(at for at in told["changes"] if at > AT) == told["next_change_at"]
    # The round itself, with which everything began.
    assert told["changes"][0] == "2026-03-03T19:00:00Z"


def test_between_two_of_them_nothing_changes_and_at_each_something_does(client: httpx.Client, address: str) -> None:
    changes = asked(client, address, at=AT, changes=True)["changes"]
    answers = [said(asked(client, address, at=at)) for at in changes]
    assert all(one != next_one for one, next_one in itertools.pairwise(answers))


def test_another_playbook_changes_at_its_own_times(client: httpx.Client, address: str) -> None:
    own = asked(client, address, at=AT, changes=True)["changes"]
    other = asked(client, address, at=AT, changes=True, playbook="five-things")
    assert other["changes"] != own
    assert min(at for at in other["changes"] if at > AT) == other["next_change_at"]


def test_nothing_is_written(client: httpx.Client, address: str) -> None:
    before = [client.get(path).json() for path in ("/events", "/opportunities")]
    asked(client, address, changes=True)
    assert [client.get(path).json() for path in ("/events", "/opportunities")] == before


def test_where_nobody_can_judge_there_is_nowhere_to_go(
    client: httpx.Client, address: str, server: Any, account: Any
) -> None:
    text = "id: calmer\nextends: balanced\nrules:\n  - {id: follow-up, repeat: {every: P14D, max: 1}}\n"
    client.post("/playbooks", content=text, headers={"Content-Type": "application/yaml"}).raise_for_status()
    with server.database.write() as session:
        mine = playbook_versions.c.account_id == account.id
        session.execute(update(playbook_versions).where(mine).values(document={"id": "calmer", "rules": [{}]}))
        theirs = opportunities.c.account_id == account.id
        session.execute(update(opportunities).where(theirs).values(playbook_id="calmer", playbook_version=None))
    told = asked(client, address, changes=True)
    assert (told["changes"], len(told["not_advised"])) == ([], 1)


def test_it_is_refused_where_it_is_no_yes_or_no(client: httpx.Client, address: str) -> None:
    assert refused_fields(client.get(address, params={"changes": "perhaps"})).keys() == {"changes"}


def test_who_takes_part_is_told_with_every_address(client: httpx.Client, address: str) -> None:
    opportunity = address.removesuffix("/timeline")
    known = {"phone": "+1 555 0100", "linkedin": "ana", "postal_address": "1 Main Street", "preferred_channel": "phone"}
    named = {"name": "Ana Ruiz", "do_not_contact": True, **known}
    told = client.patch(opportunity, json={"people": [named]}).json()["people"]
    assert [{name: each[name] for name in named} for each in told] == [named]


def test_whoever_took_part_is_named_when_they_cannot_be_left_out(client: httpx.Client, address: str) -> None:
    refused = client.patch(address.removesuffix("/timeline"), json={"people": []})
    assert "Ana Ruiz" in refused_fields(refused)["people"]
