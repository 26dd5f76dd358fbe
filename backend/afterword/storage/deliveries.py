"""The log of deliveries, as their account reads it and asks for them again. The queue they also are is `outbox`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal_column, select, update

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.delivery_tables import UNDELIVERED
from afterword.storage.identifiers import lower_bound
from afterword.storage.tables import attempts, deliveries, events, webhook_endpoints

#: States in which nothing more is going to happen.
ENDED = ("delivered", "failed", "expired", "skipped")
#: Times are by the database's clock and ids by that of the machine: how far the two may be apart.
CLOCKS_DIFFER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Delivery:
    id: str
    event_id: str
    event_type: str
    opportunity_id: str | None
    endpoint_id: str
    url: str
    state: str
    attempt: int
    replay: int
    crashes: int
    next_attempt_at: datetime | None
    expires_at: datetime | None
    reason: str | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    id: str
    replay: int
    number: int
    url: str | None
    request_headers: dict[str, str] | None
    started_at: datetime
    duration_ms: int
    status_code: int | None
    response_headers: dict[str, str] | None
    response_body: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which deliveries a list has; None leaves a field free. `until` is exclusive."""

    endpoint_id: str | None = None
    event_id: str | None = None
    event_type: str | None = None
    states: Collection[str] | None = None
    since: datetime | None = None
    until: datetime | None = None


def find(session: Session, account_id: str, delivery_id: str) -> Delivery | None:
    row = session.execute(_log(account_id).where(deliveries.c.id == delivery_id)).one_or_none()
    return None if row is None else Delivery(*row)


def payload(session: Session, account_id: str, event_id: str) -> Mapping[str, Any]:
    """What was to be told, as it is stored."""
    told: Mapping[str, Any] = session.execute(
        select(events.c.payload).where(rows.mine(events, account_id, event_id))
    ).scalar_one()
    return told


def page(session: Session, account_id: str, wanted: Filter, before: str | None, limit: int) -> list[Delivery]:
    """Newest first."""
    conditions = [*_conditions(wanted)]
    if before is not None:
        conditions.append(deliveries.c.id < before)
    statement = _log(account_id).where(*conditions).order_by(deliveries.c.id.desc()).limit(limit)
    return [Delivery(*row) for row in session.execute(statement)]


def _conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.endpoint_id is not None:
        yield deliveries.c.endpoint_id == wanted.endpoint_id
    if wanted.event_id is not None:
        yield deliveries.c.event_id == wanted.event_id
    if wanted.event_type is not None:
        yield events.c.type == wanted.event_type
    if wanted.states is not None:
        yield deliveries.c.state.in_(sorted(wanted.states))
        if set(wanted.states) <= {"failed", "expired", "skipped"}:
            # Says again what the states say, in the words of the partial index that finds the few among the many.
            yield literal_column(f"deliveries.{UNDELIVERED}")
    yield from _between(wanted.since, wanted.until)


def _between(since: datetime | None, until: datetime | None) -> Iterator[ColumnElement[bool]]:
    """Says it of the ids too, in whose order the list is read: it begins and ends near the times asked for."""
    if since is not None:
        yield deliveries.c.created_at >= since
        yield deliveries.c.id >= lower_bound("dlv", _shifted(since, -CLOCKS_DIFFER))
    if until is not None:
        yield deliveries.c.created_at < until
        yield deliveries.c.id < lower_bound("dlv", _shifted(until, CLOCKS_DIFFER))


def _shifted(at: datetime, by: timedelta) -> datetime:
    """As far as the calendar goes."""
    try:
        return at + by
    except OverflowError:
        return at


def attempts_of(session: Session, account_id: str, delivery_id: str, most: int) -> Sequence[Attempt]:
    """The newest tries, first to last."""
    columns = (attempts.c[field.name] for field in fields(Attempt))
    mine = (attempts.c.account_id == account_id, attempts.c.delivery_id == delivery_id)
    newest = session.execute(select(*columns).where(*mine).order_by(attempts.c.id.desc()).limit(most)).all()
    return [Attempt(*row) for row in reversed(newest)]


def _log(account_id: str) -> Select[Any]:
    elsewhere = {
        "event_type": events.c.type,
        "opportunity_id": events.c.opportunity_id,
        "url": webhook_endpoints.c.url,
    }
    columns = (elsewhere[name] if name in elsewhere else deliveries.c[name] for name in Delivery.__slots__)
    event = (events.c.account_id == deliveries.c.account_id) & (events.c.id == deliveries.c.event_id)
    endpoint = and_(
        webhook_endpoints.c.account_id == deliveries.c.account_id, webhook_endpoints.c.id == deliveries.c.endpoint_id
    )
    joined = deliveries.join(events, event).join(webhook_endpoints, endpoint)
    return select(*columns).select_from(joined).where(deliveries.c.account_id == account_id)


def endpoints_of(session: Session, account_id: str, ids: Collection[str]) -> dict[str, str]:
    """The endpoint of each of these deliveries, as far as they are the account's."""
    mine = (deliveries.c.account_id == account_id, deliveries.c.id.in_(sorted(ids)))
    found = session.execute(select(deliveries.c.id, deliveries.c.endpoint_id).where(*mine))
    return {row[0]: row[1] for row in found}


def of_events_before(session: Session, account_id: str, ids: Collection[str], before: datetime) -> Sequence[str]:
    """Those of the account's deliveries whose event happened before an instant."""
    event = (events.c.account_id == deliveries.c.account_id) & (events.c.id == deliveries.c.event_id)
    mine = (deliveries.c.account_id == account_id, deliveries.c.id.in_(sorted(ids)))
    wanted = select(deliveries.c.id).join(events, event).where(*mine, events.c.occurred_at < before)
    return session.execute(wanted.order_by(deliveries.c.id)).scalars().all()


def send_again(
    session: Session, account_id: str, ids: Collection[str], now: datetime, expires_at: datetime
) -> int:  # fmt: skip
    """Put deliveries that have ended back into the queue, due now and with a new time to live. How many had ended."""
    again = (
        update(deliveries)
        .where(deliveries.c.account_id == account_id, deliveries.c.id.in_(sorted(ids)), deliveries.c.state.in_(ENDED))
        .values(
            state="pending",
            attempt=0,
            crashes=0,
            replay=deliveries.c.replay + 1,
            next_attempt_at=now,
            expires_at=expires_at,
            reason=None,
            finished_at=None,
        )
    )
    return session.execute(again).rowcount


def after_sequence(
    session: Session, account_id: str, endpoint_id: str, after: int, last: int, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The account's events between two sequence numbers, each with its delivery to an endpoint if it has one."""
    mine = and_(deliveries.c.event_id == events.c.id, deliveries.c.endpoint_id == endpoint_id)
    wanted = (
        select(
            events.c.id,
            events.c.account_id,
            events.c.sequence,
            events.c.occurred_at,
            events.c.type.label("event_type"),
            events.c.opportunity_id,
            events.c.payload,
            deliveries.c.id.label("delivery_id"),
            deliveries.c.state,
        )
        .select_from(events.outerjoin(deliveries, mine))
        .where(events.c.account_id == account_id, events.c.sequence > after, events.c.sequence <= last)
        .order_by(events.c.sequence)
        .limit(limit)
    )
    return session.execute(wanted).all()


def sequences_since(session: Session, account_id: str, since: datetime) -> tuple[int, int] | None:
    """The first sequence number of the account's events from an instant on, and the last; None when there are none."""
    row = session.execute(
        select(func.min(events.c.sequence), func.max(events.c.sequence)).where(
            events.c.account_id == account_id, events.c.occurred_at >= since
        )
    ).one()
    return None if row[0] is None else (row[0], row[1])
