"""Doing a request once: its answer is kept for a day and given again to the same request."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from afterword.errors import IdempotencyMismatch, IdempotencyRunning
from afterword.storage import idempotency as stored
from afterword.storage.database import Session
from afterword.storage.idempotency import KeptAnswer

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Request:
    """What makes two requests the same: account, route and key; and its body, which must then be the same too."""

    account_id: str
    route: str
    key: str
    body_hash: str


def earlier_answer(session: Session, request: Request, now: datetime) -> KeptAnswer | None:
    """The answer that was given before, if one was."""
    if not stored.try_lock(session, request.account_id, request.route, request.key):
        raise running(request.key)
    stored.forget_before(session, request.account_id, now - KEPT_FOR)
    known = stored.find(session, request.account_id, request.route, request.key)
    if known and known.body_hash != request.body_hash:
        raise IdempotencyMismatch(
            f"Idempotency-Key {request.key} came with another body before. Use a new key for a new request."
        )
    return known


def keep(session: Session, request: Request, status: int, headers: dict[str, str], body: str, now: datetime) -> None:
    made = {"status": status, "headers": headers, "body": body, "created_at": now}
    stored.keep(session, {**asdict(request), **made})


def running(key: str) -> IdempotencyRunning:
    return IdempotencyRunning(f"A request with Idempotency-Key {key} is being answered. Ask again in a moment.")
