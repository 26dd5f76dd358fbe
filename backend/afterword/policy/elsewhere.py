"""What the other opportunities of the same facts mean for this one: an offer to be answered, a job accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from afterword.policy.facts import Outcome
from afterword.policy.situation import Situation


class Decided(NamedTuple):
    """An opportunity that has an outcome, and the outcome."""

    situation: Situation
    outcome: Outcome


def decided(situations: Iterable[Situation], *statuses: str) -> Iterator[Decided]:
    """The opportunities that ended in one of the given ways."""
    for situation in situations:
        if situation.outcome is not None and situation.outcome.status in statuses:
            yield Decided(situation, situation.outcome)


def offering(situations: Iterable[Situation]) -> tuple[Decided, ...]:
    """The opportunities with an offer to answer by a day, the most pressing first."""
    dated = [one for one in decided(situations, "offer") if one.outcome.answer_by is not None]
    return tuple(sorted(dated, key=lambda one: str(one.outcome.answer_by)))


def accepted(situations: Iterable[Situation]) -> tuple[Decided, ...]:
    """The opportunities that are accepted with a day to start, the earliest decided first."""
    dated = [one for one in decided(situations, "accepted") if one.outcome.start_date is not None]
    return tuple(sorted(dated, key=lambda one: one.outcome.at))


def first_other(decided: Iterable[Decided], situation: Situation) -> Decided | None:
    """The first that is not this one."""
    return next((other for other in decided if other.situation is not situation), None)
