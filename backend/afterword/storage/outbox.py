"""The queue of deliveries: claimed under a lease, sent with no transaction open, finished by who holds the claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, insert, or_, select, update

from afterword.storage.database import Session
from afterword.storage.tables import attempts, deliveries, events, webhook_endpoints

#: How many of the deliveries that are due are looked at for one claim, and how many are put aside at once.
WINDOW = 500
MOST_CRASHES = 10


@dataclass(frozen=True, slots=True)
class Claimed:
    """One delivery that is ours to send until the lease ends. `attempt` is the number of this try, from 1."""

    id: str
    account_id: str
    endpoint_id: str
    event_id: str
    claim_id: str
    attempt: int
    url: str
    secrets: Sequence[str]
    payload: Mapping[str, Any]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Finish:
    """What came of a claimed delivery, with the row of its attempt."""

    delivery: Claimed
    state: str
    reason: str | None
    next_attempt_at: datetime | None
    finished_at: datetime | None
    attempt: Mapping[str, Any]


def anything_to_do(session: Session, now: datetime) -> bool:
    """Whether a delivery is due or a lease has run out; one statement, and no lock."""
    wanted = select(or_(exists().where(_is_due(now)), exists().where(_is_abandoned(now))))
    return bool(session.execute(wanted).scalar_one())


def take_back_abandoned(session: Session, now: datetime) -> None:
    """Make deliveries due again whose sender let the lease run out: a crash, not an attempt."""
    _take_back(session, _is_abandoned(now), now)


def take_back_all(session: Session, now: datetime) -> None:
    """Make every claimed delivery due again, for a process that knows that nobody else is sending."""
    while _take_back(session, deliveries.c.state == "sending", now):
        pass


def _take_back(session: Session, which: ColumnElement[bool], now: datetime) -> int:
    """How many were taken back; no more than a window's worth at once."""
    ids = _free(session, which)
    if not ids:
        return 0
    free, died = deliveries.c.id.in_(ids), deliveries.c.crashes + 1 >= MOST_CRASHES
    released = {"claim_id": None, "lease_until": None, "crashes": deliveries.c.crashes + 1}
    session.execute(
        update(deliveries)
        .where(free, which, died)
        .values(**released, state="failed", reason="worker died", next_attempt_at=None, finished_at=now)
    )
    session.execute(
        update(deliveries)
        .where(free, which)
        .values(**released, state="retrying", attempt=deliveries.c.attempt - 1, next_attempt_at=now)
    )
    return len(ids)


def expire(session: Session, now: datetime) -> None:
    """Give up deliveries that are due and past the expiry of their event: a late reminder is worse than none."""
    _put_aside(session, and_(_is_due(now), _is_expired(now)), "expired", "its time had passed", now)


def skip_disabled(session: Session, now: datetime) -> None:
    """Give up deliveries that are due to an endpoint that was disabled since."""
    _put_aside(session, and_(_is_due(now), _is_disabled()), "skipped", "endpoint disabled", now)


def _put_aside(session: Session, which: ColumnElement[bool], state: str, reason: str, now: datetime) -> None:
    ids = _free(session, which)
    if ids:
        session.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(ids))
            .values(state=state, reason=reason, next_attempt_at=None, finished_at=now)
        )


def _free(session: Session, which: ColumnElement[bool]) -> Sequence[str]:
    """Some of these that nobody else holds, locked: whoever stands still with a row must not make the others wait."""
    wanted = select(deliveries.c.id).where(which).limit(WINDOW).with_for_update(skip_locked=True)
    return session.execute(wanted).scalars().all()


def claim(
    session: Session, claim_id: str, now: datetime, lease_until: datetime, limit: int, per_endpoint: int
) -> list[Claimed]:
    """Take deliveries that are due, oldest first in turn over the endpoints, no more than may be in flight to each."""
    candidates = session.execute(_candidates(now, per_endpoint)).all()
    chosen = _within_cap(candidates, _in_flight(session), limit, per_endpoint)
    if not chosen:
        return []
    taken = (
        update(deliveries)
        .where(deliveries.c.id.in_(chosen), deliveries.c.state.in_(("pending", "retrying")))
        .values(state="sending", claim_id=claim_id, lease_until=lease_until, attempt=deliveries.c.attempt + 1)
        .returning(deliveries.c.id)
    )
    return _claimed(session, list(session.execute(taken).scalars()))


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(deliveries.c.state.in_(("pending", "retrying")), deliveries.c.next_attempt_at <= now)


def _is_abandoned(now: datetime) -> ColumnElement[bool]:
    return and_(deliveries.c.state == "sending", deliveries.c.lease_until <= now)


def _is_expired(now: datetime) -> ColumnElement[bool]:
    return exists().where(events.c.id == deliveries.c.event_id, events.c.expires_at <= now)


def _is_disabled() -> ColumnElement[bool]:
    return exists().where(webhook_endpoints.c.id == deliveries.c.endpoint_id, webhook_endpoints.c.enabled.is_(False))


def _candidates(now: datetime, per_endpoint: int) -> Any:
    place = func.row_number().over(
        partition_by=deliveries.c.endpoint_id, order_by=(deliveries.c.next_attempt_at, deliveries.c.id)
    )
    due = select(deliveries.c.id, place.label("place")).where(_is_due(now)).subquery()
    first = select(due.c.id).where(due.c.place <= per_endpoint)
    return (
        select(deliveries.c.id, deliveries.c.endpoint_id)
        # One that could not be put aside yet, being locked then or beyond the window, is not sent for that.
        .where(deliveries.c.id.in_(first), ~_is_expired(now), ~_is_disabled())
        .order_by(deliveries.c.next_attempt_at, deliveries.c.id)
        .limit(WINDOW)
        .with_for_update(skip_locked=True)
    )


def _in_flight(session: Session) -> Counter[str]:
    sending = (
        select(deliveries.c.endpoint_id, func.count())
        .where(deliveries.c.state == "sending")
        .group_by(deliveries.c.endpoint_id)
    )
    return Counter({row[0]: row[1] for row in session.execute(sending)})


def _within_cap(
    candidates: Iterable[Row[*tuple[Any, ...]]], in_flight: Counter[str], limit: int, per_endpoint: int
) -> list[str]:
    chosen: list[str] = []
    for row in candidates:
        if len(chosen) < limit and in_flight[row.endpoint_id] < per_endpoint:
            in_flight[row.endpoint_id] += 1
            chosen.append(row.id)
    return chosen


def _claimed(session: Session, ids: Sequence[str]) -> list[Claimed]:
    event = (events.c.account_id == deliveries.c.account_id) & (events.c.id == deliveries.c.event_id)
    endpoint = (webhook_endpoints.c.account_id == deliveries.c.account_id) & (
        webhook_endpoints.c.id == deliveries.c.endpoint_id
    )
    wanted = (
        select(deliveries, events.c.payload, events.c.expires_at, webhook_endpoints.c.url, webhook_endpoints.c.secrets)
        .join(events, event)
        .join(webhook_endpoints, endpoint)
        .where(deliveries.c.id.in_(ids))
        .order_by(deliveries.c.next_attempt_at, deliveries.c.id)
    )
    return [_one_claimed(row) for row in session.execute(wanted)]


def _one_claimed(row: Row[*tuple[Any, ...]]) -> Claimed:
    return Claimed(
        id=row.id,
        account_id=row.account_id,
        endpoint_id=row.endpoint_id,
        event_id=row.event_id,
        claim_id=row.claim_id,
        attempt=row.attempt,
        url=row.url,
        secrets=row.secrets,
        payload=row.payload,
        expires_at=row.expires_at,
    )


def finish(session: Session, finished: Sequence[Finish]) -> None:
    """Write what came of deliveries. One that is no longer ours keeps its state; its attempt is listed."""
    for each in finished:
        session.execute(
            update(deliveries)
            .where(deliveries.c.id == each.delivery.id, deliveries.c.claim_id == each.delivery.claim_id)
            .values(
                state=each.state,
                reason=each.reason,
                next_attempt_at=each.next_attempt_at,
                finished_at=each.finished_at,
                claim_id=None,
                lease_until=None,
            )
        )
    still_there = _existing(session, [each.delivery.id for each in finished])
    listed = [dict(each.attempt) for each in finished if each.delivery.id in still_there]
    if listed:
        session.execute(insert(attempts), listed)


def _existing(session: Session, ids: Sequence[str]) -> frozenset[str]:
    """Those that were not deleted, with their endpoint, while they were being sent."""
    return frozenset(session.execute(select(deliveries.c.id).where(deliveries.c.id.in_(ids))).scalars())


def give_up_on(session: Session, endpoint_id: str, reason: str, now: datetime) -> None:
    """Disable an endpoint and skip what still waits for it."""
    session.execute(
        update(webhook_endpoints)
        .where(webhook_endpoints.c.id == endpoint_id)
        .values(enabled=False, disabled_reason=reason, updated_at=now, version=webhook_endpoints.c.version + 1)
    )
    session.execute(
        update(deliveries)
        .where(deliveries.c.endpoint_id == endpoint_id, deliveries.c.state.in_(("pending", "retrying")))
        .values(state="skipped", reason="endpoint disabled", next_attempt_at=None, finished_at=now)
    )
