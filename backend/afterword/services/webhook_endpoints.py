"""Webhook endpoints: made with a secret that is shown once, changed, paused, given up and taken away."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from afterword.config import IpNetwork
from afterword.delivery.lookups import Lookups
from afterword.delivery.url_guard import AddressRefused, Guard, check_url
from afterword.errors import Conflict, InvalidInput, NotFound
from afterword.formats.standard_webhook import USUAL_SECRET_BYTES, key_of, secret_of
from afterword.services import events, webhook_headers, webhook_secrets
from afterword.services.events import Occurrence
from afterword.storage import opportunities, outbox, planned
from afterword.storage import webhook_endpoints as stored
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id
from afterword.storage.webhook_endpoints import WebhookEndpoint

MOST_ENDPOINTS = 1_000
BY_ITS_OWNER = "disabled by its owner"
DELETED = "endpoint deleted"
UNTRIED = {"failing_since": None, "exhausted_in_a_row": 0, "careful_until": None}
#: What an endpoint that is switched on again has behind it.
WELL = {"disabled_reason": None, "disabled_at": None, **UNTRIED}

RandomBytes = Callable[[int], bytes]


def create(
    session: Session, account_id: str, values: Mapping[str, Any], random_bytes: RandomBytes, now: datetime
) -> tuple[WebhookEndpoint, str]:
    """The endpoint and its secret. Another one with the same URL stays as it is: each has its own secret.

    The URL has passed `require_reachable` before: looking up a name takes longer than a transaction should be open.
    """
    planned.lock_account(session, account_id)
    if stored.count(session, account_id) >= MOST_ENDPOINTS:
        raise Conflict(f"The account has {MOST_ENDPOINTS} endpoints, which is the most. Delete one first.")
    secret = _sound_secret(values.get("secret")) or secret_of(random_bytes(USUAL_SECRET_BYTES))
    identifier = new_id("whe")
    given = {name: value for name, value in values.items() if name != "secret"}
    webhook_headers.require_sound(given.get("headers"))
    _require_own_opportunities(session, account_id, given.get("opportunity_ids"))
    row = {
        **given,
        "id": identifier,
        "account_id": account_id,
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


def find_even_deleted(session: Session, account_id: str, endpoint_id: str) -> WebhookEndpoint:
    """The endpoint, though it may have been taken away: nothing is sent to such a one."""
    found = stored.find(session, account_id, endpoint_id, even_deleted=True)
    if found is None:
        raise NotFound.of("webhook endpoint", endpoint_id)
    return found


def listed(session: Session, account_id: str, url: str | None, after: str | None, limit: int) -> list[WebhookEndpoint]:
    return stored.page(session, account_id, url, after, limit)


def change(
    session: Session, account_id: str, endpoint_id: str, values: Mapping[str, Any], now: datetime
) -> WebhookEndpoint:
    """Change what is given and nothing else. What waits for it follows: held back, let go or skipped."""
    planned.lock_account(session, account_id)
    before = find(session, account_id, endpoint_id)
    webhook_headers.require_sound(values.get("headers"))
    _require_own_opportunities(session, account_id, values.get("opportunity_ids"))
    switched = _switched(before, values, now)
    stored.change(session, account_id, endpoint_id, {**values, **switched}, now)
    after = find(session, account_id, endpoint_id)
    if before.enabled and not after.enabled:
        outbox.skip_all(session, endpoint_id, "endpoint disabled", now)
    if after.paused and not before.paused:
        outbox.hold_back(session, (endpoint_id,), now)
    if before.paused and not after.paused:
        outbox.let_go(session, endpoint_id, now)
    return after


def _switched(before: WebhookEndpoint, values: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    enabled = values.get("enabled", before.enabled)
    if enabled != before.enabled:
        return WELL if enabled else {"disabled_reason": BY_ITS_OWNER, "disabled_at": now}
    # What a former place has done is no fault of the new one.
    return UNTRIED if values.get("url", before.url) != before.url else {}


def rotate_secret(
    session: Session,
    account_id: str,
    endpoint_id: str,
    secret: str | None,
    overlap: timedelta,
    random_bytes: RandomBytes,
    now: datetime,
) -> tuple[WebhookEndpoint, str]:
    """Put a new secret in the place of the present one, which goes on signing beside it for the overlap."""
    planned.lock_account(session, account_id)
    before = find(session, account_id, endpoint_id)
    fresh = _sound_secret(secret) or secret_of(random_bytes(USUAL_SECRET_BYTES))
    if fresh in webhook_secrets.live(before.secrets, before.former_secrets or (), now):
        raise InvalidInput.at("secret", "is one of the endpoint's secrets already; leave it out to be given a new one")
    former = webhook_secrets.retired(before.secrets, before.former_secrets or (), now, now + overlap)
    stored.change(session, account_id, endpoint_id, {"secrets": [fresh], "former_secrets": former}, now)
    return find(session, account_id, endpoint_id), fresh


def send_test(session: Session, account_id: str, endpoint_id: str, now: datetime) -> str:
    """Have a test event sent there; the id of its delivery."""
    planned.lock_account(session, account_id)
    found = find(session, account_id, endpoint_id)
    if not found.enabled or found.paused:
        wanted = "paused to false" if found.enabled else "enabled to true"
        raise Conflict(f"Nothing is sent to the endpoint at present. Set {wanted} first.")
    return events.record_test(session, account_id, endpoint_id, now)


def remove(session: Session, account_id: str, endpoint_id: str, now: datetime) -> None:
    """Take an endpoint away; what was still to be sent to it is skipped, and its log is kept as long as any."""
    planned.lock_account(session, account_id)
    find(session, account_id, endpoint_id)
    gone = {"enabled": False, "disabled_reason": DELETED, "disabled_at": now, "deleted_at": now, "secrets": []}
    stored.change(session, account_id, endpoint_id, {**gone, "former_secrets": None, "headers": None}, now)
    outbox.skip_all(session, endpoint_id, DELETED, now)


def was_removed(session: Session, account_id: str, endpoint_id: str) -> bool:
    """Whether the account took it away before, so that to do it again is no mistake."""
    return stored.is_deleted(session, account_id, endpoint_id)


def give_up_on(session: Session, account_id: str, endpoint_id: str, reason: str, now: datetime) -> None:
    """Disable an endpoint that is of no use, skip what waits for it, and tell the account; nothing if it was before."""
    planned.lock_account(session, account_id)
    found = stored.find(session, account_id, endpoint_id)
    if found is None or not found.enabled:
        return
    values = {"enabled": False, "disabled_reason": reason, "disabled_at": now}
    stored.change(session, account_id, endpoint_id, values, now)
    outbox.skip_all(session, endpoint_id, "endpoint disabled", now)
    endpoint = {"id": found.id, "url": found.url, "description": found.description, "reason": reason}
    events.record(session, account_id, (Occurrence("endpoint.disabled", endpoint=endpoint),), now)


async def require_reachable(url: str, allowed: Sequence[IpNetwork], own_url: str | None, lookups: Lookups) -> None:
    """Refuse a URL that the server may not be sent to, its own among them. Holds no thread while it is looked up."""
    try:
        await check_url(url, Guard.of(allowed, own_url), lookups)
    except AddressRefused as refused:
        raise InvalidInput.at("url", str(refused)) from None


def _require_own_opportunities(session: Session, account_id: str, ids: Collection[str] | None) -> None:
    """Refuse a filter that nothing would ever pass, because nobody here knows what it names."""
    known = opportunities.existing(session, account_id, ids or ())
    for unknown in (each for each in ids or () if each not in known):
        raise NotFound.of("opportunity", unknown)


def _sound_secret(secret: str | None) -> str | None:
    if secret is None:
        return None
    try:
        key_of(secret)
    except ValueError as unsound:
        raise InvalidInput.at("secret", f"{unsound}; leave it out to be given one") from None
    return secret
