"""Metrics: what they say, who is told, and that they parse."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta
from pathlib import Path

import httpx
import prometheus_client
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert, update

from afterword import clock
from afterword.api.app import create_app
from afterword.services import events
from afterword.services.events import Occurrence
from afterword.storage.identifiers import new_id
from afterword.storage.tables import deliveries, opportunities, webhook_endpoints
from afterword.worker.jobs import heartbeat
from api.conftest import Server, running
from support.problems import refused_fields
from support.recorded import Recorded
from support.statements import indexes_of_deliveries, plan, statements_of

TOKEN = "a token of sixteen or more".replace(" ", "-")
MINUTE = timedelta(minutes=1)

Figures = dict[tuple[str, str], float]


def scraped(server: Server, **headers: str) -> Figures:
    """Each figure, by name and labels, as Prometheus' own reader has it."""
    answer = httpx.get(f"{server.url}/metrics", headers=headers, trust_env=False)
    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    return {
        (sample.name, ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def refused(server: Server, status: int, **headers: str) -> str:
    answer = httpx.get(f"{server.url}/metrics", headers=headers, trust_env=False)
    refused_fields(answer, status)
    assert "AFTERWORD_METRICS_TOKEN" in answer.json()["detail"]
    return str(answer.json()["detail"])


def queue(mine: Recorded, state: str, count: int, **values: object) -> None:
    """So many deliveries in a state."""
    known = {row.id for row in mine.deliveries()}
    with mine.database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")] * count, clock.now())
    with mine.database.write() as session:
        made = [row.id for row in mine.deliveries() if row.id not in known]
        session.execute(update(deliveries).where(deliveries.c.id.in_(made)).values(state=state, **values))


def test_a_fresh_server_has_nothing_to_tell_but_zeros(fresh: Server) -> None:
    figures = scraped(fresh)
    assert set(figures.values()) == {0.0}
    assert ("afterword_delivery_lateness_seconds", "") in figures
    assert {labels for name, labels in figures if name == "afterword_deliveries"} == {
        f"state={state}" for state in ("due", "scheduled", "held_back", "sending", "undelivered")
    }


def test_the_queue_is_told_by_state_and_by_how_late_it_is(fresh: Server) -> None:
    mine, now = Recorded.in_(fresh.database), clock.now()
    mine.subscribe()
    queue(mine, "pending", 3, next_attempt_at=now - 2 * MINUTE)
    queue(mine, "retrying", 2, next_attempt_at=now - MINUTE)
    queue(mine, "retrying", 4, next_attempt_at=now + 10 * MINUTE)
    queue(mine, "pending", 1, next_attempt_at=None)
    queue(mine, "sending", 5, next_attempt_at=now, lease_until=now + MINUTE)
    queue(mine, "failed", 2)
    queue(mine, "expired", 1)
    queue(mine, "skipped", 1)
    queue(mine, "delivered", 7)
    figures = scraped(fresh)
    told = {labels: value for (name, labels), value in figures.items() if name == "afterword_deliveries"}
    assert told == {
        "state=due": 5, "state=scheduled": 4, "state=held_back": 1, "state=sending": 5, "state=undelivered": 4,
    }  # fmt: skip
    assert 120 <= figures["afterword_delivery_lateness_seconds", ""] < 180


def test_endpoints_are_told_by_whether_events_are_sent_to_them(fresh: Server) -> None:
    mine, now = Recorded.in_(fresh.database), clock.now()
    for values in ({}, {}, {"paused": True}, {"enabled": False}, {"enabled": False, "deleted_at": now}):
        identifier = mine.subscribe()
        with fresh.database.write() as session:
            one = webhook_endpoints.c.id == identifier
            session.execute(update(webhook_endpoints).where(one).values(updated_at=now, **values))
    figures = scraped(fresh)
    told = [figures["afterword_endpoints", f"state={state}"] for state in ("enabled", "paused", "disabled")]
    assert told == [2, 1, 1]


def test_what_could_not_be_planned_and_what_is_late_to_be_is_told(fresh: Server) -> None:
    mine, now = Recorded.in_(fresh.database), clock.now()
    row = {
        "account_id": mine.account_id, "company": "Acme", "company_key": "acme", "long_process": False, "version": 1,
        "plan_failures": 0, "created_at": now, "updated_at": now, "parked_until": None,
    }  # fmt: skip
    times = [(now - MINUTE, None), (now + MINUTE, now + MINUTE), (now + MINUTE, None)]
    with fresh.database.write() as session:
        for wake_at, parked_until in times:
            values = {**row, "id": new_id("opp"), "wake_at": wake_at, "parked_until": parked_until}
            session.execute(insert(opportunities).values(**values))
    figures = scraped(fresh)
    assert figures["afterword_parked_opportunities", ""] == 1
    assert 60 <= figures["afterword_planning_lateness_seconds", ""] < 120


def test_each_worker_is_told_with_its_last_tick_and_its_attempts(fresh: Server) -> None:
    now = clock.now()
    heartbeat(fresh.database, "one", lambda: now - 5 * MINUTE, {"delivered": 12, "failed": 1})
    heartbeat(fresh.database, "two", lambda: now, {"delivered": 3})
    heartbeat(fresh.database, 'a "third"\n', lambda: now)
    figures = scraped(fresh)
    ages = {labels: age for (name, labels), age in figures.items() if name == "afterword_worker_tick_age_seconds"}
    assert ages.keys() == {"worker=one", "worker=two", 'worker=a "third"\n'}
    assert 300 <= ages["worker=one"] < 360
    assert ages["worker=two"] < 60
    assert {labels: n for (name, labels), n in figures.items() if name == "afterword_delivery_attempts_total"} == {
        "state=delivered,worker=one": 12,
        "state=failed,worker=one": 1,
        "state=delivered,worker=two": 3,
    }


def test_all_of_it_is_read_in_few_statements_that_count_only_so_far(fresh: Server) -> None:
    with statements_of(fresh.database, "FROM") as asked:
        scraped(fresh)
    ours = [each for each, _ in asked if re.search(r"FROM.*(deliveries|webhook_endpoints|heartbeats)", each, re.DOTALL)]
    assert len(ours) == 3
    assert ours[0].count("LIMIT") == 6, "each number is counted so far and no further"


def test_what_was_delivered_is_not_looked_at(fresh: Server) -> None:
    with statements_of(fresh.database, "FROM deliveries") as asked:
        scraped(fresh)
    with fresh.database.read() as session:
        used = {name for each in asked for name in indexes_of_deliveries(plan(session, *each))}
    of_the_few = {"due", "queue", "expiring", "leased", "undelivered"}
    assert used <= {f"ix_deliveries_{name}" for name in of_the_few}


def test_nothing_is_kept_in_the_registry_of_the_process(fresh: Server) -> None:
    scraped(fresh)
    told = prometheus_client.generate_latest(prometheus_client.REGISTRY).decode()
    assert "afterword" not in told


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.9"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
    ],
    ids=json.dumps,
)
def test_without_a_token_nobody_is_told_through_a_proxy(server: Server, headers: dict[str, str]) -> None:
    assert "this machine only" in refused(server, 403, **headers)
    assert scraped(server)


async def asked_from(server: Server, address: str) -> int:
    """The status of the answer to a peer at an address."""
    app = create_app(server.backend.settings, server.database)
    transport = httpx.ASGITransport(app, client=(address, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://afterword.example") as client:
        return (await client.get("/metrics")).status_code


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("127.0.0.1", 200),
        ("127.8.8.8", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
        ("10.0.0.5", 403),
        ("203.0.113.9", 403),
        ("2001:db8::1", 403),
        ("::ffff:10.0.0.5", 403),
        ("0.0.0.0", 403),
        ("somewhere", 403),
    ],
)
def test_without_a_token_only_this_machine_is_told(server: Server, address: str, status: int) -> None:
    assert asyncio.run(asked_from(server, address)) == status


def test_with_a_token_whoever_shows_it_is_told_and_nobody_else(database_url: str, tmp_path: Path) -> None:
    with running(database_url, tmp_path, metrics_token=TOKEN) as server:
        assert scraped(server, Authorization=f"Bearer {TOKEN}")
        assert scraped(server, **{"Authorization": f"bearer {TOKEN}", "X-Forwarded-For": "203.0.113.9"})
        for shown in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
            assert "Bearer" in refused(server, 401, **shown)
        answer = httpx.get(f"{server.url}/metrics", headers={"Authorization": b"Bearer \xff\xfe"}, trust_env=False)
        refused_fields(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_server_that_cannot_serve_says_why_in_place_of_figures(empty_database_url: str, tmp_path: Path) -> None:
    with running(empty_database_url, tmp_path) as server:
        answer = httpx.get(f"{server.url}/metrics", trust_env=False)
    refused_fields(answer, 503)
    assert "afterword migrate" in answer.json()["detail"]
