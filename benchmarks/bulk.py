"""A million rows in seconds: copies, made within the database, of rows that the product wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, String, Table, cast, insert, literal, select

from afterword import clock
from afterword.services import opportunities as made_opportunities
from afterword.storage.database import Session
from afterword.storage.tables import deliveries, events, opportunities
from benchmarks.outbox import Outbox

UNCHECKED = {
    "sqlite": ("PRAGMA foreign_keys=OFF", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-200000"),
    "postgresql": ("SET session_replication_role = replica",),
}
SETTLING = {"sqlite": "PRAGMA wal_checkpoint(TRUNCATE)", "postgresql": "VACUUM ANALYZE"}
MONTH = timedelta(days=30)


def add_idle_opportunities(outbox: Outbox, count: int) -> None:
    """Opportunities of which nothing is due for a month."""
    account_id, _ = outbox.endpoints[0]
    with outbox.database.write() as session:
        values = {"company": "Acme", "role": "Data engineer"}
        whole, _ = made_opportunities.create(session, account_id, values, clock.now())
    with _filling(outbox) as session:
        numbers = _numbers(count)
        wake_at = literal(clock.now() + MONTH, opportunities.c.wake_at.type)
        changed = {"id": _numbered("opp_bulk_", numbers), "wake_at": wake_at}
        _copy(session, opportunities, whole.opportunity.id, numbers, changed)


def add_finished_deliveries(outbox: Outbox, count: int) -> None:
    """Deliveries that arrived, as many to each endpoint; those of one account tell of the same events."""
    told = outbox.fill([clock.now()] * len(outbox.endpoints))
    numbers = _numbers(count // len(outbox.endpoints))
    first_of = {account_id: event_id for event_id, (account_id, _) in zip(told, outbox.endpoints, strict=True)}
    with _filling(outbox) as session:
        session.execute(deliveries.update().values(state="delivered", next_attempt_at=None, finished_at=clock.now()))
        for account_id, event_id in first_of.items():
            changed = {"id": _numbered(f"evt_{account_id[-6:]}_", numbers), "sequence": numbers.c.number}
            _copy(session, events, event_id, numbers, changed)
        templates = select(deliveries.c.id, deliveries.c.account_id)
        for number, (delivery_id, account_id) in enumerate(session.execute(templates).all()):
            event_id = _numbered(f"evt_{account_id[-6:]}_", numbers)
            changed = {"id": _numbered(f"dlv_{number:02}_", numbers), "event_id": event_id}
            _copy(session, deliveries, delivery_id, numbers, changed)


def settle(outbox: Outbox) -> None:
    """Have the database do now what it would otherwise do in the background."""
    with outbox.database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as session:
        session.exec_driver_sql(
            "VACUUM ANALYZE" if session.dialect.name == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)"
        )


@contextmanager
def _filling(outbox: Outbox) -> Iterator[Session]:
    """A transaction on a connection of its own, which checks no references: what is copied has been checked."""
    with outbox.database.engine.execution_options(writes=True).connect() as session:
        session.detach()
        driver: Any = session.connection.dbapi_connection
        for statement in UNCHECKED[session.dialect.name]:
            driver.execute(statement)
        with session.begin():
            yield session


def _copy(
    session: Session, table: Table, template: str, numbers: CTE, changed: Mapping[str, ColumnElement[Any]]
) -> None:
    columns: Sequence[ColumnElement[Any]] = [changed.get(each.name, each) for each in table.c]
    rows = select(*columns).select_from(table.join(numbers, literal(value=True))).where(table.c.id == template)
    session.execute(insert(table).from_select([each.name for each in table.c], rows, include_defaults=False))


def _numbers(count: int) -> CTE:
    first = select(literal(1).label("number")).cte("numbers", recursive=True)
    return first.union_all(select(first.c.number + 1).where(first.c.number < count))


def _numbered(prefix: str, numbers: CTE) -> ColumnElement[str]:
    # Of one width, so that they sort as they are written: an index that grows at its end grows many times faster.
    return literal(prefix) + cast(numbers.c.number + 10**7, String)
