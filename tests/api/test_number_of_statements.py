"""How often the database is asked does not depend on how much it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from api.conftest import Server
from support.problems import refused_fields
from support.requests import AN_INTERVIEW, post


@contextmanager
def counted(server: Server) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(server.database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(server.database.engine, "before_cursor_execute", note)


@pytest.fixture
def answers(client: httpx.Client, server: Server) -> list[dict[str, int]]:
    """How many statements each answer took with one opportunity, and with seven."""
    return [asked(client, server, more) for more in (1, 6)]


def asked(client: httpx.Client, server: Server, more: int) -> dict[str, int]:
    for number in range(more):
        post(client, "/interviews", {**AN_INTERVIEW, "company": f"Company {more} {number}"})
    with counted(server) as evaluated:
        tag = client.get("/next-actions?limit=500").headers["etag"]
    with counted(server) as unchanged:
        answer = client.get("/next-actions?limit=500", headers={"If-None-Match": tag})
    assert answer.status_code == httpx.codes.NOT_MODIFIED
    return {"evaluated": len(evaluated), "unchanged": len(unchanged)}


def test_an_evaluated_answer_takes_as_many_statements_however_many_opportunities(
    answers: list[dict[str, int]],
) -> None:
    few, many = (each["evaluated"] for each in answers)
    assert few == many


def test_an_unchanged_answer_takes_two_reads(answers: list[dict[str, int]]) -> None:
    assert [each["unchanged"] for each in answers] == [2, 2]


def test_a_tag_opens_nothing_to_whoever_shows_no_good_key(client: httpx.Client, anonymous: httpx.Client) -> None:
    tag = client.get("/next-actions").headers["etag"]
    assert client.get("/next-actions", headers={"If-None-Match": tag}).status_code == httpx.codes.NOT_MODIFIED
    refused_fields(anonymous.get("/next-actions", headers={"If-None-Match": tag}), 401)
    wrong = {"If-None-Match": tag, "Authorization": "Bearer afw_00000000_wrong"}
    refused_fields(anonymous.get("/next-actions", headers=wrong), 401)


def test_another_account_is_not_told_that_nothing_changed(client: httpx.Client, stranger: httpx.Client) -> None:
    tag = client.get("/next-actions").headers["etag"]
    assert stranger.get("/next-actions", headers={"If-None-Match": tag}).status_code == httpx.codes.OK
