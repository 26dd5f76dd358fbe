"""`GET /contact-check`: asking before sending."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import jsonschema
import pytest
from sqlalchemy import update

from afterword import clock
from afterword.formats.answer_models import ContactCheck
from afterword.storage.tables import opportunities, playbook_versions
from support.problems import refused_fields
from support.requests import post

ANA = {"name": "Ana Ruiz", "email": "Ana@Acme.example", "phone": "+1 555 0100", "roles": ["hiring_manager"]}
BEN = {"name": "Ben Ode", "email": "ben@acme.example", "roles": ["interviewer"], "preferred_channel": "text"}
#: A Tuesday, with a decision promised for the Tuesday after.
AT = "2026-03-05T15:00:00Z"
FOLLOW_UP_OPENS = "2026-03-11T13:00:00Z"  # 09:00 in New York on the day after the promised one


@pytest.fixture
def held(client: httpx.Client) -> dict[str, Any]:
    """An interview that was held on 3 March, with two interviewers."""
    body = {
        "company": "Acme", "role": "Data engineer", "starts_at": "2026-03-03T14:00:00-05:00",
        "decision_on": "2026-03-10", "people": [ANA, BEN],
    }  # fmt: skip
    return post(client, "/interviews", body)


def contact(held: dict[str, Any], name: str = "Ana Ruiz") -> str:
    return next(str(each["contact_id"]) for each in held["people"] if each["name"] == name)


def checked(client: httpx.Client, **query: Any) -> dict[str, Any]:
    answer = client.get("/contact-check", params={"at": AT, **query})
    assert answer.status_code == httpx.codes.OK, answer.text
    told: dict[str, Any] = answer.json()
    jsonschema.validate(told, ContactCheck.model_json_schema(mode="serialization"))
    assert told["allowed"] == (told["holds"] == [])
    for each in told["alternatives"]:
        assert asked_again(client, each)["allowed"], each
    return told


def asked_again(client: httpx.Client, alternative: dict[str, Any]) -> dict[str, Any]:
    """An alternative is a question too: its fields are the ones to ask with."""
    fields = ("opportunity_id", "channel", "purpose", "at")
    query = {name: alternative[name] for name in fields if alternative[name] is not None}
    query["contact_id"] = alternative["person"]["contact_id"]
    told: dict[str, Any] = client.get("/contact-check", params=query).json()
    return told


def test_a_follow_up_before_the_promised_day_is_held_and_may_go_later(
    client: httpx.Client, held: dict[str, Any]
) -> None:
    told = checked(client, contact_id=contact(held), channel="email", purpose="follow-up")
    assert (told["allowed"], told["until"], told["as_of"]) == (False, FOLLOW_UP_OPENS, AT)
    assert told["person"] == {"contact_id": contact(held), "name": "Ana Ruiz", "role": "hiring_manager"}
    assert told["why"] == told["holds"][0]["why"]
    later = next(each for each in told["alternatives"] if each["type"] == "later")
    assert (later["at"], later["channel"], later["purpose"]) == (FOLLOW_UP_OPENS, "email", "follow-up")
    timeline = client.get(f"/opportunities/{held['opportunity_id']}/timeline", params={"at": AT}).json()
    upcoming = next(each for each in timeline["actions"] if each["kind"] == "follow-up")
    assert later["action_id"] == upcoming["id"]


def test_it_says_what_next_actions_says_and_on_whose_advice(client: httpx.Client, held: dict[str, Any]) -> None:
    holds = client.get("/next-actions", params={"at": AT}).json()["holds"]
    waiting = checked(client, contact_id=contact(held), purpose="follow-up")["holds"]
    assert waiting == [each for each in holds if each["kind"] == "wait-for-timeline"]
    assert waiting[0]["sources"][0].keys() == {"source", "title", "locator", "says", "inferred"}
    texts = checked(client, contact_id=contact(held), channel="text")["holds"]
    assert texts == [each for each in holds if each["kind"] == "no-text-messages" and each["person"] is None]


def test_another_channel_comes_with_the_action_that_the_message_would_fulfil(
    client: httpx.Client, held: dict[str, Any]
) -> None:
    told = checked(client, contact_id=contact(held), channel="text", purpose="thank-you")
    first = told["alternatives"][0]
    assert (first["type"], first["channel"], first["at"]) == ("another_channel", "email", AT)
    listed = client.get("/next-actions", params={"at": AT, "contact_id": contact(held)}).json()["actions"]
    thanks = next(each for each in listed if each["kind"] == "thank-you")
    assert first["action_id"] == thanks["id"]
    assert client.get("/touches").json()["items"] == [], "nothing is written"


def test_what_is_allowed_names_the_channel_to_use(client: httpx.Client, held: dict[str, Any]) -> None:
    told = checked(client, email="ANA@acme.EXAMPLE", purpose="thank-you")
    assert told == {
        "as_of": AT, "allowed": True, "until": None, "why": None, "opportunity_id": None, "channel": "email",
        "person": {"contact_id": contact(held), "name": "Ana Ruiz", "role": "hiring_manager"},
        "purpose": "thank-you", "holds": [], "alternatives": [],
    }  # fmt: skip
    assert checked(client, contact_id=contact(held))["allowed"]
    logistics = checked(client, contact_id=contact(held, "Ben Ode"), channel="text", purpose="other")
    assert logistics["allowed"], "who prefers text messages gets them for logistics"


def test_now_is_when_nothing_else_is_said(client: httpx.Client) -> None:
    end = clock.now() - timedelta(minutes=30)
    times = {"starts_at": (end - timedelta(hours=1)).isoformat(), "ends_at": end.isoformat()}
    made = post(client, "/interviews", {"company": "Acme", "people": [ANA], **times})
    query = {"contact_id": contact(made), "purpose": "follow-up"}
    told = client.get("/contact-check", params=query).json()
    assert not told["allowed"]
    assert datetime.fromisoformat(told["as_of"]) > end
    assert {each["type"] for each in told["alternatives"]} >= {"later", "action"}
    assert all(asked_again(client, each)["allowed"] for each in told["alternatives"])


def test_who_is_to_be_left_alone_is_left_alone_everywhere(client: httpx.Client, held: dict[str, Any]) -> None:
    client.patch(f"/contacts/{contact(held)}", json={"do_not_contact": True}).raise_for_status()
    for query in ({}, {"purpose": "other"}, {"channel": "letter"}, {"opportunity_id": held["opportunity_id"]}):
        told = checked(client, contact_id=contact(held), **query)
        assert (told["allowed"], told["until"]) == (False, None)
        assert contact(held) not in {each["person"]["contact_id"] for each in told["alternatives"]}


def test_also_who_takes_part_in_nothing(client: httpx.Client) -> None:
    left = post(client, "/contacts", {"name": "Ina", "email": "ina@acme.example", "do_not_contact": True})
    told = checked(client, email="ina@acme.example", purpose="other")
    assert (told["allowed"], told["alternatives"]) == (False, [])
    assert told["holds"][0]["opportunity_id"] is None
    assert told["person"] == {"contact_id": left["id"], "name": "Ina", "role": None}
    free = post(client, "/contacts", {"name": "Joe"})
    assert checked(client, contact_id=free["id"])["allowed"]
    # A second entry for the same mailbox does not open it again.
    post(client, "/contacts", {"name": "I. N. A.", "email": "INA@acme.example"})
    assert not checked(client, email="ina@acme.example")["allowed"]


def test_without_an_opportunity_each_one_must_allow_it(client: httpx.Client, held: dict[str, Any]) -> None:
    ahead = {"company": "Globex", "starts_at": "2026-03-20T14:00:00Z", "people": [{"email": ANA["email"]}]}
    other = post(client, "/interviews", ahead)
    query = {"contact_id": contact(held), "purpose": "follow-up"}
    assert checked(client, **query, opportunity_id=other["opportunity_id"])["allowed"]
    assert not checked(client, **query, opportunity_id=held["opportunity_id"])["allowed"]
    assert not checked(client, **query)["allowed"]


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ({}, {"contact_id", "email"}),
        ({"contact_id": "con_0", "email": "ana@acme.example"}, {"contact_id", "email"}),
        ({"email": "ana@acme.example", "channel": "pigeon"}, {"channel"}),
        ({"email": "ana@acme.example", "purpose": "Thank you"}, {"purpose"}),
        ({"email": "ana@acme.example", "purpose": "followup"}, {"purpose"}),
        ({"email": "ana@acme.example", "at": "2026-03-05T15:00:00"}, {"at"}),
        ({"email": "nobody"}, {"email"}),
    ],
)
@pytest.mark.usefixtures("held")
def test_what_cannot_be_asked_is_refused_at_its_field(
    client: httpx.Client, query: dict[str, str], paths: set[str]
) -> None:
    assert refused_fields(client.get("/contact-check", params=query)).keys() == paths


def test_a_misspelt_purpose_is_not_taken_for_an_allowed_one(client: httpx.Client, held: dict[str, Any]) -> None:
    refused = client.get("/contact-check", params={"contact_id": contact(held), "purpose": "folow-up"})
    assert "follow-up" in refused_fields(refused)["purpose"]


def test_who_and_what_is_not_there_is_not_found(
    client: httpx.Client, stranger: httpx.Client, held: dict[str, Any]
) -> None:
    theirs = {"contact_id": contact(held)}
    refused_fields(stranger.get("/contact-check", params=theirs), 404)
    refused_fields(stranger.get("/contact-check", params={"email": ANA["email"]}), 404)
    mine = post(stranger, "/contacts", {"name": "Mine"})["id"]
    elsewhere = {"contact_id": mine, "opportunity_id": held["opportunity_id"]}
    refused_fields(stranger.get("/contact-check", params=elsewhere), 404)
    alone = post(client, "/contacts", {"name": "Joe"})["id"]
    not_theirs = {"contact_id": alone, "opportunity_id": held["opportunity_id"]}
    assert list(refused_fields(client.get("/contact-check", params=not_theirs))) == ["opportunity_id"]


def test_nobody_says_that_it_is_allowed_where_the_playbook_cannot_be_read(
    client: httpx.Client, held: dict[str, Any], server: Any, account: Any
) -> None:
    rules = "id: calmer\nextends: balanced\nrules:\n  - {id: follow-up, repeat: {every: P14D, max: 1}}\n"
    client.post("/playbooks", content=rules, headers={"Content-Type": "application/yaml"}).raise_for_status()
    address = f"/opportunities/{held['opportunity_id']}"
    with server.database.write() as session:
        versions, mine = playbook_versions, opportunities.c.id == held["opportunity_id"]
        broken = {"document": {"id": "calmer", "rules": [{}]}}
        calmer = (versions.c.id == "calmer") & (versions.c.account_id == account.id)
        session.execute(update(versions).where(calmer).values(broken))
        session.execute(update(opportunities).where(mine).values(playbook_id="calmer", playbook_version=None))
    assert client.get(f"{address}/timeline").json()["not_advised"]
    refused = client.get("/contact-check", params={"contact_id": contact(held)})
    assert refused.status_code == httpx.codes.CONFLICT
    assert "cannot be read" in refused.json()["detail"]
