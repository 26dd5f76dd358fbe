"""What attempts say of their endpoints: it is noted as their health, and may be reason to give them up.

What was answered at a former URL says nothing of the present one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from afterword.services import endpoint_health, webhook_endpoints
from afterword.services.endpoint_health import Outcome
from afterword.storage import planned
from afterword.storage import webhook_endpoints as stored
from afterword.storage.database import Session


class Place(NamedTuple):
    """Where attempts were made."""

    account_id: str
    endpoint_id: str
    url: str

    @property
    def endpoint(self) -> tuple[str, str]:
        """As its health is found."""
        return (self.endpoint_id, self.url)


@dataclass(frozen=True, slots=True)
class Useless:
    """An endpoint that these attempts, or all that went before them, give reason to give up."""

    place: Place
    outcomes: Sequence[Outcome]


def judge(session: Session, outcomes: Mapping[Place, Sequence[Outcome]], now: datetime) -> list[Useless]:
    """Note how endpoints are doing; which of them `give_up` is to be asked for."""
    failed = {place.endpoint_id for place, told in outcomes.items() if not all(each.answer.succeeded for each in told)}
    well = {place.endpoint_id for place in outcomes} - failed
    # Of one that is well, and was before, there is nothing to note.
    before = stored.health(session, well, ailing=True) | (stored.health(session, failed) if failed else {})
    known = {place: before[place.endpoint] for place in outcomes if place.endpoint in before}
    after = {place: endpoint_health.after(health, outcomes[place]) for place, health in known.items()}
    changed = [place for place in after if after[place] != known[place]]
    # Read again, now that nobody else can write them: another worker may have had another answer meanwhile.
    fresh = stored.health(session, [place.endpoint_id for place in changed], locked=True) if changed else {}
    for place in changed:
        if place.endpoint in fresh:
            after[place] = endpoint_health.after(fresh[place.endpoint], outcomes[place])
            stored.note_health(session, place.endpoint_id, after[place])
    return [
        Useless(place, outcomes[place])
        for place, health in after.items()
        if endpoint_health.reason_to_give_up(health, outcomes[place], now)
    ]


def give_up(session: Session, useless: Useless, now: datetime) -> bool:
    """Disable it, if there is still reason to, and tell the account. Whether that is settled: a busy account is not
    waited for, because others' results would wait too."""
    place = useless.place
    if place.endpoint not in stored.health(session, [place.endpoint_id]):
        return True
    if not planned.try_to_lock_account(session, place.account_id):
        return False
    health = stored.health(session, [place.endpoint_id], locked=True).get(place.endpoint)
    reason = health and endpoint_health.reason_to_give_up(health, useless.outcomes, now)
    if reason:
        webhook_endpoints.give_up_on(session, place.account_id, place.endpoint_id, reason, now)
    return True
