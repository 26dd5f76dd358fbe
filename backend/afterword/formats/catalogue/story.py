"""Two weeks as a playbook would have them: one plain example, lived through step by step with `evaluate`.

Every instant here is the example's own or the policy's answer; nothing is reckoned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from afterword.formats.catalogue import words
from afterword.policy.engine import evaluate
from afterword.policy.facts import Calendar, Facts, Interview, Mark, Opportunity, Person, Touch
from afterword.policy.playbook import Playbook
from afterword.policy.timeline import Action, Hold, Timeline, Window

ZONE = ZoneInfo("Europe/London")
STARTS = datetime(2026, 3, 3, 14, tzinfo=UTC)
ENDS = datetime(2026, 3, 3, 15, tzinfo=UTC)
SHOWN_UNTIL = datetime(2026, 3, 18, tzinfo=UTC)
#: The midnights between, and where a drawing may change its scale: from there on hours matter less.
DAYS = tuple(datetime(2026, 3, day, tzinfo=UTC) for day in range(4, 19))
TURNS = datetime(2026, 3, 5, tzinfo=UTC)
WEEK = frozenset(range(5))
ANA = Person(
    "ana", "Ana Ruiz", ("hiring_manager",), email="ana@acme.example", phone="+44 20 7946 0000", linkedin="ana-ruiz"
)
ROUND = Interview("first", STARTS, ENDS, ZONE, people=("ana",))
ACME = Opportunity("acme", "Acme", "Data engineer", people=(ANA,), interviews=(ROUND,))
FACTS = Facts(Calendar(ZONE, WEEK), (ACME,))
#: More than any playbook has to say about two weeks; a guard against one that is never satisfied.
MOST_STEPS = 200


class Span(NamedTuple):
    """One line of the story: something of a kind done in its window, or something left alone."""

    kind: str
    title: str
    opens_at: datetime
    best_at: datetime | None
    due_at: datetime | None
    optional: bool = False
    held: bool = False


def story(playbook: Playbook) -> list[Span]:
    """What is done in two weeks by somebody who does each thing once it is best, and what is left alone meanwhile."""
    facts, at = FACTS, STARTS
    told: dict[object, Span] = {}
    for _ in range(MOST_STEPS):
        timeline = evaluate(playbook, facts, at)
        for hold in timeline.holds:
            told.setdefault((hold.obligation, hold.until), left_alone(hold, at))
        doing = [action for action in timeline.listed() if action.window and ripe(action.window) <= at]
        for action in doing:
            told[action.obligation] = done(action)
        facts = with_deeds(facts, doing, at)
        if not doing:
            following = next_step(timeline)
            if following is None or following >= SHOWN_UNTIL:
                break
            at = following
    return sorted(told.values(), key=lambda span: (span.held, span.opens_at, span.due_at or SHOWN_UNTIL))


def ripe(window: Window) -> datetime:
    """When somebody who follows the advice acts."""
    return window.best_at or window.opens_at


def done(action: Action) -> Span:
    """An action as a line."""
    window = action.window or Window(STARTS)
    return Span(action.kind, action.title, window.opens_at, window.best_at, window.due_at, action.optional)


def left_alone(hold: Hold, seen_at: datetime) -> Span:
    """A hold as a line, from when it is first told of."""
    return Span(hold.kind, words.spoken(hold.kind).capitalize(), seen_at, None, hold.until, held=True)


def next_step(timeline: Timeline) -> datetime | None:
    """When there is something new to do or to see."""
    steps = [timeline.next_change_at, *(ripe(action.window) for action in timeline.listed() if action.window)]
    return min((step for step in steps if step is not None and step > timeline.as_of), default=None)


def with_deeds(facts: Facts, doing: list[Action], at: datetime) -> Facts:
    """The facts after actions were done."""
    if not doing:
        return facts
    (opportunity,) = facts.opportunities
    changed = replace(
        opportunity,
        touches=(*opportunity.touches, *touches(doing, at, len(opportunity.touches))),
        marks=(*opportunity.marks, *marks(doing, at)),
    )
    return replace(facts, opportunities=(changed,))


def touches(doing: list[Action], at: datetime, number: int) -> Iterator[Touch]:
    """What was sent to somebody."""
    for place, action in enumerate(doing, number):
        if action.message and action.person:
            yield Touch(f"t{place}", action.person, "outbound", at, purpose=action.kind, interview=action.interview)


def marks(doing: list[Action], at: datetime) -> Iterator[Mark]:
    """What was done and is no message."""
    for action in doing:
        if not (action.message and action.person):
            yield Mark(action.kind, "done", at, action.interview, action.person, action.attempt)


def when(moment: datetime | None) -> str:
    """An instant as it reads in the example: Tue 3 March, 15:00."""
    if moment is None:
        return ""
    local = moment.astimezone(ZONE)
    return f"{local:%a} {local.day} {local:%B}, {local:%H:%M}"
