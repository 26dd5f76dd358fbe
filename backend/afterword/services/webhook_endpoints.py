"""Webhook endpoints: made with a secret that is shown once, found by their URL, taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from afterword.config import IpNetwork
from afterword.delivery.url_guard import AddressRefused, check_url
from afterword.errors import Conflict, InvalidInput, NotFound
from afterword.formats.standard_webhook import USUAL_SECRET_BYTES, key_of, secret_of
from afterword.storage import webhook_endpoints as stored
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id
from afterword.storage.webhook_endpoints import WebhookEndpoint

MOST_ENDPOINTS = 100


def create(
    session: Session,
    account_id: str,
    values: Mapping[str, Any],
    random_bytes: Callable[[int], bytes],
    now: datetime,
) -> tuple[WebhookEndpoint, str]:
    """The endpoint and its secret. Another one with the same URL stays as it is: each has its own secret.

    The URL has passed `require_reachable` before: looking up a name takes longer than a transaction should be open.
    """
    if stored.count(session, account_id) >= MOST_ENDPOINTS:
        raise Conflict(f"The account has {MOST_ENDPOINTS} endpoints, which is the most. Delete one first.")
    secret = _sound_secret(values.get("secret")) or secret_of(random_bytes(USUAL_SECRET_BYTES))
    identifier = new_id("whe")
    row = {
        "id": identifier,
        "account_id": account_id,
        "url": values["url"],
        "description": values.get("description"),
        "event_types": values.get("event_types"),
        "secrets": [secret],
        "enabled": True,
        "created_at": now,
        "updated_at": now,
    }
    stored.add(session, row)
    return find(session, account_id, identifier), secret


def find(session: Session, account_id: str, endpoint_id: str) -> WebhookEndpoint:
    found = stored.find(session, account_id, endpoint_id)
    if found is None:
        raise NotFound.of("webhook endpoint", endpoint_id)
    return found


def listed(session: Session, account_id: str, url: str | None, after: str | None, limit: int) -> list[WebhookEndpoint]:
    return stored.page(session, account_id, url, after, limit)


def remove(session: Session, account_id: str, endpoint_id: str) -> None:
    """Take an endpoint away, with what was still to be sent to it."""
    find(session, account_id, endpoint_id)
    stored.remove(session, account_id, endpoint_id)


def require_reachable(url: str, allowed: Sequence[IpNetwork]) -> None:
    """Refuse a URL that the server may not be sent to."""
    try:
        check_url(url, allowed)
    except AddressRefused as refused:
        raise InvalidInput.at("url", str(refused)) from None


def _sound_secret(secret: str | None) -> str | None:
    if secret is None:
        return None
    try:
        key_of(secret)
    except ValueError as unsound:
        raise InvalidInput.at("secret", str(unsound)) from None
    return secret
