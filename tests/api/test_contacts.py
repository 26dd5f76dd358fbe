"""Contacts over HTTP."""

from __future__ import annotations

import httpx

from support.problems import refused_fields
from support.requests import post

ANA = {"name": "Ana Ruiz", "email": "Ana@Acme.example", "phone": "+1 555 0100", "external_id": "crm-1"}


def test_a_contact_is_made_read_changed_and_removed(client: httpx.Client) -> None:
    made = client.post("/contacts", json=ANA)
    assert made.status_code == 201
    address = f"/contacts/{made.json()['id']}"
    assert client.get(address).json() == made.json()

    changed = client.patch(address, json={"phone": None, "preferred_channel": "letter"}).json()
    assert (changed["phone"], changed["preferred_channel"], changed["email"]) == (None, "letter", "Ana@Acme.example")

    assert client.delete(address).status_code == 204
    refused_fields(client.get(address), 404)


def test_every_field_is_answered(client: httpx.Client) -> None:
    assert post(client, "/contacts", {"name": "Ben"}).keys() == {
        "id", "name", "email", "phone", "linkedin", "postal_address", "preferred_channel", "do_not_contact",
        "external_id", "created_at", "updated_at",
    }  # fmt: skip


def test_a_known_external_id_answers_with_the_contact_that_has_it(client: httpx.Client) -> None:
    first = post(client, "/contacts", ANA)
    again = post(client, "/contacts", {"name": "Somebody else", "external_id": "crm-1"}, status=200)
    assert again == first


def test_an_external_id_cannot_be_taken_from_another(client: httpx.Client) -> None:
    post(client, "/contacts", ANA)
    ben = post(client, "/contacts", {"name": "Ben"})
    refused_fields(client.patch(f"/contacts/{ben['id']}", json={"external_id": "crm-1"}), 409)


def test_contacts_are_found_by_email_and_by_name_in_any_case(client: httpx.Client) -> None:
    ana = post(client, "/contacts", ANA)
    post(client, "/contacts", {"name": "Ärzte Öde"})
    assert client.get("/contacts", params={"email": "ANA@acme.EXAMPLE"}).json()["items"] == [ana]
    assert [each["name"] for each in client.get("/contacts", params={"name": "ärzte öde"}).json()["items"]] == [
        "Ärzte Öde"
    ]
    assert client.get("/contacts", params={"name": "nobody"}).json()["items"] == []


def test_somebody_who_takes_part_cannot_be_removed(client: httpx.Client, interview: dict[str, object]) -> None:
    ana = client.get("/contacts").json()["items"][0]
    answer = client.delete(f"/contacts/{ana['id']}")
    refused_fields(answer, 409)
    assert interview["opportunity_id"] in answer.json()["detail"]
