"""Rows that are handed over together are written as each by itself would be."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select, text

from afterword.delivery.answers import Answer
from afterword.services import claims, events, results
from afterword.services.claims import Claimed, Room
from afterword.services.events import Occurrence
from afterword.services.results import Sent
from afterword.storage.database import Database
from afterword.storage.tables import attempts
from support.recorded import END, Recorded

AT = END + timedelta(seconds=1)


def claimed(database: Database, count: int) -> list[Claimed]:
    mine = Recorded.in_(database)
    mine.subscribe()
    with database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")] * count, END)
    with database.write() as session:
        return claims.claim(session, END, Room(count, count))


ANSWERS = [
    Answer(200, {"x-quoted": 'a "quote" and a \\'}, "€ “soon” 🙂\n\t\u2028", None, 5),
    Answer(200, {}, "", None, 0),
    Answer(None, {}, "", "it's no JSON: {'a': [1, null]} -- %(x)s :y $.z", 2_147_483_647),
    Answer(500, {"": "", "null": "null", "1": "1e5"}, '{"body": null}', None, 5),
]  # fmt: skip


def test_each_attempt_is_listed_as_it_was(database: Database) -> None:
    sent = [
        Sent(delivery, answer, AT, AT, 0.0, {"webhook-id": delivery.event_id})
        for delivery, answer in zip(claimed(database, len(ANSWERS)), ANSWERS, strict=True)
    ]
    with database.write() as session:
        results.finish(session, sent)
    with database.read() as session:
        listed = {row.id: row for row in session.execute(select(attempts))}
    assert len(listed) == len(sent)
    for each in sent:
        row = listed[each.attempt_id]
        assert (row.status_code, row.response_headers or {}) == (each.answer.status, each.answer.headers)
        assert (row.response_body, row.error) == (each.answer.body, each.answer.error)
        assert (row.duration_ms, row.started_at) == (each.answer.duration_ms, AT)
        assert row.request_headers == {"webhook-id": each.delivery.event_id}
        assert (row.number, row.replay, row.url) == (1, 0, "http://127.0.0.1:9/hook")


@pytest.mark.parametrize("at", [AT, AT.replace(microsecond=7), AT.astimezone(timezone(timedelta(hours=-5)))], ids=str)
def test_an_instant_is_written_as_all_others_are(database: Database, at: datetime) -> None:
    (delivery,) = claimed(database, 1)
    with database.write() as session:
        results.finish(session, [Sent(delivery, Answer(500, {}, "", None, 5), at, at, 0.0)])
    with database.read() as session:
        due, started = session.execute(
            text("SELECT next_attempt_at, started_at FROM deliveries JOIN attempts ON delivery_id = deliveries.id")
        ).one()
    assert started == (at if isinstance(started, datetime) else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    assert due > started, "as text too"


def test_what_was_sent_is_passed_by_on_postgresql_without_a_vacuum(shared: Database) -> None:
    mine = Recorded.in_(shared)
    endpoint_id = mine.subscribe()
    with shared.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")] * 400, END)
    for _ in range(30):
        with shared.write() as session:
            found = claims.claim(session, END, Room(4, 4))
            results.finish(session, [Sent(each, Answer(200, {}, "", None, 5), END, END, 0.0) for each in found])
    seek = (
        "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT min(next_attempt_at) FROM deliveries "
        "WHERE state IN ('pending', 'retrying') AND endpoint_id = :endpoint_id"
    )
    with shared.write() as session:
        told: Any = session.execute(text(seek), {"endpoint_id": endpoint_id}).scalar_one()
    plan = told if isinstance(told, list) else json.loads(told)
    fetches = [each["Heap Fetches"] for each in nodes(plan[0]["Plan"]) if "Heap Fetches" in each]
    assert fetches
    assert sum(fetches) < 20, "120 were sent"


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(found for each in plan.get("Plans", ()) for found in nodes(each))]
