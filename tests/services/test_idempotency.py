"""How long an answer is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from afterword.errors import IdempotencyMismatch
from afterword.services import idempotency
from afterword.services.idempotency import Request
from afterword.storage.database import Database
from support.accounts import FOUNDED, open_account


def kept(database: Database, request: Request, now: datetime) -> str | None:
    with database.write() as session:
        answer = idempotency.earlier_answer(session, request, now)
        return answer.body if answer else None


def test_an_answer_is_kept_for_a_day(database: Database) -> None:
    request = Request(open_account(database).id, "POST /contacts", "7f9c", "hash")
    with database.write() as session:
        idempotency.keep(session, request, 201, {"etag": '"1"'}, "{}", FOUNDED)
    assert kept(database, request, FOUNDED + timedelta(hours=24)) == "{}"
    assert kept(database, request, FOUNDED + timedelta(hours=24, microseconds=1)) is None
    assert kept(database, request, FOUNDED) is None


def test_another_body_under_the_same_key_is_refused(database: Database) -> None:
    account = open_account(database).id
    with database.write() as session:
        idempotency.keep(session, Request(account, "POST /contacts", "7f9c", "one"), 201, {}, "{}", FOUNDED)
    with pytest.raises(IdempotencyMismatch):
        kept(database, Request(account, "POST /contacts", "7f9c", "two"), FOUNDED)
