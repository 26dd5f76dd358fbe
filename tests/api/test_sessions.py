"""Signing in and out over HTTP, and what other sites cannot do with a cookie."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from api.conftest import Server
from support.problems import refused_fields

WORDS = {"email": "me@example.org", "password": "a long enough one"}


@pytest.fixture
def visitor(fresh: Server) -> Iterator[httpx.Client]:
    """Somebody who has signed up and is signed in."""
    with httpx.Client(base_url=f"{fresh.url}/api/v1", timeout=30, trust_env=False) as opened:
        assert opened.post("/accounts", json=WORDS).status_code == 201
        yield opened


def test_who_signs_out_is_out_and_can_sign_in_again(visitor: httpx.Client) -> None:
    token = visitor.cookies["afterword_session"]
    assert visitor.delete("/sessions").status_code == 204
    assert "afterword_session" not in visitor.cookies
    refused_fields(visitor.get("/me"), 401)
    refused_fields(visitor.get("/me", headers={"Cookie": f"afterword_session={token}"}), 401)
    assert visitor.post("/sessions", json={**WORDS, "email": "ME@example.org"}).status_code == 201
    assert visitor.get("/me").status_code == 200


def test_a_wrong_password_and_an_unknown_address_are_told_alike(visitor: httpx.Client) -> None:
    wrong = visitor.post("/sessions", json={**WORDS, "password": "another one"})
    unknown = visitor.post("/sessions", json={**WORDS, "email": "you@example.org"})
    refused_fields(wrong, 401)
    assert wrong.json() == unknown.json()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "null", "Host": ""},
        {"Origin": "http://["},
        {"Origin": "http://[::1"},
        {"Origin": "http://a]b"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_cannot_use_the_cookie(visitor: httpx.Client, headers: dict[str, str]) -> None:
    refused_fields(visitor.post("/contacts", json={"name": "Ana"}, headers=headers), 403)
    refused_fields(visitor.patch("/me", json={"name": "Mine"}, headers=headers), 403)
    refused_fields(visitor.delete("/sessions", headers=headers), 403)
    assert visitor.get("/contacts").json()["items"] == []


def test_the_front_end_can(visitor: httpx.Client, fresh: Server) -> None:
    ours = {"Origin": fresh.url, "Sec-Fetch-Site": "same-origin"}
    assert visitor.post("/contacts", json={"name": "Ana"}, headers=ours).status_code == 201


def test_a_form_of_another_site_cannot_post(visitor: httpx.Client) -> None:
    body = b'{"name": "Ana"}'
    refused_fields(visitor.post("/contacts", content=body, headers={"Content-Type": "text/plain"}))
    assert visitor.get("/contacts").json()["items"] == []
