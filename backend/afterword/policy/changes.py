"""When what is said of one opportunity changes: the instants worth travelling to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice, pairwise, takewhile

from afterword.policy.engine import evaluate
from afterword.policy.facts import Facts, Opportunity
from afterword.policy.playbook import Playbook
from afterword.policy.timeline import Action, Hold, Timeline

MOST_BEFORE, MOST_AHEAD = 30, 30
#: How often the policy is asked at most, for either side, about up to so many opportunities. What shares people with
#: many others changes with them, and each look judges them all: the more there are, the fewer are the looks.
MOST_LOOKS, OPPORTUNITIES_LOOKED_AT, LEAST_LOOKS = 100, 4, 10
Looks = Iterator[int]


def changes(playbook: Playbook, facts: Facts, opportunity: str, now: datetime) -> tuple[datetime, ...]:
    """The instants, in order, at which the answer about an opportunity changes, as far as the facts tell by now.

    The last ones up to `now` and the next ones after it, a bounded number of each, reckoned as if nobody did anything
    from now on. Instants are UTC.
    """
    told = next((each for each in facts.opportunities if each.key == opportunity), None)
    if told is None:
        return ()
    ahead = islice(_walk(playbook, facts, opportunity, now, _looks(facts)), MOST_AHEAD)
    return (*_before(playbook, facts, told, now), *ahead)


def _looks(facts: Facts) -> Looks:
    fewer = MOST_LOOKS * OPPORTUNITIES_LOOKED_AT // len(facts.opportunities)
    return iter(range(min(MOST_LOOKS, max(LEAST_LOOKS, fewer))))


def _before(playbook: Playbook, facts: Facts, told: Opportunity, now: datetime) -> list[datetime]:
    """From fact to fact, the newest first, so that it is the oldest for which no look is left."""
    known = sorted({instant for instant in _instants(told) if instant is not None and instant <= now})
    looks = _looks(facts)
    found: list[datetime] = []
    for start, end in reversed(list(pairwise([*known, now]))):
        between = list(_up_to(end, _walk(playbook, facts, told.key, start, looks)))
        if next(looks, None) is None:
            return found[-MOST_BEFORE:]
        found = [*between, *found]
        if len(found) >= MOST_BEFORE:
            return found[-MOST_BEFORE:]
    return [*known[:1], *found]


def _up_to(end: datetime, walked: Iterator[datetime]) -> Iterator[datetime]:
    return takewhile(lambda at: at <= end, walked)


def _instants(told: Opportunity) -> Iterator[datetime | None]:
    yield from told.instants()
    for interview in told.interviews:
        yield interview.starts_at
        yield interview.ends_at


def _walk(playbook: Playbook, facts: Facts, opportunity: str, start: datetime, looks: Looks) -> Iterator[datetime]:
    """The instants after `start` at which something else is said of the opportunity than just before."""
    timeline = evaluate(playbook, facts, start)
    for _ in looks:
        at = timeline.look_again_at
        if at is None:
            return
        before, timeline = timeline, evaluate(playbook, facts, at)
        if _said(before, opportunity) != _said(timeline, opportunity):
            yield at


def _said(timeline: Timeline, opportunity: str) -> tuple[list[Action], list[Hold]]:
    return (
        [action for action in timeline.actions if action.opportunity == opportunity],
        [hold for hold in timeline.holds if hold.opportunity == opportunity],
    )
