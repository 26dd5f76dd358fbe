"""Machines that disagree about the time: what shares a PostgreSQL goes by its clock, what has SQLite by its own."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from afterword import clock
from afterword.services import events
from afterword.services.events import Occurrence
from afterword.storage import heartbeats
from afterword.storage.database import Database, open_database
from afterword.storage.tables import deliveries
from support.accounts import TestAccount, open_account
from support.databases import PostgresDatabases
from support.eventually import eventually
from support.receiver import receiving
from support.recorded import SECRET, Recorded
from support.server import free_port
from support.shifted import running_shifted

pytestmark = pytest.mark.process

SKEW_SECONDS = 30
DELIVERIES = 40
#: Far less than the machines are apart, and enough for a machine that is busy.
LATEST_SECONDS = 10.0


def asked(account: TestAccount, port: int) -> datetime | None:
    """What time it is, by the answer of a server; None before there is one."""
    headers = {"Authorization": f"Bearer {account.key}"}
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/api/v1/next-actions", headers=headers, trust_env=False)
    except httpx.TransportError:
        return None
    return datetime.fromisoformat(answer.raise_for_status().json()["as_of"])


def test_servers_tell_the_time_of_their_database_or_else_of_their_machine(
    database: Database, database_url: str, database_kind: str, tmp_path: Path
) -> None:
    account = open_account(database)
    settings = {"DATABASE_URL": database_url, "AFTERWORD_DATA_DIR": str(tmp_path)}
    for shift in (SKEW_SECONDS, -SKEW_SECONDS):
        port = free_port()
        with running_shifted(shift, "api", "--port", str(port), settings=settings):
            assert eventually(lambda port=port: asked(account, port) is not None, 30)
            told, now = asked(account, port), clock.of_this_machine()
        assert told is not None
        expected = now if database_kind == "postgresql" else now + timedelta(seconds=shift)
        assert abs(told - expected) < timedelta(seconds=2)


def test_two_workers_whose_machines_are_a_minute_apart_send_once_and_none_early(
    postgres_databases: PostgresDatabases, tmp_path: Path, say: Callable[[str], None]
) -> None:
    chance = random.Random(SKEW_SECONDS)
    with ExitStack() as stack:
        url = stack.enter_context(postgres_databases.migrated())
        database = open_database(url)
        stack.callback(database.engine.dispose)
        mine = Recorded.in_(database)
        # Long enough on their way for one worker to take another's lease for one that has run out.
        receiver = stack.enter_context(receiving(SECRET, pause=0.5))
        for _ in range(4):
            mine.subscribe(receiver.url)
        settings = {
            "DATABASE_URL": url, "AFTERWORD_DATA_DIR": str(tmp_path), "AFTERWORD_ALLOWED_NETWORKS": "127.0.0.0/8",
        }  # fmt: skip
        for shift in (SKEW_SECONDS, -SKEW_SECONDS):
            stack.enter_context(running_shifted(shift, "worker", settings=settings))
        assert eventually(lambda: len(beats(database)) == 2, 30)
        due = spread(mine, chance)
        assert eventually(lambda: {row.state for row in mine.deliveries()} == {"delivered"}, 30)
        ages = [abs(each.at - clock.of_this_machine()) for each in beats(database)]
    lateness = [each.at - due[each.id] for each in receiver.ledger]
    say(f"{len(lateness)} requests, {min(lateness):.2f} to {max(lateness):.2f} s after they were due")
    assert len(receiver.ledger) == DELIVERIES, "each once"
    assert min(lateness) >= 0, "none early"
    assert max(lateness) < LATEST_SECONDS
    assert max(abs(each.at - int(each.headers["webhook-timestamp"])) for each in receiver.ledger) < LATEST_SECONDS + 1
    assert max(ages) < timedelta(seconds=15), "and their beats are of one time"


def spread(mine: Recorded, chance: random.Random) -> dict[str, float]:
    """Deliveries that come due one after another: when each event's are, by event."""
    now = clock.of_this_machine()
    happened = [Occurrence("opportunity.updated")] * (DELIVERIES // 4)
    with mine.database.write() as session:
        events.record(session, mine.account_id, happened, now + timedelta(seconds=60))
    due = {row.event_id: now + timedelta(seconds=chance.uniform(1, 4)) for row in mine.deliveries()}
    with mine.database.write() as session:
        for event_id, at in due.items():
            session.execute(update(deliveries).where(deliveries.c.event_id == event_id).values(next_attempt_at=at))
    return {event_id: at.timestamp() for event_id, at in due.items()}


def beats(database: Database) -> list[heartbeats.Heartbeat]:
    with database.read() as session:
        return heartbeats.latest(session, 10)
