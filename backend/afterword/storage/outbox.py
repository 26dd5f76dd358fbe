"""The queue of deliveries: claimed under a lease, sent with no transaction open, finished by who holds the claim.

It is read by endpoint: one seek finds each endpoint that something waits for (`destinations`), another the oldest of
what is due to it (`due_deliveries`), so that the cost of a claim grows with neither what is stored nor what is due.
Locks are taken in one order everywhere: account, endpoint, delivery.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    and_,
    bindparam,
    exists,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from afterword.storage.batches import Batch, Given
from afterword.storage.database import Session
from afterword.storage.delivery_tables import SENDING, SUSPECTED, WAITING
from afterword.storage.tables import attempts, deliveries

#: How many rows are put aside in one transaction.
WINDOW = 500
MOST_CRASHES = 10

_waiting: ColumnElement[bool] = literal_column(WAITING)
_sending: ColumnElement[bool] = literal_column(SENDING)
_suspected: ColumnElement[bool] = literal_column(SUSPECTED)
_now = bindparam("now", type_=deliveries.c.next_attempt_at.type)
_due = deliveries.c.next_attempt_at <= _now
_abandoned = and_(_sending, deliveries.c.lease_until <= _now)
_expired = and_(_waiting, deliveries.c.expires_at <= _now)
# Statements that every claim sends are made once: making one takes longer than most of them run.
_WORK = select(
    exists().where(_waiting, _due),
    or_(exists().where(_abandoned), exists().where(_expired)),
    exists().where(_suspected, _due),
)


@dataclass(frozen=True, slots=True)
class Work:
    """Whether something is due, is stale (abandoned by its sender or past its time), or has to be sent by itself."""

    due: bool
    stale: bool
    suspected: bool

    @property
    def ordinary(self) -> bool:
        return self.due or self.stale


@dataclass(frozen=True, slots=True)
class Finish:
    """What came of a claimed delivery, with the row of its attempt."""

    delivery_id: str
    claim_id: str
    state: str
    reason: str | None
    next_attempt_at: datetime | None
    finished_at: datetime | None
    attempt: Mapping[str, Any]


def work(session: Session, now: datetime) -> Work:
    """What there is to do, in one statement and without a lock."""
    return Work(*map(bool, session.execute(_WORK, {"now": now}).one()))


def take_back_abandoned(session: Session, now: datetime, but: Collection[str] = ()) -> int:
    """Make deliveries due again whose sender let the lease run out: a crash, not an attempt. How many, at most 500.

    `but` are those that the caller itself is sending: it knows that they are not abandoned, whatever the clock says.
    """
    return _take_back(session, _abandoned, now, but)


def take_back_all(session: Session, now: datetime) -> None:
    """Make every claimed delivery due again, for a process that knows that nobody else is sending."""
    while _take_back(session, _sending, now):
        pass


def _take_back(session: Session, which: ColumnElement[bool], now: datetime, but: Collection[str] = ()) -> int:
    ids = [each for each in _free(session, which, now) if each not in but]
    if not ids:
        return 0
    free, died = deliveries.c.id.in_(ids), deliveries.c.crashes + 1 >= MOST_CRASHES
    released = {"claim_id": None, "lease_until": None, "crashes": deliveries.c.crashes + 1}
    session.execute(
        update(deliveries)
        .where(free, died)
        .values(**released, state="failed", reason="worker died", next_attempt_at=None, finished_at=now)
    )
    session.execute(
        update(deliveries)
        .where(free, _sending)
        .values(**released, state="retrying", attempt=deliveries.c.attempt - 1, next_attempt_at=now)
    )
    return len(ids)


def expire(session: Session, now: datetime) -> int:
    """Give up deliveries that are past their expiry, due or not: a late reminder is worse than none. At most 500."""
    return _put_aside(session, _free(session, _expired, now), "expired", "its time had passed", now)


def skip(session: Session, endpoint_ids: Collection[str], reason: str, now: datetime) -> int:
    """Give up what waits for these endpoints, at most 500 at once."""
    found = _free(session, and_(_waiting, deliveries.c.endpoint_id.in_(sorted(endpoint_ids))), now)
    return _put_aside(session, found, "skipped", reason, now)


def skip_all(session: Session, endpoint_id: str, reason: str, now: datetime) -> None:
    """Give up all that waits for an endpoint."""
    _set_aside(session, and_(_waiting, deliveries.c.endpoint_id == endpoint_id), "skipped", reason, now)


def put_aside(session: Session, ids: Collection[str], state: str, reason: str, now: datetime) -> None:
    """End deliveries without another attempt."""
    _put_aside(session, sorted(ids), state, reason, now)


def _put_aside(session: Session, ids: Sequence[str], state: str, reason: str, now: datetime) -> int:
    if ids:
        _set_aside(session, deliveries.c.id.in_(ids), state, reason, now)
    return len(ids)


def _set_aside(session: Session, which: ColumnElement[bool], state: str, reason: str, now: datetime) -> None:
    session.execute(
        update(deliveries)
        .where(which)
        .values(state=state, reason=reason, next_attempt_at=None, finished_at=now)
    )  # fmt: skip


def hold_back(session: Session, endpoint_ids: Collection[str], now: datetime) -> None:
    """Let what is due to paused endpoints wait without being due. What comes due later keeps its time."""
    mine = deliveries.c.endpoint_id.in_(sorted(endpoint_ids))
    due = deliveries.c.next_attempt_at <= now
    session.execute(update(deliveries).where(_waiting, mine, due).values(next_attempt_at=None))


def let_go(session: Session, endpoint_id: str, now: datetime) -> None:
    """Make due what came due while the endpoint was paused."""
    held_back = (deliveries.c.endpoint_id == endpoint_id, deliveries.c.next_attempt_at.is_(None))
    session.execute(update(deliveries).where(_waiting, *held_back).values(next_attempt_at=now))


def _free(session: Session, which: ColumnElement[bool], now: datetime) -> Sequence[str]:
    """Some of these that nobody else holds, locked: whoever stands still with a row must not make the others wait."""
    wanted = select(deliveries.c.id).where(which).limit(WINDOW).with_for_update(skip_locked=True)
    return session.execute(wanted, {"now": now}).scalars().all()


def take(session: Session, ids: Collection[str], claim_id: str, lease_until: datetime) -> None:
    """Claim deliveries that are locked: from now on whoever holds `claim_id` is sending them."""
    _TAKE.execute(session, [{"id": each} for each in ids], claimed_under=claim_id, until=lease_until)


def finish(session: Session, finished: Sequence[Finish]) -> None:
    """Write what came of deliveries. One that is no longer ours keeps its state; its attempt is listed, unless it was
    deleted with its account while it was being sent."""
    # In one order, so that two workers that finish the same ones do not wait for each other.
    rows = sorted(finished, key=lambda each: each.delivery_id)
    _FINISH.execute(session, [_row(each) for each in rows])
    _LIST.execute(session, [each.attempt for each in rows])


def _row(finish: Finish) -> Mapping[str, Any]:
    return {
        "id": finish.delivery_id,
        "claim_id": finish.claim_id,
        "state": finish.state,
        "reason": finish.reason,
        "next_attempt_at": finish.next_attempt_at,
        "finished_at": finish.finished_at,
    }


_ENDED = ("state", "reason", "next_attempt_at", "finished_at")


def _take(given: Given) -> Executable:
    taken = {
        "state": "sending",
        "claim_id": bindparam("claimed_under"),
        "lease_until": bindparam("until", type_=deliveries.c.lease_until.type),
        "attempt": deliveries.c.attempt + 1,
    }
    return update(deliveries).where(deliveries.c.id.in_(select(given["id"]))).values(taken)


def _finish(given: Given) -> Executable:
    ours = (deliveries.c.id == given["id"], deliveries.c.claim_id == given["claim_id"])
    ended = {name: given[name] for name in _ENDED}
    return update(deliveries).where(*ours).values({**ended, "claim_id": None, "lease_until": None})


def _list(given: Given) -> Executable:
    still_there = exists().where(deliveries.c.id == given["delivery_id"])
    rows = select(*given.values()).where(still_there)
    return insert(attempts).from_select([*given], rows)


_TAKE = Batch((deliveries.c.id,), _take)
_FINISH = Batch([deliveries.c[name] for name in ("id", "claim_id", *_ENDED)], _finish)
_LIST = Batch(attempts.columns.values(), _list)


def listed(session: Session, attempt_ids: Sequence[str]) -> frozenset[str]:
    """Those of these attempts that are written down."""
    return frozenset(session.execute(select(attempts.c.id).where(attempts.c.id.in_(attempt_ids))).scalars())
