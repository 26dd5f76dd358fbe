"""As many subscriptions as an account may have: each of its own, all told of one event, found, and not one more."""

from __future__ import annotations

from collections import Counter

import httpx
from sqlalchemy import insert, select

from afterword.services.webhook_endpoints import MOST_ENDPOINTS
from afterword.storage.identifiers import new_id
from afterword.storage.tables import deliveries, webhook_endpoints
from api.conftest import Server
from support.accounts import TestAccount
from support.problems import refused_fields
from support.recorded import END, SECRET
from support.requests import AN_INTERVIEW, post

HOOK, OTHER = "https://1.1.1.1/hook", "https://1.1.1.1/other"


def subscribe(server: Server, account: TestAccount, count: int) -> list[str]:
    """Write so many down, with two URLs in turn."""
    row = {
        "account_id": account.id, "description": None, "secrets": [SECRET], "event_types": ["interview.created"],
        "enabled": True, "version": 1, "created_at": END, "updated_at": END,
    }  # fmt: skip
    made = [{**row, "id": new_id("whe"), "url": (HOOK, OTHER)[number % 2]} for number in range(count)]
    with server.database.write() as session:
        session.execute(insert(webhook_endpoints), made)
    return [str(each["id"]) for each in made]


def test_one_event_goes_to_a_thousand_and_one_more_is_refused(
    server: Server, account: TestAccount, client: httpx.Client
) -> None:
    ids = subscribe(server, account, MOST_ENDPOINTS)
    refused_fields(client.post("/webhook-endpoints", json={"url": HOOK}), 409)
    post(client, "/interviews", AN_INTERVIEW)
    with server.database.read() as session:
        told = session.scalars(select(deliveries.c.endpoint_id).where(deliveries.c.account_id == account.id)).all()
    assert Counter(told) == Counter(ids)
    assert client.delete(f"/webhook-endpoints/{ids[0]}").status_code == httpx.codes.NO_CONTENT
    post(client, "/webhook-endpoints", {"url": HOOK})


def test_those_of_one_url_are_found_page_by_page_in_the_order_they_were_made(
    server: Server, account: TestAccount, client: httpx.Client, stranger: httpx.Client
) -> None:
    ids = subscribe(server, account, 11)
    found: list[str] = []
    query: dict[str, str | int] = {"url": HOOK, "limit": 4}
    while True:
        page = client.get("/webhook-endpoints", params=query).json()
        found += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert found == ids[::2]
    for unlike in ("https://1.1.1.1/HOOK", "https://1.1.1.1/hoo", "https://1.1.1.1/hook?", "", "%"):
        assert client.get("/webhook-endpoints", params={"url": unlike}).json()["items"] == []
    assert stranger.get("/webhook-endpoints", params={"url": HOOK}).json()["items"] == []


def test_a_program_tries_its_key_with_one_request_and_learns_whose_it_is(
    account: TestAccount, client: httpx.Client
) -> None:  # fmt: skip
    told = client.get("/me")
    assert (told.status_code, told.headers["content-type"]) == (200, "application/json")
    assert told.json()["user"] is None
    assert {name: told.json()["account"][name] for name in ("id", "name")} == {"id": account.id, "name": "Mine"}
    for key in ("afw_", "afw_nobody_nothing", account.key[:-1]):
        refused_fields(client.get("/me", headers={"Authorization": f"Bearer {key}"}), 401)
