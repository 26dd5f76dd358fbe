"""Sending again what did not arrive: one delivery, some that were picked, or all that an endpoint missed since a time.

The last is done by the worker in steps. Each step moves the place up to which it has come in the transaction that puts
its deliveries back, so that a worker that dies half-way costs nothing and sends nothing twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from afterword.errors import Conflict, InvalidInput, NotFound
from afterword.formats.webhook_event import TEST
from afterword.services import retention, subscriptions, webhook_endpoints
from afterword.services.events import LIFE_WITHOUT_EXPIRY, delivery_row
from afterword.storage import deliveries, events, planned, replays
from afterword.storage.database import Session
from afterword.storage.deliveries import ENDED
from afterword.storage.identifiers import new_id
from afterword.storage.replays import Replay
from afterword.storage.webhook_endpoints import WebhookEndpoint

STEP = 200
#: What is asked for again lives as long as an event that has no expiry of its own: who asks knows that it is late.
LIFE = LIFE_WITHOUT_EXPIRY


def send_again(session: Session, account_id: str, delivery_ids: Collection[str], now: datetime) -> int:
    """Put deliveries back into the queue. How many: one that has not ended yet is on its way and left as it is."""
    planned.lock_account(session, account_id)
    known = deliveries.endpoints_of(session, account_id, delivery_ids)
    for each in delivery_ids:
        if each not in known:
            raise NotFound.of("delivery", each)
    _require_kept(session, account_id, delivery_ids, now)
    for endpoint_id in sorted(set(known.values())):
        _require_open(webhook_endpoints.find(session, account_id, endpoint_id))
    return deliveries.send_again(session, account_id, known, now, now + LIFE)


def begin(
    session: Session, account_id: str, endpoint_id: str, since: datetime, delivered_too: bool, now: datetime
) -> Replay:
    """Have the worker put back everything since an instant that the endpoint's filters let pass.

    Without `delivered_too`, only what has not been delivered, whether it was tried, or the endpoint was off then or not
    yet made. Tests are left out.
    """
    planned.lock_account(session, account_id)
    _require_open(webhook_endpoints.find(session, account_id, endpoint_id))
    if since > now:
        raise InvalidInput.at("since", "is in the future; name an instant that has passed")
    if since < now - retention.KEPT_FOR:
        kept = f"is more than {retention.KEPT_FOR.days} days ago, and no event is kept for longer; name a later instant"
        raise InvalidInput.at("since", kept)
    under_way = replays.running(session, account_id, endpoint_id)
    if under_way:
        raise Conflict(f"Replay {under_way.id} of this endpoint is under way. Wait until it is done.")
    first, last = deliveries.sequences_since(session, account_id, since) or (1, 0)
    identifier = new_id("rpl")
    begun = {"position": first - 1, "last_sequence": last, "queued": 0, "state": "running", "created_at": now}
    replays.add(
        session,
        {
            "id": identifier,
            "account_id": account_id,
            "endpoint_id": endpoint_id,
            "since": since,
            "delivered_too": delivered_too,
            **begun,
        },
    )
    return find(session, account_id, endpoint_id, identifier)


def find(session: Session, account_id: str, endpoint_id: str, replay_id: str) -> Replay:
    found = replays.find(session, account_id, endpoint_id, replay_id)
    if found is None:
        raise NotFound.of("replay", replay_id)
    return found


def step(session: Session, account_id: str, endpoint_id: str, replay_id: str, now: datetime) -> bool:
    """Put back the next few; whether there may be more to do. Whoever has the account now is not waited for."""
    if not planned.try_to_lock_account(session, account_id):
        return True
    replay = find(session, account_id, endpoint_id, replay_id)
    if replay.state == "done":
        return False
    endpoint = webhook_endpoints.find_even_deleted(session, account_id, endpoint_id)
    found: Sequence[Row[Any]] = ()
    if endpoint.enabled:
        found = deliveries.after_sequence(session, account_id, endpoint_id, replay.position, replay.last_sequence, STEP)
    queued = _put_back(session, replay, endpoint, found, now)
    more = len(found) == STEP
    values: dict[str, Any] = {"queued": replay.queued + queued}
    if found:
        values["position"] = found[-1].sequence
    if not more:
        values |= {"state": "done", "finished_at": now}
    replays.change(session, replay.id, values)
    return more


def _put_back(
    session: Session, replay: Replay, endpoint: WebhookEndpoint, found: Sequence[Row[Any]], now: datetime
) -> int:
    wanted = [row for row in found if _may_go(row, now) and subscriptions.wants(endpoint, row)]
    states = ENDED if replay.delivered_too else tuple(state for state in ENDED if state != "delivered")
    missed = [row for row in wanted if row.delivery_id is None]
    again = [row.delivery_id for row in wanted if row.state in states]
    due_at = None if endpoint.paused else now
    fresh = [_fresh(row, endpoint.id, now, due_at) for row in missed]
    events.insert_deliveries(session, fresh)
    deliveries.send_again(session, replay.account_id, again, now, now + LIFE)
    return len(fresh) + len(again)


def _may_go(row: Row[Any], now: datetime) -> bool:
    """Nobody missed the test of another endpoint, nor needs one of long ago; what is to be forgotten is not held up."""
    is_kept: bool = row.occurred_at >= now - retention.KEPT_FOR
    return is_kept and row.event_type != TEST


def _fresh(row: Row[Any], endpoint_id: str, now: datetime, due_at: datetime | None) -> dict[str, Any]:
    event = {"id": row.id, "account_id": row.account_id, "expires_at": now + LIFE}
    return {**delivery_row(event, endpoint_id, now, due_at), "replay": 1}


def _require_kept(session: Session, account_id: str, delivery_ids: Collection[str], now: datetime) -> None:
    """Receivers are told for how long the same event may come again; and what waits cannot be deleted."""
    of_older_events = deliveries.of_events_before(session, account_id, delivery_ids, now - retention.KEPT_FOR)
    for each in of_older_events:
        raise Conflict(
            f"What delivery {each} tells of happened more than {retention.KEPT_FOR.days} days ago, and is about to be "
            "deleted. Leave it out: nothing is sent again after so long."
        )


def _require_open(endpoint: WebhookEndpoint) -> None:
    if not endpoint.enabled:
        raise Conflict(f"Endpoint {endpoint.id} is disabled. Set enabled to true first; then replay what it missed.")
