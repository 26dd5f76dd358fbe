"""Interviews over HTTP: one request logs company, role, start and people."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from support.problems import refused_fields
from support.requests import AN_INTERVIEW, post


def test_one_request_logs_company_role_start_and_people(client: httpx.Client) -> None:
    told = post(client, "/interviews", AN_INTERVIEW)
    assert (told["company"], told["role"], told["round"]) == ("Acme", "Data engineer", 1)
    assert (told["starts_at"], told["ends_at"]) == ("2026-03-03T19:00:00Z", "2026-03-03T20:00:00Z")
    assert told["time_zone"] == "America/New_York"
    assert told["phase"] == "held"
    assert [(each["name"], each["roles"]) for each in told["people"]] == [("Ana Ruiz", ["hiring_manager"])]
    assert client.get(f"/interviews/{told['id']}").json() == told


def test_somebody_who_just_came_out_gives_the_end_alone(client: httpx.Client) -> None:
    told = post(client, "/interviews", {"company": "Acme", "ends_at": "2026-03-03T15:00:00-05:00"})
    assert (told["starts_at"], told["ends_at"]) == ("2026-03-03T19:00:00Z", "2026-03-03T20:00:00Z")


def test_a_further_round_joins_its_opportunity(client: httpx.Client, interview: dict[str, Any]) -> None:
    opportunity_id = interview["opportunity_id"]
    second = post(
        client, "/interviews", {"opportunity_id": opportunity_id, "starts_at": "2026-03-10T14:00:00-04:00"}
    )  # fmt: skip
    assert (second["opportunity_id"], second["company"], second["round"]) == (opportunity_id, "Acme", 2)
    rounds = client.get("/interviews", params={"opportunity_id": opportunity_id}).json()["items"]
    assert [each["id"] for each in rounds] == [interview["id"], second["id"]]


@pytest.mark.parametrize(
    "person",
    [
        {"email": "ANA@ACME.example"},
        {"name": "A. Ruiz", "email": "ana@acme.example"},
        {"name": "Ana Ruiz"},
    ],
)
def test_people_are_recognised(client: httpx.Client, interview: dict[str, Any], person: dict[str, str]) -> None:
    body = {"opportunity_id": interview["opportunity_id"], "starts_at": "2026-03-10T14:00:00Z", "people": [person]}
    second = post(client, "/interviews", body)
    assert second["people"] == interview["people"]
    assert len(client.get("/contacts").json()["items"]) == 1


def test_what_was_not_known_of_somebody_is_filled_in_and_nothing_overwritten(
    client: httpx.Client, interview: dict[str, Any]
) -> None:
    ana = {"email": "ana@acme.example", "name": "Another Name", "phone": "+1 555 0100"}
    post(client, "/interviews", {"company": "Beta", "starts_at": "2026-03-10T14:00:00Z", "people": [ana]})
    known = client.get(f"/contacts/{interview['people'][0]['contact_id']}").json()
    assert (known["name"], known["phone"]) == ("Ana Ruiz", "+1 555 0100")


def test_somebody_of_the_same_name_with_another_address_is_somebody_else(
    client: httpx.Client, interview: dict[str, Any]
) -> None:
    namesake = {"name": "Ana Ruiz", "email": "ruiz@acme.example"}
    body = {"opportunity_id": interview["opportunity_id"], "starts_at": "2026-03-10T14:00:00Z", "people": [namesake]}
    assert post(client, "/interviews", body)["people"][0]["contact_id"] != interview["people"][0]["contact_id"]


def test_a_contact_is_named_by_id(client: httpx.Client) -> None:
    ben = post(client, "/contacts", {"name": "Ben"})
    body = {**AN_INTERVIEW, "people": [{"contact_id": ben["id"], "roles": ["recruiter"]}]}
    told = post(client, "/interviews", body)
    assert told["people"] == [{"contact_id": ben["id"], "name": "Ben", "email": None, "roles": ["recruiter"]}]


def test_somebody_chosen_by_id_is_completed_and_not_overwritten(client: httpx.Client) -> None:
    ben = post(client, "/contacts", {"name": "Ben"})
    named = {"contact_id": ben["id"], "name": "Benjamin", "email": "ben@acme.example"}
    told = post(client, "/interviews", {**AN_INTERVIEW, "people": [named]})
    assert [(each["name"], each["email"]) for each in told["people"]] == [("Ben", "ben@acme.example")]


def test_a_change_keeps_what_it_does_not_name(client: httpx.Client, interview: dict[str, Any]) -> None:
    address = f"/interviews/{interview['id']}"
    changed = client.patch(address, json={"decision_on": "2026-03-10", "follow_up_channel": "phone"}).json()
    assert (changed["decision_on"], changed["follow_up_channel"]) == ("2026-03-10", "phone")
    kept = {key for key in interview if changed[key] == interview[key]}
    assert interview.keys() - kept == {"decision_on", "follow_up_channel", "updated_at"}
    assert client.patch(address, json={"decision_on": None}).json()["decision_on"] is None


def test_who_took_part_can_be_replaced(client: httpx.Client, interview: dict[str, Any]) -> None:
    changed = client.patch(f"/interviews/{interview['id']}", json={"people": [{"name": "Ben Ode"}]}).json()
    assert [each["name"] for each in changed["people"]] == ["Ben Ode"]
    opportunity = client.get(f"/opportunities/{interview['opportunity_id']}").json()
    assert [each["name"] for each in opportunity["people"]] == ["Ana Ruiz", "Ben Ode"]


def test_a_removed_interview_leaves_its_opportunity_and_touches(
    client: httpx.Client, interview: dict[str, Any]
) -> None:
    about = {"interview_id": interview["id"], "direction": "outbound", "at": "2026-03-03T21:00:00Z"}
    touch = post(client, "/touches", {**about, "contact_id": interview["people"][0]["contact_id"]})
    client.put(f"/interviews/{interview['id']}/recap", json={"discussed": "pipelines"})
    assert client.delete(f"/interviews/{interview['id']}").status_code == 204
    assert client.get(f"/touches/{touch['id']}").json()["interview_id"] is None
    assert client.get(f"/opportunities/{interview['opportunity_id']}").status_code == 200
    refused_fields(client.get(f"/interviews/{interview['id']}/recap"), 404)


def test_a_list_can_be_cut_by_start(client: httpx.Client, interview: dict[str, Any]) -> None:
    def found(**cut: str) -> list[str]:
        return [each["id"] for each in client.get("/interviews", params=cut).json()["items"]]

    assert found(**{"from": "2026-03-03T14:00:00-05:00"}) == [interview["id"]]
    assert found(**{"from": "2026-03-03T14:00:01-05:00"}) == []
    assert found(to="2026-03-03T14:00:01-05:00") == [interview["id"]]
    assert found(to="2026-03-03T14:00:00-05:00") == []


def test_a_known_external_id_answers_with_the_interview_that_has_it(client: httpx.Client) -> None:
    first = post(client, "/interviews", {**AN_INTERVIEW, "external_id": "cal-7"})
    assert post(client, "/interviews", {**AN_INTERVIEW, "external_id": "cal-7"}, status=200) == first
    assert len(client.get("/opportunities").json()["items"]) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"starts_at": "2026-03-03T14:00:00"}, "starts_at"),
        ({"starts_at": "2026-02-30T14:00:00Z"}, "starts_at"),
        ({"starts_at": "1999-12-31T23:59:59Z"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59Z"}, "starts_at"),
        ({"starts_at": 1772500000}, "starts_at"),
        ({"starts_at": None}, "starts_at"),
        ({"ends_at": "2026-03-03T13:00:00-05:00"}, "ends_at"),
        ({"ends_at": "2026-03-03T14:00:00-05:00"}, "ends_at"),
        ({"ends_at": "2026-03-05T14:00:00-05:00"}, "ends_at"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"decision_on": "10 March"}, "decision_on"),
        ({"decision_on": "2026-03-10T00:00:00Z"}, "decision_on"),
        ({"format": "hologram"}, "format"),
        ({"missed_by": "me"}, "missed_by"),
        ({"round": 0}, "round"),
        ({"round": True}, "round"),
        ({"company": ""}, "company"),
        ({"company": "   "}, "company"),
        ({"company": None}, "company"),
        ({"company": "A" * 201}, "company"),
        ({"company": "A\x00B"}, "company"),
        ({"holidays": "XX"}, "holidays"),
        ({"colour": "red"}, "colour"),
        ({"opportunity_id": "opp_0"}, "company"),
        ({"decision_said_by": "con_0"}, "decision_said_by"),
        ({"people": [{"roles": ["hiring_manager"]}]}, "people.0.name"),
        ({"people": [{"contact_id": "con_0"}]}, "people.0.contact_id"),
        ({"people": [{"name": "Ana", "roles": ["boss"]}]}, "people.0.roles.0"),
        ({"people": [{"name": "Ana", "email": "ana"}]}, "people.0.email"),
        ({"people": [{"name": "Ana"}, {"name": "Ana"}]}, "people.1"),
        ({"people": [{"name": "Ana", "age": 40}]}, "people.0.age"),
        ({"people": [{"name": f"P{n}"} for n in range(31)]}, "people"),
        ({"people": "Ana"}, "people"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_written(
    client: httpx.Client, wrong: dict[str, Any], field: str
) -> None:
    fields = refused_fields(client.post("/interviews", json={**AN_INTERVIEW, **wrong}))
    assert field in fields
    for noun in ("interviews", "opportunities", "contacts"):
        assert client.get(f"/{noun}").json()["items"] == []


def test_an_interview_needs_an_opportunity(client: httpx.Client) -> None:
    assert "company" in refused_fields(client.post("/interviews", json={"starts_at": "2026-03-03T14:00:00Z"}))
    unknown = {"opportunity_id": "opp_0", "starts_at": "2026-03-03T14:00:00Z"}
    assert "opportunity_id" in refused_fields(client.post("/interviews", json=unknown))


def test_a_change_that_turns_an_interview_around_is_refused(client: httpx.Client, interview: dict[str, Any]) -> None:
    address = f"/interviews/{interview['id']}"
    assert "ends_at" in refused_fields(client.patch(address, json={"starts_at": "2026-03-03T15:00:00-05:00"}))
    assert "starts_at" in refused_fields(client.patch(address, json={"starts_at": None}))
    assert client.get(address).json() == interview


def test_an_opportunity_has_at_most_twenty_rounds(client: httpx.Client, interview: dict[str, Any]) -> None:
    body = {"opportunity_id": interview["opportunity_id"], "starts_at": "2026-03-04T14:00:00Z"}
    for _ in range(19):
        post(client, "/interviews", body)
    assert "opportunity_id" in refused_fields(client.post("/interviews", json=body))


@pytest.mark.parametrize(("field", "at"), [("starts_at", "2100-12-31T23:59:59Z"), ("ends_at", "2000-01-01T00:10:00Z")])
def test_the_end_that_is_left_out_must_be_an_instant_that_can_be(client: httpx.Client, field: str, at: str) -> None:
    refused = client.post("/interviews", json={"company": "Acme", field: at})
    assert list(refused_fields(refused)) == [field]
    assert client.get("/interviews").json()["items"] == []
