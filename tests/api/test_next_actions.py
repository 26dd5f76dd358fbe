"""`GET /next-actions` and the user's word on what it lists."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import httpx
import jsonschema
import pytest
from sqlalchemy import update

from afterword import clock
from afterword.formats.answer_models import Action, NextActions
from afterword.services.next_actions import Query, entity_tag
from afterword.storage.tables import accounts, opportunities
from support.problems import refused_fields
from support.requests import post

ANA = {"name": "Ana Ruiz", "email": "ana@acme.example", "roles": ["hiring_manager"]}
BEN = {"name": "Ben Ode", "email": "ben@acme.example", "roles": ["interviewer"]}


@pytest.fixture
def ended(client: httpx.Client) -> dict[str, Any]:
    """An interview that ended half an hour ago, with two interviewers."""
    end = clock.now() - timedelta(minutes=30)
    times = {"starts_at": (end - timedelta(hours=1)).isoformat(), "ends_at": end.isoformat()}
    return post(client, "/interviews", {"company": "Acme", "role": "Engineer", "people": [ANA, BEN], **times})


def listed(client: httpx.Client, **query: Any) -> dict[str, Any]:
    answer = client.get("/next-actions", params=query)
    assert answer.status_code == httpx.codes.OK, answer.text
    told: dict[str, Any] = answer.json()
    return told


def thanks(client: httpx.Client, name: str = "Ana Ruiz", **query: Any) -> dict[str, Any]:
    states = ["overdue", "open", "upcoming", "snoozed", "done", "skipped", "lapsed"]
    found = listed(client, **{"state": states, **query})["actions"]
    action: dict[str, Any] = next(
        each for each in found if each["kind"] == "thank-you" and each["person"]["name"] == name
    )
    return action


def says(client: httpx.Client, action: dict[str, Any], word: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = client.post(f"/next-actions/{action['id']}/{word}", json=body)
    assert answer.status_code == httpx.codes.OK, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_the_answer_has_the_shape_that_the_contract_says(client: httpx.Client, ended: dict[str, Any]) -> None:
    told = listed(client, explain="true")
    jsonschema.validate(told, NextActions.model_json_schema(mode="serialization"))
    assert told["not_fired"]
    plain = listed(client)
    assert "not_fired" not in plain
    assert {each["opportunity_id"] for each in plain["actions"]} == {ended["opportunity_id"], None}
    jsonschema.validate(plain["actions"][0], Action.model_json_schema(mode="serialization"))


def test_done_records_the_touch_and_reopen_takes_it_back(client: httpx.Client, ended: dict[str, Any]) -> None:
    action = thanks(client)
    assert action["state"] == "open"
    done = says(client, action, "done", {"note": "Sent from the train"})
    assert (done["id"], done["state"]) == (action["id"], "done")
    touches = client.get("/touches", params={"opportunity_id": ended["opportunity_id"]}).json()["items"]
    assert [(each["purpose"], each["direction"], each["channel"]) for each in touches] == [
        ("thank-you", "outbound", "email")
    ]
    assert touches[0]["note"] == "Sent from the train"
    assert thanks(client, "Ben Ode")["state"] == "open"
    reopened = says(client, action, "reopen")
    assert (reopened["id"], reopened["state"]) == (action["id"], "open")
    assert client.get("/touches", params={"opportunity_id": ended["opportunity_id"]}).json()["items"] == []


def test_done_at_another_time_and_on_another_channel(client: httpx.Client, ended: dict[str, Any]) -> None:
    at = (clock.now() - timedelta(minutes=10)).isoformat()
    says(client, thanks(client), "done", {"at": at, "channel": "phone"})
    touch = client.get("/touches", params={"opportunity_id": ended["opportunity_id"]}).json()["items"][0]
    assert touch["channel"] == "phone"
    refused = client.post(
        f"/next-actions/{thanks(client, 'Ben Ode')['id']}/done",
        json={"at": (clock.now() + timedelta(hours=1)).isoformat()},
    )
    assert list(refused_fields(refused)) == ["at"]


def test_saying_it_twice_changes_nothing(client: httpx.Client, ended: dict[str, Any]) -> None:
    action = thanks(client)
    assert says(client, action, "done") == says(client, action, "done")
    assert len(client.get("/touches", params={"opportunity_id": ended["opportunity_id"]}).json()["items"]) == 1


def test_what_is_no_message_is_marked_without_a_touch(client: httpx.Client, ended: dict[str, Any]) -> None:
    recap = next(each for each in listed(client)["actions"] if each["kind"] == "recap")
    assert says(client, recap, "done")["state"] == "done"
    assert client.get("/touches", params={"opportunity_id": ended["opportunity_id"]}).json()["items"] == []
    assert says(client, recap, "reopen")["state"] == "open"


def test_a_contact_s_list_has_the_holds_of_the_whole_opportunity(client: httpx.Client, ended: dict[str, Any]) -> None:
    """Whoever asks about one person must see what forbids writing to them, be it said of everybody."""
    elsewhere = post(client, "/interviews", {"company": "Other", "starts_at": "2026-03-03T14:00:00Z", "people": [BEN]})
    ana = next(each["contact_id"] for each in ended["people"] if each["name"] == "Ana Ruiz")
    holds = listed(client, contact_id=ana)["holds"]
    assert {"no-text-messages", "no-public-mention"} <= {hold["kind"] for hold in holds}
    assert {hold["opportunity_id"] for hold in holds} == {ended["opportunity_id"]} != {elsewhere["opportunity_id"]}


@pytest.mark.usefixtures("ended")
def test_skipped_and_snoozed_and_back(client: httpx.Client) -> None:
    action = thanks(client)
    assert says(client, action, "skip")["state"] == "skipped"
    assert says(client, action, "reopen")["state"] == "open"
    until = clock.now() + timedelta(hours=3)
    assert says(client, action, "snooze", {"until": until.isoformat()})["state"] == "snoozed"
    assert action["id"] not in {each["id"] for each in listed(client)["actions"]}
    assert thanks(client, at=(until + timedelta(minutes=1)).isoformat())["state"] == "open"
    assert says(client, action, "done")["state"] == "done"
    past = client.post(f"/next-actions/{action['id']}/snooze", json={"until": "2026-01-01T00:00:00Z"})
    assert list(refused_fields(past)) == ["until"]


def test_a_touch_that_was_logged_is_not_taken_back_by_reopen(client: httpx.Client, ended: dict[str, Any]) -> None:
    action = thanks(client)
    touch = {
        "opportunity_id": ended["opportunity_id"], "contact_id": action["person"]["contact_id"],
        "direction": "outbound", "purpose": "thank-you", "channel": "email", "at": clock.now().isoformat(),
    }  # fmt: skip
    post(client, "/touches", touch)
    refused_fields(client.post(f"/next-actions/{action['id']}/reopen"), 409)
    assert thanks(client)["state"] == "done"


@pytest.mark.usefixtures("ended")
def test_standing_advice_cannot_be_marked(client: httpx.Client) -> None:
    standing = next(each for each in listed(client)["actions"] if each["opportunity_id"] is None)
    refused_fields(client.post(f"/next-actions/{standing['id']}/done"), 409)


@pytest.mark.usefixtures("ended")
def test_an_unknown_action_is_not_found(client: httpx.Client, stranger: httpx.Client) -> None:
    refused_fields(client.post("/next-actions/act_" + "a" * 26 + "/done"), 404)
    refused_fields(stranger.post(f"/next-actions/{thanks(client)['id']}/done"), 404)
    refused_fields(client.post("/next-actions/nonsense/done"), 404)


@pytest.mark.parametrize("field", ["opportunity_id", "interview_id", "contact_id"])
def test_the_list_narrows_to_one_subject(
    client: httpx.Client, stranger: httpx.Client, ended: dict[str, Any], field: str
) -> None:
    post(client, "/interviews", {"company": "Other", "starts_at": "2026-03-03T14:00:00Z", "people": [BEN]})
    wanted = {
        "opportunity_id": ended["opportunity_id"],
        "interview_id": ended["id"],
        "contact_id": ended["people"][0]["contact_id"],
    }[field]
    found = listed(client, **{field: wanted})["actions"]
    assert found
    read = (lambda each: each["person"]["contact_id"]) if field == "contact_id" else (lambda each: each[field])
    assert {read(each) for each in found} == {wanted}
    refused_fields(stranger.get("/next-actions", params={field: wanted}), 404)


def test_what_did_not_fire_narrows_too_and_names_the_one_condition(client: httpx.Client, ended: dict[str, Any]) -> None:
    ana = next(each["contact_id"] for each in ended["people"] if each["name"] == "Ana Ruiz")
    silent = listed(client, explain="true", contact_id=ana)["not_fired"]
    assert {each["person"]["contact_id"] for each in silent} == {ana}
    of_rule = {each["rule"]: each for each in silent}
    assert of_rule["thank-after-rejection"]["condition"] == "outcome: rejected"
    assert of_rule["thank-after-rejection"]["because"]
    told = client.get(f"/opportunities/{ended['opportunity_id']}/timeline", params={"explain": "true"}).json()
    subjects = [(each["rule"], each["interview_id"], str(each["person"])) for each in told["not_fired"]]
    assert len(set(subjects)) == len(subjects), "each rule once for each subject"
    fired = {(each["rule"], each["interview_id"], str(each["person"])) for each in told["actions"]}
    assert fired.isdisjoint(subjects), "what is listed did fire"


@pytest.mark.usefixtures("ended")
def test_states_and_horizon_are_chosen(client: httpx.Client) -> None:
    assert {each["state"] for each in listed(client, state="upcoming")["actions"]} == {"upcoming"}
    soon = (clock.now() + timedelta(minutes=1)).isoformat()
    assert "upcoming" not in {each["state"] for each in listed(client, until=soon)["actions"]}
    refused_fields(client.get("/next-actions", params={"state": "asleep"}))


@pytest.mark.usefixtures("ended")
def test_another_playbook_says_something_else_and_writes_nothing(client: httpx.Client) -> None:
    before = client.get("/events").json()
    other = listed(client, playbook="three-things")
    assert other["playbook"] == "three-things"
    assert "thank-you-card" in {each["kind"] for each in other["actions"]}
    assert client.get("/events").json() == before
    refused_fields(client.get("/next-actions", params={"playbook": "none-such"}))


@pytest.mark.usefixtures("ended")
def test_pages_are_pinned_to_one_instant(client: httpx.Client) -> None:
    whole = [each["id"] for each in listed(client)["actions"]]
    found, address = [], "/next-actions?limit=3"
    while address:
        answer = client.get(address.removeprefix("/api/v1"))
        found += [each["id"] for each in answer.json()["actions"]]
        address = answer.links.get("next", {}).get("url", "")
    assert found == whole
    refused_fields(client.get("/next-actions", params={"cursor": "zzz"}))


@pytest.mark.parametrize(
    "told",
    [
        '["2026-01-01T00:00:00Z", 1e999]', '["2026-01-01T00:00:00Z", 1.5]', '["2026-01-01T00:00:00Z", "1"]',
        '["2026-01-01T00:00:00Z", true]', '["2026-01-01T00:00:00Z", -1]', '["2026-01-01T00:00:00Z", 1000001]',
        '["2026-01-01T00:00:00Z"]', '{"a": 1, "b": 2}', "[" * 140, "7",
    ],
)  # fmt: skip
def test_a_cursor_that_is_not_ours_is_refused(client: httpx.Client, told: str) -> None:
    cursor = base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")
    assert list(refused_fields(client.get("/next-actions", params={"cursor": cursor}))) == ["cursor"]


def test_an_answer_that_still_holds_is_not_sent_again(client: httpx.Client, ended: dict[str, Any], server: Any) -> None:
    tag = client.get("/next-actions").headers["etag"]
    held = {"if-none-match": tag}
    assert tag.startswith('W/"')
    assert client.get("/next-actions", headers=held).status_code == httpx.codes.NOT_MODIFIED
    assert client.get("/next-actions?limit=5", headers=held).status_code == httpx.codes.OK
    mine = opportunities.c.id == ended["opportunity_id"]
    with server.database.write() as session:
        session.execute(update(opportunities).where(mine).values(wake_at=clock.now()))
    due = client.get("/next-actions", headers=held)
    assert due.status_code == httpx.codes.OK, "time has changed it, and nobody has planned yet"
    assert "etag" not in due.headers
    says(client, thanks(client), "done")
    assert client.get("/next-actions", headers=held).headers["etag"] != tag


def test_an_opportunitys_timeline_has_every_state(client: httpx.Client, ended: dict[str, Any]) -> None:
    says(client, thanks(client), "done")
    told = client.get(f"/opportunities/{ended['opportunity_id']}/timeline").json()
    jsonschema.validate(told, NextActions.model_json_schema(mode="serialization"))
    assert {"done", "open", "upcoming"} <= {each["state"] for each in told["actions"]}
    assert {each["opportunity_id"] for each in told["actions"]} == {ended["opportunity_id"]}
    refused_fields(client.get("/opportunities/opp_0/timeline"), 404)


def test_travel_in_time_knows_only_what_was_known_then(client: httpx.Client, ended: dict[str, Any]) -> None:
    action = thanks(client)
    then = clock.now().isoformat()
    says(client, action, "done")
    assert thanks(client, at=then)["state"] == "open"
    answer = client.put(f"/opportunities/{ended['opportunity_id']}/outcome", json={"status": "rejected"})
    assert answer.status_code == httpx.codes.OK, answer.text
    assert thanks(client, at=then)["state"] == "open"


@pytest.mark.usefixtures("ended")
def test_the_agenda_says_of_each_listed_action_when_to_think_of_it(client: httpx.Client) -> None:
    told = listed(client)
    agenda = told["agenda"]
    states = {place: each["state"] for place, each in enumerate(told["actions"])}
    assert {*agenda["now"], *agenda["any_time"]} == {place for place, state in states.items() if state == "open"}
    opening = {
        told["actions"][place]["window"]["opens_at"]: place for place, state in states.items() if state == "upcoming"
    }
    assert opening[min(opening)] in agenda["next"]
    assert sorted(place for places in agenda.values() for place in places) == list(states)


def test_what_is_done_is_in_no_part_of_the_agenda(client: httpx.Client, ended: dict[str, Any]) -> None:
    says(client, thanks(client), "done")
    timeline = client.get(f"/opportunities/{ended['opportunity_id']}/timeline").json()
    done = {place for place, each in enumerate(timeline["actions"]) if each["state"] == "done"}
    assert done
    assert not done & {place for places in timeline["agenda"].values() for place in places}


def test_a_new_day_of_the_account_is_another_answer(server: Any, account: Any) -> None:
    """Nothing else has changed, but what is within a week may have."""
    day_before, midnight = clock.now().replace(hour=4, minute=59), clock.now().replace(hour=5, minute=0)
    with server.database.write() as session:
        session.execute(update(accounts).where(accounts.c.id == account.id).values(time_zone="Etc/GMT+5"))
    with server.database.read() as session:
        tags = [entity_tag(session, account.id, Query(), at) for at in (day_before, midnight)]
    assert len(set(tags)) == 2


@pytest.mark.usefixtures("ended")
def test_times_to_come_back_are_suggested_and_each_is_accepted(client: httpx.Client, stranger: httpx.Client) -> None:
    action = thanks(client)
    items = client.get(f"/next-actions/{action['id']}/snooze-times").json()["items"]
    for each in items:
        assert says(client, action, "snooze", {"until": each["until"]})["state"] == "snoozed"
    assert [each["until"] for each in items] == sorted(each["until"] for each in items)
    refused_fields(stranger.get(f"/next-actions/{action['id']}/snooze-times"), 404)
