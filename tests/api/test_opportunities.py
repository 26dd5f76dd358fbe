"""Opportunities and their outcomes over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from support.problems import refused_fields
from support.requests import post

ACME = {"company": "Acme", "role": "Data engineer", "holidays": "US", "external_id": "job-1"}


def test_an_opportunity_is_made_read_changed_and_removed(client: httpx.Client) -> None:
    made = post(client, "/opportunities", {**ACME, "people": [{"name": "Ana", "roles": ["recruiter"]}]})
    address = f"/opportunities/{made['id']}"
    assert client.get(address).json()["people"][0]["roles"] == ["recruiter"]
    changed = client.patch(address, json={"role": None, "applied_on": "2026-02-01", "long_process": True}).json()
    assert (changed["role"], changed["applied_on"], changed["long_process"]) == (None, "2026-02-01", True)
    assert client.delete(address).status_code == 204
    refused_fields(client.get(address), 404)


def test_a_known_external_id_answers_with_the_opportunity_that_has_it(client: httpx.Client) -> None:
    first = post(client, "/opportunities", ACME)
    assert post(client, "/opportunities", {**ACME, "company": "Other"}, status=200) == first


def test_people_are_replaced_but_not_those_who_took_part(client: httpx.Client, interview: dict[str, Any]) -> None:
    address = f"/opportunities/{interview['opportunity_id']}"
    ana = {"contact_id": interview["people"][0]["contact_id"], "point_of_contact": True}
    changed = client.patch(address, json={"people": [ana, {"name": "Joe", "roles": ["reference"]}]}).json()
    assert [(each["name"], each["point_of_contact"]) for each in changed["people"]] == [
        ("Ana Ruiz", True),
        ("Joe", False),
    ]
    again = client.patch(address, json={"people": [ana]}).json()
    assert [each["name"] for each in again["people"]] == ["Ana Ruiz"]
    assert "people" in refused_fields(client.patch(address, json={"people": []}))


def test_an_outcome_governs_until_another_does_or_it_is_taken_away(client: httpx.Client) -> None:
    acme = post(client, "/opportunities", ACME)
    address = f"/opportunities/{acme['id']}"
    offer = {"status": "offer", "at": "2026-03-20T12:00:00Z", "answer_by": "2026-03-27"}
    assert client.put(f"{address}/outcome", json=offer).json()["outcome"] == {**offer, "start_date": None}
    assert client.put(f"{address}/outcome", json={"status": "declined"}).json()["outcome"]["status"] == "declined"
    assert client.delete(f"{address}/outcome").status_code == 204
    assert client.get(address).json()["outcome"] is None
    refused_fields(client.delete(f"{address}/outcome"), 404)


def test_the_same_outcome_again_changes_nothing(client: httpx.Client) -> None:
    acme = post(client, "/opportunities", ACME)
    first = client.put(f"/opportunities/{acme['id']}/outcome", json={"status": "rejected"})
    again = client.put(f"/opportunities/{acme['id']}/outcome", json={"status": "rejected"})
    assert (again.json(), again.headers["etag"]) == (first.json(), first.headers["etag"])
    assert first.headers["etag"] != '"1"'


def test_opportunities_are_found_by_company_and_outcome(client: httpx.Client) -> None:
    acme, beta = (post(client, "/opportunities", {"company": company}) for company in ("Acme", "Beta"))
    client.put(f"/opportunities/{beta['id']}/outcome", json={"status": "rejected"})

    def found(**asked: Any) -> list[str]:
        return [each["id"] for each in client.get("/opportunities", params=asked).json()["items"]]

    assert found(company="ACME") == [acme["id"]]
    assert found(outcome="rejected") == [beta["id"]]
    assert found(outcome="none") == [acme["id"]]
    assert found(outcome=["none", "rejected"]) == [acme["id"], beta["id"]]
    assert found(outcome="offer") == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"company": None}, "company"),
        ({"long_process": "yes"}, "long_process"),
        ({"applied_on": "2026-13-01"}, "applied_on"),
        ({"playbook_id": "no-such-playbook"}, "playbook_id"),
        ({"outcome": {"status": "offer"}}, "outcome"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(client: httpx.Client, wrong: dict[str, Any], field: str) -> None:
    assert field in refused_fields(client.post("/opportunities", json={**ACME, **wrong}))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"status": "ghosted"}, "status"),
        ({"at": "2090-01-01T00:00:00Z"}, "at"),
        ({"at": "2026-03-20"}, "at"),
        ({"answer_by": "soon"}, "answer_by"),
    ],
)
def test_an_outcome_that_cannot_be_is_refused(client: httpx.Client, wrong: dict[str, Any], field: str) -> None:
    acme = post(client, "/opportunities", ACME)
    answer = client.put(f"/opportunities/{acme['id']}/outcome", json={"status": "offer", **wrong})
    assert field in refused_fields(answer)
    assert client.get(f"/opportunities/{acme['id']}").json()["outcome"] is None


def test_an_opportunity_keeps_the_playbook_it_was_given(client: httpx.Client) -> None:
    acme = post(client, "/opportunities", {**ACME, "playbook_id": "three-things"})
    assert acme["playbook_id"] == "three-things"
    assert client.get("/next-actions", params={"opportunity_id": acme["id"]}).status_code == 200
