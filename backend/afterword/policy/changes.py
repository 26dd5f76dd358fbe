"""When what is said of one opportunity changes: the instants worth travelling to."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from itertools import islice, takewhile

from afterword.policy.engine import evaluate
from afterword.policy.facts import Facts, Opportunity
from afterword.policy.playbook import Playbook
from afterword.policy.timeline import Action, Hold, Timeline

MOST_BEFORE, MOST_AHEAD = 30, 30
#: How often the policy is asked at most, for either side: what shares people with many others changes with them.
MOST_LOOKS = 100


def changes(playbook: Playbook, facts: Facts, opportunity: str, now: datetime) -> tuple[datetime, ...]:
    """The instants, in order, at which the answer about an opportunity changes, as far as the facts tell by now.

    The last ones up to `now` and the next ones after it, a bounded number of each, reckoned as if nobody did anything
    from now on. Instants are UTC.
    """
    told = next((each for each in facts.opportunities if each.key == opportunity), None)
    if told is None:
        return ()
    ahead = islice(_walk(playbook, facts, opportunity, now), MOST_AHEAD)
    return (*_before(playbook, facts, told, now), *ahead)


def _before(playbook: Playbook, facts: Facts, told: Opportunity, now: datetime) -> Iterator[datetime]:
    known = sorted({instant for instant in _instants(told) if instant is not None and instant <= now})[-MOST_BEFORE:]
    if not known:
        return
    walked = takewhile(lambda at: at <= now, _walk(playbook, facts, told.key, known[0]))
    yield from deque((known[0], *walked), maxlen=MOST_BEFORE)


def _instants(told: Opportunity) -> Iterator[datetime | None]:
    yield from told.instants()
    for interview in told.interviews:
        yield interview.starts_at
        yield interview.ends_at


def _walk(playbook: Playbook, facts: Facts, opportunity: str, start: datetime) -> Iterator[datetime]:
    """The instants after `start` at which something else is said of the opportunity than just before."""
    timeline = evaluate(playbook, facts, start)
    for _ in range(MOST_LOOKS):
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
