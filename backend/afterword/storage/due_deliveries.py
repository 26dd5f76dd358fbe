"""What is due to each of several endpoints, the oldest first: one statement that seeks each endpoint's own few.

The two databases are asked in different words: only PostgreSQL can limit what is joined sideways, and has rows to lock.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from pydantic_core import from_json
from sqlalchemy import ColumnElement, FromClause, Select, Text, bindparam, cast, func, literal_column, select, true
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.sql.selectable import NamedFromClause

from afterword.storage.database import Session
from afterword.storage.delivery_tables import SUSPICIOUS_CRASHES, WAITING
from afterword.storage.tables import deliveries, events


@dataclass(frozen=True, slots=True)
class Waiting:
    """One delivery that is due, with its event, whose envelope is as it was stored: JSON."""

    id: str
    account_id: str
    endpoint_id: str
    event_id: str
    event_type: str
    opportunity_id: str | None
    state: str
    attempt: int
    replay: int
    crashes: int
    expires_at: datetime | None
    envelope: str

    @property
    def payload(self) -> object:
        """The envelope, taken apart; None where that cannot be done: one bad row must not hold up the others."""
        try:
            return from_json(self.envelope)
        except ValueError:
            return None


def oldest_due(
    session: Session, shares: Mapping[str, int], now: datetime, *, suspected: bool = False, retries: bool = True
) -> list[Waiting]:
    """What has been due to each endpoint for longest, at most its share, that nobody else holds, locked.

    Without `retries` first attempts only.
    """
    statement, found = _STATEMENTS[session.dialect.name, suspected, retries], list[Waiting]()
    # Neither a limit of SQLite's nor an array of shares: at most as many statements as the largest share, mostly one.
    for share in sorted(set(shares.values())):
        asked = json.dumps([endpoint for endpoint, most in shares.items() if most == share])
        rows = session.execute(statement, {"endpoints": asked, "now": now, "most": share}).all()
        found += [Waiting(*row) for row in rows]
    return found


def _on_postgresql(suspected: bool, retries: bool) -> Select[Any]:
    endpoints = func.json_array_elements_text(cast(bindparam("endpoints"), JSON)).table_valued(
        "value", name="endpoints"
    )
    mine = (
        _with_events(deliveries)
        .where(*_due_to(endpoints.c.value, deliveries, suspected, retries))
        .order_by(deliveries.c.next_attempt_at)
        .limit(bindparam("most"))
        .with_for_update(of=deliveries, skip_locked=True)
        .lateral("mine")
    )
    return select(mine).select_from(endpoints.join(mine, true()))


def _on_sqlite(suspected: bool, retries: bool) -> Select[Any]:
    endpoints = func.json_each(bindparam("endpoints")).table_valued("value", name="endpoints")
    queue = deliveries.alias("queue")
    mine = (
        select(queue.c.id)
        .where(*_due_to(endpoints.c.value, queue, suspected, retries))
        .order_by(queue.c.next_attempt_at)
        .limit(bindparam("most"))
        .correlate(endpoints)
    )
    return _with_events(endpoints.join(deliveries, deliveries.c.id.in_(mine)))


def _with_events(found: FromClause) -> Select[Any]:
    event = (events.c.account_id == deliveries.c.account_id) & (events.c.id == deliveries.c.event_id)
    elsewhere = {
        "event_type": events.c.type.label("event_type"),
        "opportunity_id": events.c.opportunity_id,
        "envelope": cast(events.c.payload, Text).label("envelope"),
        "expires_at": func.coalesce(deliveries.c.expires_at, events.c.expires_at).label("expires_at"),
    }
    columns = (elsewhere[name] if name in elsewhere else deliveries.c[name] for name in Waiting.__slots__)
    return select(*columns).select_from(found.join(events, event))


def _due_to(
    endpoint: ColumnElement[Any], queue: NamedFromClause, suspected: bool, retries: bool
) -> Iterator[ColumnElement[bool]]:
    yield literal_column(f"{queue.name}.{WAITING}")
    yield queue.c.endpoint_id == endpoint
    yield queue.c.next_attempt_at <= bindparam("now", type_=deliveries.c.next_attempt_at.type)
    yield queue.c.crashes >= SUSPICIOUS_CRASHES if suspected else queue.c.crashes < SUSPICIOUS_CRASHES
    if not retries:
        yield queue.c.state == "pending"


#: Made once: each claim sends one.
_STATEMENTS = {
    (dialect, suspected, retries): statement(suspected, retries)
    for dialect, statement in (("postgresql", _on_postgresql), ("sqlite", _on_sqlite))
    for suspected, retries in product((False, True), repeat=2)
}
