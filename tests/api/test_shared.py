"""What a share link shows: the owner's own answers, and nothing that is nobody else's business."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from afterword import clock
from afterword.storage import accounts
from afterword.storage.accounts import User
from api.conftest import Server
from support.accounts import TestAccount
from support.requests import AN_INTERVIEW, post

#: In every field that no link may show.
PRIVATE = "nobody-else"
PERSON = {
    "name": "Ana Ruiz",
    "roles": ["hiring_manager"],
    "email": f"{PRIVATE}@acme.example",
    "phone": f"{PRIVATE} 1",
    "linkedin": f"https://linkedin.example/{PRIVATE}",
    "postal_address": f"1 {PRIVATE} Street",
    "connected": True,
}


@pytest.fixture
def whole(client: httpx.Client) -> dict[str, Any]:
    """A round about which everything is noted that can be."""
    logged = post(client, "/interviews", {**AN_INTERVIEW, "external_id": f"{PRIVATE} 1", "people": [PERSON]})
    opportunity_id, contact_id = logged["opportunity_id"], logged["people"][0]["contact_id"]
    client.patch(f"/opportunities/{opportunity_id}", json={"external_id": f"{PRIVATE} 2"}).raise_for_status()
    client.patch(f"/contacts/{contact_id}", json={"external_id": f"{PRIVATE} 3"}).raise_for_status()
    client.put(f"/interviews/{logged['id']}/recap", json={"discussed": PRIVATE, "clicked": PRIVATE}).raise_for_status()
    touch = {"interview_id": logged["id"], "contact_id": contact_id, "direction": "inbound", "channel": "email"}
    post(client, "/touches", {**touch, "note": PRIVATE, "external_id": f"{PRIVATE} 4", "at": "2026-03-04T15:00:00Z"})
    for action in client.get(f"/opportunities/{opportunity_id}/timeline").json()["actions"]:
        if action["state"] in ("open", "overdue"):
            client.post(f"/next-actions/{action['id']}/skip", json={"note": PRIVATE})
            break
    return logged


@pytest.fixture
def visitor(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{server.url}/api/v1", timeout=30, trust_env=False) as opened:
        yield opened


def look(client: httpx.Client, visitor: httpx.Client, **about: Any) -> httpx.Response:
    secret = post(client, "/shares", {"name": f"For {PRIVATE}", **about})["secret"]
    answer = visitor.get("/shared", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200, answer.text
    return answer


def timeless(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "as_of": None}


def test_an_opportunity_is_shown_as_its_owner_sees_it(
    client: httpx.Client, visitor: httpx.Client, whole: dict[str, Any]
) -> None:
    opportunity_id = whole["opportunity_id"]
    told = look(client, visitor, opportunity_id=opportunity_id, expires_in_days=30).json()
    own = client.get(f"/opportunities/{opportunity_id}/timeline").json()
    assert timeless(told["next_actions"]) == timeless(own)
    assert (told["scope"], told["account_name"], told["time_zone"]) == ("opportunity", "Mine", "America/New_York")
    assert told["expires_at"] is not None
    person = {"contact_id": whole["people"][0]["contact_id"], "name": "Ana Ruiz", "roles": ["hiring_manager"]}
    assert told["opportunity"] == {
        "id": opportunity_id, "company": "Acme", "role": "Data engineer", "people": [person], "outcome": None,
    }  # fmt: skip
    [interview] = told["interviews"]
    assert interview.items() <= {**whole, "people": [person]}.items()
    [touch] = told["touches"]
    assert (touch["direction"], touch["channel"], touch["at"]) == ("inbound", "email", "2026-03-04T15:00:00Z")


def test_today_is_shown_as_its_owner_sees_it(
    client: httpx.Client, visitor: httpx.Client, whole: dict[str, Any]
) -> None:
    told = look(client, visitor).json()
    assert timeless(told["next_actions"]) == timeless(client.get("/next-actions", params={"limit": 500}).json())
    assert (told["scope"], told["expires_at"]) == ("today", None)
    assert (told["opportunity"], told["touches"]) == (None, [])
    assert told["opportunities"] == [{"id": whole["opportunity_id"], "company": "Acme", "role": "Data engineer"}]
    assert [each["id"] for each in told["interviews"]] == [whole["id"]]


@pytest.mark.parametrize("scope", ["opportunity", "today"])
def test_addresses_numbers_notes_and_recaps_stay_with_their_owner(
    client: httpx.Client, visitor: httpx.Client, whole: dict[str, Any], scope: str
) -> None:
    about = {"opportunity_id": whole["opportunity_id"]} if scope == "opportunity" else {}
    answer = look(client, visitor, **about)
    assert "Ana Ruiz" in answer.text
    assert PRIVATE not in answer.text


@pytest.mark.parametrize("scope", ["opportunity", "today"])
def test_an_address_in_place_of_a_name_stays_with_its_owner_too(
    client: httpx.Client, visitor: httpx.Client, scope: str
) -> None:
    person = {"name": "ana.ruiz@acme.example", "roles": ["interviewer"]}
    logged = post(client, "/interviews", {"company": "Acme", "ends_at": clock.now().isoformat(), "people": [person]})
    answer = look(client, visitor, **({"opportunity_id": logged["opportunity_id"]} if scope == "opportunity" else {}))
    assert "ana.ruiz" in answer.text
    assert "@acme" not in answer.text


def test_an_account_that_nobody_named_is_not_called_by_its_owners_address(
    client: httpx.Client, visitor: httpx.Client, server: Server, account: TestAccount
) -> None:
    with server.database.write() as session:
        owner = User("usr_1", "jane.doe@mail.example", "", clock.now())
        accounts.add_user(session, owner)
        accounts.add_membership(session, owner.id, account.id, "owner")
    for name, shown in (("jane.doe", None), ("Jane", "Jane")):
        client.patch("/me", json={"name": name}).raise_for_status()
        assert look(client, visitor).json()["account_name"] == shown


def test_no_cache_keeps_what_is_shared(client: httpx.Client, visitor: httpx.Client) -> None:
    assert look(client, visitor).headers["cache-control"] == "no-store"
    made = client.post("/shares", json={"name": "Coach"})
    assert made.headers["cache-control"] == "no-store"


def test_how_it_ended_is_shown(client: httpx.Client, visitor: httpx.Client, whole: dict[str, Any]) -> None:
    ended = {"status": "offer", "at": "2026-03-06T10:00:00Z", "answer_by": "2026-03-20"}
    client.put(f"/opportunities/{whole['opportunity_id']}/outcome", json=ended).raise_for_status()
    told = look(client, visitor, opportunity_id=whole["opportunity_id"]).json()
    assert told["opportunity"]["outcome"] == {**ended, "start_date": None}
