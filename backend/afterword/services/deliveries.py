"""The delivery log: what was sent where, what came back, and what is still to come."""

from __future__ import annotations

from collections.abc import Sequence

from afterword.errors import NotFound
from afterword.storage import deliveries as stored
from afterword.storage.database import Session
from afterword.storage.deliveries import Attempt, Delivery, Filter


def find(session: Session, account_id: str, delivery_id: str) -> tuple[Delivery, Sequence[Attempt]]:
    """One delivery with each of its attempts."""
    found = stored.find(session, account_id, delivery_id)
    if found is None:
        raise NotFound.of("delivery", delivery_id)
    return found, stored.attempts_of(session, account_id, delivery_id)


def listed(session: Session, account_id: str, wanted: Filter, before: str | None, limit: int) -> list[Delivery]:
    """Newest first."""
    return stored.page(session, account_id, wanted, before, limit)
