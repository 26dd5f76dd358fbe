"""What the product says at the end of a run, by its API and by its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import func, literal_column, or_, select

from afterword.storage.database import Database
from afterword.storage.delivery_tables import SENDING, WAITING
from afterword.storage.tables import accounts, attempts, deliveries, events
from afterword.storage.tables import opportunities as opportunity_table
from faults.ledger import Pair
from faults.load import Write
from faults.oracle import Event, Refusal
from faults.stage import Stage

PAGE = 200


def unfinished(database: Database) -> int:
    """How many deliveries something is still going to happen to."""
    wanted = select(func.count()).where(or_(literal_column(f"({WAITING})"), literal_column(f"({SENDING})")))
    with database.read() as session:
        return int(session.execute(wanted.select_from(deliveries)).scalar_one())


def committed(database: Database, due: Mapping[str, float]) -> dict[str, Event]:
    """Every event there is; due when it happened, but for those that are known to be due later."""
    columns = (events.c.id, events.c.account_id, events.c.type, events.c.occurred_at, events.c.expires_at)
    with database.read() as session:
        rows = session.execute(select(*columns)).all()
    return {
        row.id: Event(
            row.id, row.account_id, row.type, due.get(row.id, row.occurred_at.timestamp()), row.expires_at.timestamp()
        )
        for row in rows
    }


def states(stage: Stage, url: str) -> dict[Pair, str]:
    """The state of every delivery, as the API tells each account."""
    paths = {each.endpoint_id: each.path for each in stage.subscribers.values()}
    found: dict[Pair, str] = {}
    for account in stage.accounts:
        with account.client(url) as client:
            cursor = None
            while True:
                query = {"limit": PAGE} | ({"cursor": cursor} if cursor else {})
                page = client.get("/deliveries", params=query).raise_for_status().json()
                found |= {(paths[each["endpoint_id"]], each["event_id"]): each["state"] for each in page["items"]}
                cursor = page["next_cursor"]
                if cursor is None:
                    break
    return found


def refusals(database: Database, stage: Stage) -> list[Refusal]:
    """Every failed attempt that was recorded."""
    paths = {each.endpoint_id: each.path for each in stage.subscribers.values()}
    wanted = (
        select(
            deliveries.c.endpoint_id, deliveries.c.event_id, attempts.c.number, attempts.c.started_at,
            attempts.c.duration_ms,
        )
        .join(deliveries, deliveries.c.id == attempts.c.delivery_id)
        .where(attempts.c.status_code >= 300)
    )  # fmt: skip
    with database.read() as session:
        rows = session.execute(wanted).all()
    return [
        Refusal(
            (paths[row.endpoint_id], row.event_id), row.number, row.started_at.timestamp(),
            row.started_at.timestamp() + row.duration_ms / 1000,
        )
        for row in rows
    ]  # fmt: skip


def gaps(database: Database) -> list[str]:
    """Accounts of which the events that are kept do not bear numbers without a gap up to the last."""
    mine = events.c.account_id == accounts.c.id
    told = (func.count(), func.min(events.c.sequence), func.max(events.c.sequence))
    columns = (select(each).select_from(events).where(mine).scalar_subquery() for each in told)
    with database.read() as session:
        rows = session.execute(select(accounts.c.id, accounts.c.sequence, *columns)).all()
    return [key for key, last, count, low, high in rows if count and (high != last or high - low + 1 != count)]


def broken_writes(database: Database, writes: list[Write]) -> Iterator[str]:
    """Writes that were answered and have no event, and changes without their event or the other way round."""
    about = select(events.c.opportunity_id, events.c.payload).where(events.c.type == "opportunity.updated")
    with database.read() as session:
        told = session.execute(about.where(events.c.opportunity_id.is_not(None)).order_by(events.c.sequence)).all()
        roles = dict(session.execute(select(opportunity_table.c.id, opportunity_table.c.role)).all())
    last = {row.opportunity_id: row.payload["data"]["opportunity"]["role"] for row in told}
    markers = {row.payload["data"]["opportunity"]["role"] for row in told}
    yield from (
        f"{each.marker} was answered {each.status}"
        for each in writes
        if each.is_committed - (each.marker in markers) > 0
    )
    yield from (f"{key} has the role {roles[key]}, and told of {last[key]}" for key in last if roles[key] != last[key])


def cut_off_and_committed(database: Database, writes: list[Write]) -> int:
    """How many writes were made though nobody was told so."""
    wanted = select(events.c.payload).where(events.c.opportunity_id.is_not(None))
    with database.read() as session:
        markers = {row["data"]["opportunity"]["role"] for row in session.execute(wanted).scalars()}
    return sum(each.status is None and each.marker in markers for each in writes)
