"""Share links over HTTP: made, listed, revoked, and good for one thing alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

import afterword
from afterword.api import openapi
from afterword.storage.tables import memberships
from api.conftest import Server, running
from support.accounts import TestAccount, open_account
from support.problems import refused_fields
from support.requests import post

CONTRACT = json.loads((Path(afterword.__file__).parents[2] / "openapi" / "openapi.json").read_text())
#: They ask for no credentials, and look at none.
OPEN = openapi.PUBLIC | {"get_shared"}


def with_secret(server: Server, secret: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=30, trust_env=False)


def guarded() -> Iterator[tuple[str, str]]:
    """Method and path of every other operation."""
    for path, item in CONTRACT["paths"].items():
        yield from ((method, path) for method, operation in item.items() if operation["operationId"] not in OPEN)


def test_a_link_is_shown_once_and_opens_until_it_is_revoked(client: httpx.Client, server: Server) -> None:
    made = post(client, "/shares", {"name": "Coach"})
    assert made["secret"].startswith("afs_")
    assert made["url"] == f"{server.url}/shared#{made['secret']}"
    with with_secret(server, made["secret"]) as visitor:
        assert visitor.get("/shared").status_code == 200
        assert client.delete(f"/shares/{made['id']}").status_code == 204
        refused_fields(visitor.get("/shared"), 401)
    refused_fields(client.delete(f"/shares/{made['id']}"), 404)


def test_a_link_is_not_told_twice(client: httpx.Client) -> None:
    key = {"Idempotency-Key": "7f9c"}
    first, again = (client.post("/shares", json={"name": "Coach"}, headers=key).json() for _ in range(2))
    assert first["secret"]
    assert again == {**first, "secret": None, "url": None}


def test_a_list_of_links_shows_none_whole(client: httpx.Client, interview: dict[str, Any]) -> None:
    made = post(client, "/shares", {"name": "Coach", "opportunity_id": interview["opportunity_id"]})
    listed = client.get("/shares")
    assert made["secret"] not in listed.text
    [item] = listed.json()["items"]
    assert item == {key: value for key, value in made.items() if key not in ("secret", "url")}
    assert item["last_seen_at"] is None


def test_a_link_leads_to_the_public_address(client: httpx.Client, account: TestAccount, server: Server) -> None:
    public = "https://afterword.example.org"
    url, data_dir = server.backend.settings.database_url, server.backend.settings.data_dir
    with running(url, data_dir, public_url=public) as known, account.client(known.url) as owner:
        assert post(owner, "/shares", {"name": "Coach"})["url"].startswith(f"{public}/shared#afs_")
    assert client.get("/shares").json()["items"]


def test_links_come_in_pages(client: httpx.Client) -> None:
    made = [post(client, "/shares", {"name": f"Coach {number}"})["id"] for number in range(3)]
    first = client.get("/shares", params={"limit": 2})
    assert [each["id"] for each in first.json()["items"]] == made[:2]
    second = client.get("/shares", params={"limit": 2, "cursor": first.json()["next_cursor"]})
    assert [each["id"] for each in second.json()["items"]] == made[2:]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "Coach", "opportunity_id": "opp_0"}, "opportunity_id"),
        ({"name": "Coach", "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"name": "Coach", "expires_at": "2030-01-01"}, "expires_at"),
        ({"name": "Coach", "expires_in_days": 0}, "expires_in_days"),
        ({"name": "Coach", "expires_in_days": 367}, "expires_in_days"),
        ({"name": "Coach", "expires_in_days": 7, "expires_at": "2090-01-01T00:00:00Z"}, "expires_in_days"),
        ({"name": "Coach", "scope": "all"}, "scope"),
    ],
)
def test_what_cannot_be_a_link_is_refused_at_its_field(client: httpx.Client, body: dict[str, Any], field: str) -> None:
    assert field in refused_fields(client.post("/shares", json=body))


def test_a_look_is_noted(client: httpx.Client, server: Server) -> None:
    made = post(client, "/shares", {"name": "Coach"})
    with with_secret(server, made["secret"]) as visitor:
        visitor.get("/shared")
    assert client.get("/shares").json()["items"][0]["last_seen_at"] is not None


def test_a_viewer_makes_and_revokes_none(fresh: Server) -> None:
    with httpx.Client(base_url=f"{fresh.url}/api/v1", timeout=30, trust_env=False) as visitor:
        post(visitor, "/accounts", {"email": "me@example.org", "password": "a long enough one"})
        made = post(visitor, "/shares", {"name": "Coach"})
        with fresh.database.write() as session:
            session.execute(update(memberships).values(role="viewer"))
        refused_fields(visitor.post("/shares", json={"name": "Another"}), 403)
        refused_fields(visitor.delete(f"/shares/{made['id']}"), 403)
        assert [each["name"] for each in visitor.get("/shares").json()["items"]] == ["Coach"]


def test_the_secret_of_a_link_opens_nothing_else(
    client: httpx.Client, server: Server, interview: dict[str, Any]
) -> None:
    secret = post(client, "/shares", {"name": "Coach"})["secret"]
    ids = {"opportunity_id": interview["opportunity_id"], "interview_id": interview["id"], "playbook_id": "balanced"}
    with with_secret(server, secret) as visitor:
        for method, path in guarded():
            address = re.sub(r"\{(\w+)\}", lambda named: ids.get(named[1], f"act_{'a' * 26}"), path)
            body = {"json": {}} if method in ("post", "put", "patch") else {}
            refused_fields(visitor.request(method, f"{server.url}{address}", **body), 401)


def test_nothing_else_opens_what_is_shared(server: Server, client: httpx.Client, anonymous: httpx.Client) -> None:
    post(client, "/shares", {"name": "Coach"})
    other = open_account(server.database, "Another").key
    answers = [client.get("/shared"), anonymous.get("/shared")]
    answers += [
        anonymous.get("/shared", headers={"Authorization": value.encode("latin-1")})
        for value in (f"Bearer {other}", "Bearer afs_", "Bearer afs_" + "x" * 43, "Basic YTpi", "Bearer \xff", "")
    ]
    for answer in answers:
        refused_fields(answer, 401)
    assert len({answer.text for answer in answers}) == 1


def test_a_cookie_does_not_open_what_is_shared(fresh: Server) -> None:
    with httpx.Client(base_url=f"{fresh.url}/api/v1", timeout=30, trust_env=False) as visitor:
        post(visitor, "/accounts", {"email": "me@example.org", "password": "a long enough one"})
        refused_fields(visitor.get("/shared"), 401)
