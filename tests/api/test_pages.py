"""Lists in pages."""

from __future__ import annotations

import httpx
import pytest

from support.problems import refused_fields
from support.requests import post


def test_pages_follow_each_other_to_the_end(client: httpx.Client) -> None:
    made = [post(client, "/contacts", {"name": f"P{number}"})["id"] for number in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        asked = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = client.get("/contacts", params=asked)
        seen += [each["id"] for each in page.json()["items"]]
        cursor = page.json()["next_cursor"]
        assert ('rel="next"' in page.headers.get("link", "")) == (cursor is not None)
        if cursor is None:
            break
    assert seen == made


def test_the_link_leads_to_the_next_page_with_the_same_filter(client: httpx.Client) -> None:
    for _ in range(3):
        post(client, "/contacts", {"name": "Ana Öde"})
    first = client.get("/contacts", params={"name": "ana öde", "limit": 2})
    target = first.headers["link"].partition(">")[0].removeprefix("<")
    assert target.startswith("/api/v1/contacts?")
    second = client.get(str(client.base_url).removesuffix("/api/v1/") + target).json()
    assert len(second["items"]) == 1
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"cursor": "!"}, "cursor"),
        ({"cursor": "4pyT"}, "cursor"),
        ({"cursor": "AAAA"}, "cursor"),
        ({"cursor": "x" * 201}, "cursor"),
    ],
)
def test_a_page_that_cannot_be_is_refused(client: httpx.Client, asked: dict[str, str], field: str) -> None:
    assert field in refused_fields(client.get("/contacts", params=asked))
