"""Endpoints that something is due to: found by a seek each, chosen among by what they have on their way, then locked.

What was read before an endpoint is locked may be out of date; what is decided about its deliveries is decided by what
`lock` returns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
)

from afterword.storage.database import Session
from afterword.storage.delivery_tables import SENDING, SUSPECTED, WAITING
from afterword.storage.tables import deliveries, webhook_endpoints

#: How many endpoints one claim looks at: of each account first the one that has waited longest, then its second.
MOST_CANDIDATES = 1_000
MOST_IN_FLIGHT = 4
#: To one that has too much to do.
MOST_IN_FLIGHT_WITH_CARE = 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """An endpoint that something is due to, or that is not sent to any more. `due_at` is the oldest of what is due."""

    id: str
    account_id: str
    enabled: bool
    paused: bool
    careful_until: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Destination:
    """An endpoint as it is, and stays until the end of the transaction."""

    id: str
    url: str
    secrets: Sequence[str]
    former_secrets: Sequence[Mapping[str, str]] | None
    headers: Mapping[str, str] | None
    event_types: Collection[str] | None
    opportunity_ids: Collection[str] | None
    action_states: Collection[str] | None
    enabled: bool
    paused: bool
    careful_until: datetime | None


@dataclass(frozen=True, slots=True)
class InFlight:
    """How many requests are on their way, by any process."""

    by_endpoint: Counter[str]
    by_account: Counter[str]


def cap(careful_until: datetime | None, now: datetime) -> int:
    """How many requests to an endpoint may be on their way."""
    return MOST_IN_FLIGHT_WITH_CARE if careful_until is not None and careful_until > now else MOST_IN_FLIGHT


def candidates(
    session: Session, now: datetime, *, retries: bool = True, suspected: bool = False
) -> list[Candidate]:  # fmt: skip
    """Endpoints below their cap that something is due to, the longest waiting first, and those that nothing may go to.

    Without `retries` only a first attempt counts as due; with `suspected` only what has to be sent by itself.
    """
    if session.dialect.name == "postgresql":
        # A scan by bitmap comes to all that was sent since the last vacuum, each time; a plain one learns to pass by.
        session.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
    found = [Candidate(*row) for row in session.execute(_CANDIDATES[retries, suspected], {"now": now}).all()]
    return sorted(found, key=lambda each: (each.due_at is None, each.due_at))


def in_flight(session: Session) -> InFlight:
    # Counted here: asked to group them, SQLite would walk through the index of all deliveries.
    found = session.execute(_IN_FLIGHT).all()
    return InFlight(Counter(endpoint_id for endpoint_id, _ in found), Counter(account_id for _, account_id in found))


def lock(session: Session, endpoint_ids: Collection[str]) -> dict[str, Destination]:
    """Take the turn of these endpoints, but of those that somebody else is changing or claiming for."""
    found = session.execute(_LOCK, {"ids": sorted(endpoint_ids)}).all()
    return {row[0]: Destination(*row) for row in found}


_LOCK = (
    select(*(webhook_endpoints.c[name] for name in Destination.__slots__))
    .where(webhook_endpoints.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(webhook_endpoints.c.id)
    .with_for_update(key_share=True, skip_locked=True)
)
_now = bindparam("now", type_=deliveries.c.next_attempt_at.type)
_sending: ColumnElement[bool] = literal_column(SENDING)
_waiting: ColumnElement[bool] = literal_column(WAITING)
_suspected: ColumnElement[bool] = literal_column(SUSPECTED)


def _candidates(retries: bool, suspected: bool) -> Select[Any]:
    waited_for, busy = _waited_for(retries, suspected), _busy()
    full = case((waited_for.c.careful_until > _now, MOST_IN_FLIGHT_WITH_CARE), else_=MOST_IN_FLIGHT)
    is_due = and_(waited_for.c.due_at <= _now, func.coalesce(busy.c.requests, 0) < full)
    place = func.row_number().over(partition_by=waited_for.c.account_id, order_by=waited_for.c.due_at)
    ranked = (
        select(waited_for, place.label("place"))
        .select_from(waited_for.outerjoin(busy, busy.c.endpoint_id == waited_for.c.id))
        .where(or_(is_due, waited_for.c.enabled.is_(False)))
        .subquery("ranked")
    )
    return (
        select(*(ranked.c[name] for name in Candidate.__slots__))
        .order_by(ranked.c.place, ranked.c.due_at)
        .limit(MOST_CANDIDATES)
    )


def _waited_for(retries: bool, suspected: bool) -> FromClause:
    ids = _ids_of_suspected() if suspected else _ids_waited_for()
    first_only = () if retries else (deliveries.c.state == "pending",)
    due_at = (
        select(func.min(deliveries.c.next_attempt_at))
        .where(_waiting, deliveries.c.endpoint_id == webhook_endpoints.c.id, *first_only)
        .scalar_subquery()
    )
    columns = (webhook_endpoints.c[name] for name in Candidate.__slots__ if name != "due_at")
    joined = webhook_endpoints.join(ids, ids.c.endpoint_id == webhook_endpoints.c.id)
    return select(*columns, due_at.label("due_at")).select_from(joined).subquery("waited_for")


def _busy() -> FromClause:
    # Not the bare column: to group by that, SQLite would walk through the index of all deliveries.
    endpoint_id = deliveries.c.endpoint_id.concat("")
    counted = select(endpoint_id.label("endpoint_id"), func.count().label("requests")).where(_sending)
    return counted.group_by(endpoint_id).subquery("busy")


def _ids_waited_for() -> FromClause:
    """The endpoints that something waits for, each found by a seek beyond the one before."""
    first = select(func.min(deliveries.c.endpoint_id).label("endpoint_id")).where(_waiting)
    found = first.cte("ids_waited_for", recursive=True)
    beyond = deliveries.alias("beyond")
    following = (
        select(func.min(beyond.c.endpoint_id))
        .where(literal_column(f"beyond.{WAITING}"), beyond.c.endpoint_id > found.c.endpoint_id)
        .scalar_subquery()
    )
    return found.union_all(select(following).where(found.c.endpoint_id.is_not(None)))


def _ids_of_suspected() -> FromClause:
    due = deliveries.c.next_attempt_at <= _now
    return select(deliveries.c.endpoint_id).where(_suspected, due).distinct().limit(MOST_CANDIDATES).subquery()


# Statements that every claim sends are made once: making one takes longer than most of them run.
_CANDIDATES = {each: _candidates(*each) for each in product((False, True), repeat=2)}
_IN_FLIGHT = select(deliveries.c.endpoint_id, deliveries.c.account_id).where(_sending)
