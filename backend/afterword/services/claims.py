"""Taking deliveries out of the queue: what is due, in fair turns, and to no endpoint more than it may bear."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from afterword.formats.webhook_event import TEST
from afterword.services import subscriptions, webhook_secrets
from afterword.services.fair_shares import Demand, fair_shares
from afterword.storage import outbox
from afterword.storage.database import Session
from afterword.storage.due_deliveries import Waiting, oldest_due
from afterword.storage.identifiers import new_id
from afterword.storage.outbox import Destination

LEASE = timedelta(seconds=60)
MOST_IN_FLIGHT_PER_ENDPOINT = 4


@dataclass(frozen=True, slots=True)
class Room:
    """How many more requests may be begun, and how many of these may be retries: the rest is for first attempts."""

    slots: int
    for_retries: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """One delivery that is ours to send until the lease ends. `attempt` is the number of this try, from 1."""

    id: str
    account_id: str
    endpoint_id: str
    event_id: str
    claim_id: str
    attempt: int
    replay: int
    url: str
    secrets: Sequence[str]
    headers: Mapping[str, str]
    payload: Mapping[str, Any]
    expires_at: datetime | None


def claim(
    session: Session, now: datetime, room: Room, on_their_way: Collection[str] = (), *, stale: bool = True
) -> list[Claimed]:
    """Deliveries to send now. What is past its time, abandoned or not wanted any more is put aside first.

    That nothing is `stale` who has just looked may say. What the caller is sending already is `on_their_way`.
    """
    if stale:
        outbox.take_back_abandoned(session, now, on_their_way)
        outbox.expire(session, now)
    open_to = _sorted_out(session, outbox.destinations(session, now), now)
    return _taken(session, open_to, _due(session, open_to, now, room), now)


def claim_suspect(session: Session, now: datetime) -> list[Claimed]:
    """One delivery that may have killed its senders, to be sent with nothing beside it; or none."""
    open_to = _sorted_out(session, outbox.destinations(session, now, suspected=True), now)
    for endpoint_id in open_to:
        waiting = oldest_due(session, {endpoint_id: 1}, now, suspected=True)
        if waiting:
            return _taken(session, open_to, waiting, now)
    return []


def _sorted_out(session: Session, found: Sequence[Destination], now: datetime) -> dict[str, Destination]:
    """Those that may be sent to, by id; what waits for the others is put aside or held back."""
    disabled = [each.id for each in found if not each.enabled]
    paused = [each.id for each in found if each.enabled and each.paused]
    if disabled:
        outbox.skip(session, disabled, "endpoint disabled", now)
    if paused:
        outbox.hold_back(session, paused, now)
    return {each.id: each for each in found if each.enabled and not each.paused}


def _due(session: Session, open_to: Mapping[str, Destination], now: datetime, room: Room) -> list[Waiting]:
    busy = outbox.in_flight(session)
    demands = [Demand(each.id, each.account_id, _cap(each, now) - busy[each.id]) for each in open_to.values()]
    chosen = fair_shares(demands, busy, room.slots)
    locked = outbox.lock_endpoints(session, chosen)
    # Counted again: another worker may have begun requests before we had the endpoints' turn.
    busy = outbox.in_flight(session)
    shares = {each: min(chosen[each], _cap(open_to[each], now) - busy[each]) for each in chosen if each in locked}
    found = oldest_due(
        session,
        {each: share for each, share in shares.items() if share > 0},
        now,
        retries=room.for_retries > 0,
    )
    retries = [each for each in found if each.state == "retrying"]
    return [each for each in found if each.state != "retrying"] + retries[: room.for_retries]


def _cap(endpoint: Destination, now: datetime) -> int:
    careful = endpoint.careful_until is not None and endpoint.careful_until > now
    return 1 if careful else MOST_IN_FLIGHT_PER_ENDPOINT


def _taken(
    session: Session, open_to: Mapping[str, Destination], waiting: Sequence[Waiting], now: datetime
) -> list[Claimed]:
    late = [each for each in waiting if each.expires_at is not None and each.expires_at <= now]
    unwanted = [each for each in waiting if each not in late and not _is_wanted(each, open_to[each.endpoint_id])]
    outbox.put_aside(session, [each.id for each in late], "expired", "its time had passed", now)
    outbox.put_aside(session, [each.id for each in unwanted], "skipped", "no longer subscribed", now)
    aside = {each.id for each in (*late, *unwanted)}
    taken = [each for each in waiting if each.id not in aside]
    if not taken:
        return []
    claim_id = new_id("clm")
    outbox.take(session, [each.id for each in taken], claim_id, now + LEASE)
    return [_claimed(each, open_to[each.endpoint_id], claim_id, now) for each in taken]


def _is_wanted(waiting: Waiting, endpoint: Destination) -> bool:
    # What was asked for by hand is wanted, whatever the filter says.
    return waiting.replay > 0 or waiting.event_type == TEST or subscriptions.wants(endpoint, waiting)


def _claimed(waiting: Waiting, endpoint: Destination, claim_id: str, now: datetime) -> Claimed:
    return Claimed(
        id=waiting.id,
        account_id=waiting.account_id,
        endpoint_id=waiting.endpoint_id,
        event_id=waiting.event_id,
        claim_id=claim_id,
        attempt=waiting.attempt + 1,
        replay=waiting.replay,
        url=endpoint.url,
        secrets=webhook_secrets.live(endpoint.secrets, endpoint.former_secrets, now),
        headers=endpoint.headers,
        payload=waiting.payload,
        expires_at=waiting.expires_at,
    )
