"""The delivery log: what was sent where, what came back, and what is still to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from afterword.errors import NotFound
from afterword.formats.webhook_event import with_links
from afterword.storage import deliveries as stored
from afterword.storage.database import Session
from afterword.storage.deliveries import Attempt, Delivery, Filter

#: One that is never replayed has ten at most.
MOST_ATTEMPTS = 100


def find(session: Session, account_id: str, delivery_id: str) -> Delivery:
    found = stored.find(session, account_id, delivery_id)
    if found is None:
        raise NotFound.of("delivery", delivery_id)
    return found


def attempts(session: Session, delivery: Delivery, account_id: str) -> Sequence[Attempt]:
    """Its newest tries, first to last."""
    return stored.attempts_of(session, account_id, delivery.id, MOST_ATTEMPTS)


def payload(session: Session, delivery: Delivery, account_id: str, public_url: str | None) -> Mapping[str, Any]:
    """What is sent, the same on every attempt."""
    return with_links(stored.payload(session, account_id, delivery.event_id), public_url)


def listed(session: Session, account_id: str, wanted: Filter, before: str | None, limit: int) -> list[Delivery]:
    """Newest first."""
    return stored.page(session, account_id, wanted, before, limit)
