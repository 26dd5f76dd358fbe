"""How long what happened is kept: thirty days, and then it goes in small steps, each a transaction of its own.

What there is to do is looked for in transactions that only read: nobody else can write on SQLite while one writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from afterword.storage import planned
from afterword.storage import retention as stored
from afterword.storage.database import Session

KEPT_FOR = timedelta(days=30)
#: Of one step. One event has as many deliveries as its account has endpoints.
MOST_EVENTS = 250
MOST_DELIVERIES = 500
MOST_OTHERS = 500


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What is forgotten beside the events, by its ids."""

    endpoints: Sequence[str]
    replays: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.endpoints or self.replays)


def accounts_to_do(session: Session, now: datetime, most: int) -> Sequence[str]:
    """Accounts that have events which are too old."""
    return stored.accounts_with_events(session, now - KEPT_FOR, most)


def forget_events(session: Session, account_id: str, now: datetime) -> bool:
    """Delete an account's first few events that are too old, with deliveries and attempts; whether there may be more.

    None while somebody else has the account: there will be another time.
    """
    if not planned.try_to_lock_account(session, account_id):
        return False
    forgotten = stored.forget_events(session, account_id, now - KEPT_FOR, MOST_EVENTS, MOST_DELIVERIES)
    return forgotten > 0


def leftovers(session: Session, now: datetime) -> Leftovers:
    before = now - KEPT_FOR
    endpoints = stored.deleted_endpoints(session, before, MOST_OTHERS)
    return Leftovers(endpoints, stored.finished_replays(session, before, MOST_OTHERS))


def forget_leftovers(session: Session, found: Leftovers) -> None:
    stored.forget_endpoints(session, found.endpoints)
    stored.forget_replays(session, found.replays)
