"""Databases with endpoints at the receiver, and deliveries to them: bulk rows of the shape that the product writes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import literal_column, select

from afterword import clock
from afterword.services import accounts
from afterword.services.event_samples import examples
from afterword.services.events import delivery_row
from afterword.storage.database import Database, migrate, open_database
from afterword.storage.delivery_tables import SENDING, WAITING
from afterword.storage.identifiers import new_id
from afterword.storage.tables import deliveries, events, webhook_endpoints

ACCOUNTS, ENDPOINTS = 10, 50
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
WEEK = timedelta(days=7)
TYPE = "action.opened"
_LEFT = select(literal_column("1")).select_from(deliveries).where(literal_column(f"({WAITING} OR {SENDING})")).limit(1)


@dataclass(frozen=True)
class Outbox:
    """Accounts with endpoints, each an account's id and its own."""

    url: str
    database: Database
    endpoints: Sequence[tuple[str, str]]

    def fill(self, due: Iterable[datetime]) -> dict[str, datetime]:
        """A delivery of an event of its own for each instant, to the endpoints in turn; the instants by event."""
        now, written = clock.now(), dict[str, datetime]()
        # Far from the accounts' own count, and higher each time.
        first = time.time_ns() // 1_000
        with self.database.write() as session:
            happened, queued = [], []
            for number, at in enumerate(due):
                account_id, endpoint_id = self.endpoints[number % len(self.endpoints)]
                event = _event(account_id, first + number, now)
                happened.append(event)
                queued.append(delivery_row(event, endpoint_id, now, at))
                written[event["id"]] = at
            session.execute(events.insert(), happened)
            session.execute(deliveries.insert(), queued)
        return written

    def wait_until_empty(self, seconds: float = 120) -> None:
        """Until nothing is due or on its way."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with self.database.read() as session:
                if session.execute(_LEFT).first() is None:
                    return
            time.sleep(0.1)
        raise RuntimeError(f"Not everything was sent within {seconds} s.")


def open_outbox(url: str, receivers: Sequence[str]) -> Outbox:
    """A migrated database in which ten accounts share out endpoints with these URLs."""
    database = open_database(url)
    migrate(database.engine)
    now = clock.now()
    with database.write() as session:
        owners = [_account(session, number, now) for number in range(ACCOUNTS)]
        rows = [_endpoint(owners[number % ACCOUNTS], target, now) for number, target in enumerate(receivers)]
        session.execute(webhook_endpoints.insert(), rows)
    return Outbox(url, database, [(row["account_id"], row["id"]) for row in rows])


def _account(session: Any, number: int, now: datetime) -> str:
    given = {"name": f"Benchmark {number}", "time_zone": "America/New_York", "holidays": "US"}
    return accounts.create(session, given, now).id


def _endpoint(account_id: str, url: str, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id("whe"), "account_id": account_id, "url": url, "secrets": [SECRET],
        "enabled": True, "paused": False, "version": 1, "created_at": now, "updated_at": now,
    }  # fmt: skip


def _event(account_id: str, sequence: int, now: datetime) -> dict[str, Any]:
    identifier, example = new_id("evt"), examples()[TYPE]
    return {
        "id": identifier, "account_id": account_id, "sequence": sequence, "type": TYPE, "opportunity_id": None,
        "payload": {**example, "data": {**example["data"], "id": identifier, "sequence": sequence}},
        "occurred_at": now, "expires_at": now + WEEK,
    }  # fmt: skip
