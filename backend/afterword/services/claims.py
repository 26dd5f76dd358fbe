"""Taking deliveries out of the queue: what is due, in fair turns, and to no endpoint more than it may bear."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from afterword.formats.webhook_event import TEST
from afterword.services import subscriptions, webhook_secrets
from afterword.services.fair_shares import Demand, fair_shares
from afterword.storage import destinations, outbox
from afterword.storage.database import Session
from afterword.storage.destinations import Candidate, Destination, cap
from afterword.storage.due_deliveries import Waiting, oldest_due
from afterword.storage.identifiers import new_id

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Room:
    """How many more requests may be begun, and how many of these may be retries: the rest is for first attempts."""

    slots: int
    for_retries: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """One delivery that is ours to send until `lease_until`. `attempt` is the number of this try, from 1."""

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
    envelope: str
    expires_at: datetime | None
    lease_until: datetime

    def is_too_late(self, now: datetime) -> bool:
        """Whether it may not be sent any more: it may be somebody else's by now, or its time has passed."""
        return now >= self.lease_until or (self.expires_at is not None and now >= self.expires_at)


def claim(
    session: Session, now: datetime, room: Room, on_their_way: Collection[str] = (), *, stale: bool = True
) -> list[Claimed]:
    """Deliveries to send now. What is past its time, abandoned or not wanted any more is put aside first.

    That nothing is `stale` who has just looked may say. What the caller is sending already is `on_their_way`.
    """
    if stale:
        outbox.take_back_abandoned(session, now, on_their_way)
        outbox.expire(session, now)
    taken, retries_left = _round(session, now, room.slots, room.for_retries)
    if retries_left and len(taken) < room.slots:
        # The slots that retries may not have are for first attempts, to whatever endpoint they go.
        taken += _round(session, now, room.slots - len(taken), for_retries=0)[0]
    return taken


def claim_suspect(session: Session, now: datetime) -> list[Claimed]:
    """One delivery that may have killed its senders, to be sent with nothing beside it; or none."""
    found = destinations.candidates(session, now, suspected=True)
    open_to = _open_among(session, [each.id for each in found], now)
    for endpoint_id in open_to:
        waiting = oldest_due(session, {endpoint_id: 1}, now, suspected=True)
        if waiting:
            return _taken(session, open_to, waiting, now)
    return []


def _round(session: Session, now: datetime, slots: int, for_retries: int) -> tuple[list[Claimed], bool]:
    """What is claimed, and whether there were more retries than there was room for."""
    found = destinations.candidates(session, now, retries=for_retries > 0)
    chosen = _chosen(session, [each for each in found if each.enabled and not each.paused], slots, now)
    closed = [each.id for each in found if each.paused or not each.enabled]
    open_to = _open_among(session, [*chosen, *closed], now)
    # Counted again: another worker may have begun requests before we had the endpoints' turn.
    busy = destinations.in_flight(session).by_endpoint
    shares = {each: min(chosen.get(each, 0), cap(open_to[each].careful_until, now) - busy[each]) for each in open_to}
    wanted = {each: share for each, share in shares.items() if share > 0}
    waiting = oldest_due(session, wanted, now, retries=for_retries > 0)
    retries = [each for each in waiting if each.state == "retrying"]
    first = [each for each in waiting if each.state != "retrying"]
    return _taken(session, open_to, first + retries[:for_retries], now), len(retries) > for_retries


def _chosen(session: Session, found: Sequence[Candidate], slots: int, now: datetime) -> dict[str, int]:
    busy = destinations.in_flight(session)
    demands = [
        Demand(each.id, each.account_id, cap(each.careful_until, now) - busy.by_endpoint[each.id]) for each in found
    ]
    return fair_shares(demands, busy.by_endpoint, busy.by_account, slots)


def _open_among(session: Session, endpoint_ids: Sequence[str], now: datetime) -> dict[str, Destination]:
    """Those that may be sent to, locked; what waits for the others is put aside or held back."""
    found = destinations.lock(session, endpoint_ids)
    disabled = [each.id for each in found.values() if not each.enabled]
    paused = [each.id for each in found.values() if each.enabled and each.paused]
    if disabled:
        outbox.skip(session, disabled, "endpoint disabled", now)
    if paused:
        outbox.hold_back(session, paused, now)
    return {each.id: each for each in found.values() if each.enabled and not each.paused}


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
        secrets=webhook_secrets.live(endpoint.secrets, endpoint.former_secrets or (), now),
        headers=endpoint.headers or {},
        envelope=waiting.envelope,
        expires_at=waiting.expires_at,
        lease_until=now + LEASE,
    )
