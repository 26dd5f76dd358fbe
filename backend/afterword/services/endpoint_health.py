"""How an endpoint is doing: when it is sent to with care, and when it is given up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from afterword.delivery.answers import Answer
from afterword.storage.webhook_endpoints import Health

GONE = 410
#: What says that it has too much to do. No answer in time says so too.
OVERBURDENED = frozenset({429, 502, 503, 504})
CAREFUL_FOR = timedelta(minutes=1)
GIVEN_UP_AFTER = timedelta(days=5)
MOST_EXHAUSTED_IN_A_ROW = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attempt says of its endpoint; `exhausted` when it was the last that its delivery had."""

    answer: Answer
    at: datetime
    exhausted: bool


def after(health: Health, outcomes: Iterable[Outcome]) -> Health:
    """The health once these attempts have been made, in their order."""
    for outcome in outcomes:
        health = _after_one(health, outcome)
    return health


def _after_one(health: Health, outcome: Outcome) -> Health:
    if outcome.answer.succeeded:
        return replace(health, failing_since=None, exhausted_in_a_row=0)
    return Health(
        failing_since=health.failing_since or outcome.at,
        exhausted_in_a_row=health.exhausted_in_a_row + outcome.exhausted,
        careful_until=_careful_until(health, outcome),
    )


def _careful_until(health: Health, outcome: Outcome) -> datetime | None:
    """Told again only when half of the time is over: most failures need no writing."""
    if not _is_overburdened(outcome.answer):
        return health.careful_until
    if health.careful_until and health.careful_until - outcome.at > CAREFUL_FOR / 2:
        return health.careful_until
    return outcome.at + CAREFUL_FOR


def _is_overburdened(answer: Answer) -> bool:
    return answer.timed_out or answer.status in OVERBURDENED


def reason_to_give_up(health: Health, outcomes: Iterable[Outcome], now: datetime) -> str | None:
    """Why nothing should be sent there any more; None when there is no reason."""
    if any(outcome.answer.status == GONE for outcome in outcomes):
        return "it answered 410 Gone"
    if health.exhausted_in_a_row >= MOST_EXHAUSTED_IN_A_ROW:
        return f"{health.exhausted_in_a_row} events in a row were tried to the end in vain"
    if health.failing_since and now - health.failing_since >= GIVEN_UP_AFTER:
        return f"it has failed for {GIVEN_UP_AFTER.days} days, without a single success"
    return None
