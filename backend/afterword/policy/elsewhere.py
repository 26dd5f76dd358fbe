"""What the other opportunities of the same facts mean for this one: an offer to be answered, a job accepted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from afterword.policy.situation import Situation


def has_outcome(situation: Situation, statuses: tuple[str, ...]) -> bool:
    """Whether an opportunity ended in one of the given ways."""
    return situation.outcome is not None and situation.outcome.status in statuses


def accepted_with_start(situation: Situation) -> bool:
    """Whether an offer is accepted and the day of starting is set."""
    outcome = situation.outcome
    return outcome is not None and outcome.status == "accepted" and outcome.start_date is not None


def offering(situations: Iterable[Situation]) -> tuple[Situation, ...]:
    """The opportunities with an offer to answer by a day, the most pressing first."""
    return tuple(sorted(filter(_answer_by, situations), key=lambda one: _answer_by(one) or date.max))


def accepted(situations: Iterable[Situation]) -> tuple[Situation, ...]:
    """The opportunities that are accepted with a day to start, the earliest decided first."""
    return tuple(sorted(filter(accepted_with_start, situations), key=_decided_at))


def first_other(situations: Iterable[Situation], situation: Situation) -> Situation | None:
    """The first that is not this one."""
    return next((other for other in situations if other is not situation), None)


def _answer_by(situation: Situation) -> date | None:
    return situation.outcome.answer_by if situation.outcome and has_outcome(situation, ("offer",)) else None


def _decided_at(situation: Situation) -> datetime:
    return situation.outcome.at if situation.outcome else situation.at
