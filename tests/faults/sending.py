"""What the faults are done to: senders on a clock that a test moves, and the log that must agree with the ledger."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, select, update

from afterword import clock
from afterword.services import events
from afterword.services.events import Occurrence
from afterword.storage.database import Database
from afterword.storage.tables import attempts, deliveries, webhook_endpoints
from afterword.worker.sender import Sender
from faults.host import Call, Host
from support.recorded import Recorded
from worker.test_sender import ON_LOOPBACK, eventually

__all__ = ["MovedClock", "Subscribed", "disagreements", "eventually", "sending"]
SECOND = timedelta(seconds=1)


class MovedClock:
    """The present, as far from ours as it has been moved."""

    def __init__(self, at: datetime | None = None) -> None:
        self._ahead = at - clock.now() if at else timedelta(0)

    def __call__(self) -> datetime:
        return clock.now() + self._ahead

    def move(self, by: timedelta) -> None:
        self._ahead += by

    def move_to(self, at: datetime) -> None:
        self._ahead = at - clock.now()


@contextmanager
def sending(database: Database, now: MovedClock, deadline_seconds: float | None = None) -> Iterator[Sender]:
    """One sender, without jitter."""
    sender = Sender(database, now, ON_LOOPBACK, None, jitter=lambda: 0.0, deadline_seconds=deadline_seconds)
    sender.start()
    try:
        yield sender
    finally:
        sender.stop()


@dataclass(frozen=True)
class Subscribed:
    """One endpoint of one account, at one path of a host."""

    mine: Recorded
    id: str
    path: str

    @classmethod
    def at(cls, mine: Recorded, host: Host, path: str, event_types: list[str] | None = None) -> Subscribed:
        return cls(mine, mine.subscribe(host.url(path), event_types), path)

    @classmethod
    def alone(cls, database: Database, host: Host, path: str) -> Subscribed:
        """In an account of its own."""
        return cls.at(Recorded.in_(database), host, path)

    def happen(self, count: int, now: datetime, kind: str = "opportunity.updated") -> None:
        """So many events of the account."""
        with self.mine.database.write() as session:
            events.record(session, self.mine.account_id, [Occurrence(kind)] * count, now)

    def deliveries(self) -> list[Row[Any]]:
        return [row for row in self.mine.deliveries() if row.endpoint_id == self.id]

    def states(self) -> Counter[str]:
        return Counter(row.state for row in self.deliveries())

    def attempts(self) -> list[Row[Any]]:
        """Each try, in the order of its beginning."""
        mine = deliveries.c.endpoint_id == self.id
        wanted = select(attempts).join(deliveries, attempts.c.delivery_id == deliveries.c.id).where(mine)
        with self.mine.database.read() as session:
            return list(session.execute(wanted.order_by(attempts.c.started_at)).all())

    def row(self) -> Row[Any]:
        with self.mine.database.read() as session:
            return session.execute(select(webhook_endpoints).where(webhook_endpoints.c.id == self.id)).one()

    def next_attempts(self) -> list[datetime]:
        """When what waits is due, soonest first."""
        return sorted(row.next_attempt_at for row in self.deliveries() if row.next_attempt_at)

    def expire_at(self, at: datetime) -> None:
        """Let what waits expire then."""
        waiting = update(deliveries).where(deliveries.c.endpoint_id == self.id)
        with self.mine.database.write() as session:
            session.execute(waiting.values(expires_at=at))


def disagreements(database: Database, host: Host, late_at: Collection[str] = ()) -> list[str]:
    """What the log of the database and the ledger of the host say differently.

    At the paths of `late_at` an answer may have been given after nobody waited for it any more.
    """
    with database.read() as session:
        joined = deliveries.join(webhook_endpoints, webhook_endpoints.c.id == deliveries.c.endpoint_id)
        delivered = session.execute(select(deliveries, webhook_endpoints.c.url).select_from(joined)).all()
        tried = session.execute(select(attempts).order_by(attempts.c.started_at)).all()
    by_delivery: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for attempt in tried:
        by_delivery[attempt.delivery_id].append(attempt)
    found = [*_unsound(host.ledger)]
    for delivery in delivered:
        found += _differences(delivery, by_delivery[delivery.id], host, late_at)
    known = {row.event_id for row in delivered}
    return found + [
        f"{call.id} came to {call.path} and is not in the log" for call in host.ledger if call.id not in known
    ]


def _unsound(ledger: Sequence[Call]) -> Iterator[str]:
    bodies: defaultdict[str, set[str]] = defaultdict(set)
    for call in ledger:
        bodies[call.id].add(call.digest)
        if not call.verified:
            yield f"{call.id} came to {call.path} with a signature that does not verify"
    yield from (f"{id} came with {len(different)} bodies" for id, different in bodies.items() if len(different) > 1)


def _differences(
    delivery: Row[Any], tried: Sequence[Row[Any]], host: Host, late_at: Collection[str]
) -> Iterator[str]:  # fmt: skip
    name = f"{delivery.event_id} ({delivery.state})"
    # An earlier release did not note where it sent to.
    paths = {urlsplit(attempt.url or delivery.url).path for attempt in tried}
    calls = [call for call in host.ledger if call.id == delivery.event_id and call.path in paths]
    logged = Counter(attempt.status_code for attempt in tried if attempt.status_code)
    said = Counter(call.answered for call in calls if call.answered and call.path not in late_at)
    heard = Counter(call.answered for call in calls if call.answered)
    if logged - heard or said - logged:
        yield f"{name}: the host said {dict(heard)}, the log has {dict(logged)}"
    if len(calls) > len(tried):
        yield f"{name}: it came {len(calls)} times, the log has {len(tried)} attempts"
    now = [attempt for attempt in tried if attempt.replay == delivery.replay]
    succeeded = any(attempt.status_code and 200 <= attempt.status_code < 300 for attempt in now)
    if succeeded != (delivery.state == "delivered"):
        yield f"{name}: its attempts say otherwise"
    for call in calls:
        if call.sent_at < int(delivery.created_at.timestamp()):
            yield f"{name}: it came before it was due"
        if delivery.expires_at and call.sent_at >= delivery.expires_at.timestamp():
            yield f"{name}: it came after its time"
