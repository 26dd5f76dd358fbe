"""What must hold as time goes by, whatever the facts: `next_change_at`, what is done, weeks that are all alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from afterword.policy.engine import evaluate
from afterword.policy.facts import Facts, Interview, Opportunity
from afterword.policy.timeline import Action, Timeline, Window
from support.all_playbooks import KINDS, each_playbook
from support.altered_facts import each_opportunity, known_at, later
from support.facts_strategy import facts, instants

examples = settings(max_examples=40)
AHEAD = timedelta(days=200)
LIVE = frozenset({"upcoming", "open", "overdue", "snoozed"})
offsets = st.sampled_from((0, 330, -570)).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def said(timeline: Timeline) -> Any:
    """Everything an answer says but when it was asked for and when to look again."""
    return timeline.actions, timeline.holds


def phases(told: Facts, at: datetime) -> list[tuple[bool, bool]]:
    """Of each interview that stands, whether it has begun and whether it is over."""
    rounds = (each for one in told.opportunities for each in one.interviews)
    return [(at >= each.starts_at, at >= each.ends_at) for each in rounds]


def edges_of_snoozed(timeline: Timeline) -> set[datetime | None]:
    """Opening and due of what is snoozed: they pass, and the answer lists it as snoozed before and after."""
    windows = [action.window for action in timeline.actions if action.state == "snoozed" and action.window]
    return {edge for window in windows for edge in (window.opens_at, window.due_at)}


@examples
@given(told=facts(KINDS), at=instants, data=st.data())
def test_nothing_changes_before_the_next_change(told: Facts, at: datetime, data: st.DataObject) -> None:
    """Not a state, a window, a hold or a word. What is told here is all known at `at`: the rest is no change."""
    known, part = known_at(told, at), data.draw(st.floats(0, 0.999_999))
    for playbook in each_playbook():
        now = evaluate(playbook, known, at)
        change = now.next_change_at or at + AHEAD
        assert change > at
        assert said(evaluate(playbook, known, at + part * (change - at))) == said(now)


@examples
@given(told=facts(KINDS), at=instants)
def test_at_the_next_change_something_differs(told: Facts, at: datetime) -> None:
    """In the answer, or in where an interview stands, or a window of something snoozed passes an edge."""
    known = known_at(told, at)
    for playbook in each_playbook():
        now = evaluate(playbook, known, at)
        change = now.next_change_at
        if change is not None:
            then = evaluate(playbook, known, change)
            differs = said(then) != said(now) or phases(known, change) != phases(known, at)
            assert differs or change in edges_of_snoozed(now)
            assert then.next_change_at != change


@examples
@given(told=facts(KINDS), at=instants)
def test_what_is_not_known_yet_changes_nothing(told: Facts, at: datetime) -> None:
    for playbook in each_playbook():
        assert said(evaluate(playbook, told, at)) == said(evaluate(playbook, known_at(told, at), at))


def obligations(timeline: Timeline, states: frozenset[str]) -> set[Any]:
    return {(action.rule, action.obligation) for action in timeline.actions if action.state in states}


@settings(max_examples=60)
@given(told=facts(KINDS), at=instants, minutes=st.integers(0, 70 * 24 * 60))
def test_what_is_done_never_revives(told: Facts, at: datetime, minutes: int) -> None:
    """The same obligation (kind, interview or wait, person, attempt) stays done, or goes with its round.

    So it is when time alone goes by, and when facts come in: replies, later rounds, marks, a cancelling, an outcome.
    """
    for playbook in each_playbook():
        done = obligations(evaluate(playbook, told, at), frozenset({"done"}))
        for then_told in (told, known_at(told, at)):
            then = evaluate(playbook, then_told, at + timedelta(minutes=minutes))
            assert done.isdisjoint(obligations(then, LIVE))


@examples
@given(told=facts(KINDS), at=instants, weeks=st.integers(-100, 100), zone=offsets)
def test_all_weeks_are_alike(told: Facts, at: datetime, weeks: int, zone: timezone) -> None:
    """Without holidays and in one offset, the same facts some weeks on give the same answer some weeks on."""
    plain, by = in_one_zone(told, zone), timedelta(weeks=weeks)
    for playbook in each_playbook():
        assert dated(evaluate(playbook, later(plain, by), at + by)) == dated(evaluate(playbook, plain, at), by)


def in_one_zone(told: Facts, zone: timezone) -> Facts:
    def moved(interview: Interview) -> Interview:
        return replace(interview, zone=zone)

    def without_holidays(one: Opportunity) -> Opportunity:
        return replace(one, holidays=None, interviews=tuple(moved(each) for each in one.interviews))

    calendar = replace(told.calendar, zone=zone, holidays=frozenset())
    return each_opportunity(replace(told, calendar=calendar), without_holidays)


def dated(timeline: Timeline, by: timedelta = timedelta(0)) -> Any:
    """States, windows and holds, so much later. Not the words, in which days have their names."""
    actions = [(*what(action), later(edges(action.window), by)) for action in timeline.actions]
    holds = [(hold.rule, hold.obligation, hold.channel, later(hold.until, by)) for hold in timeline.holds]
    return actions, holds, later(timeline.next_change_at, by)


def what(action: Action) -> tuple[Any, ...]:
    return action.rule, action.obligation, action.state, action.optional, action.channel


def edges(window: Window | None) -> tuple[Any, ...] | None:
    if window is None:
        return None
    literal = (window.literal.opens_at, window.literal.due_at) if window.literal else None
    return window.opens_at, window.best_at, window.due_at, window.expires_at, literal
