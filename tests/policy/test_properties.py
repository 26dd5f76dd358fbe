"""What must hold of every answer, whatever the facts. Each example is put to every playbook."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from afterword.policy.engine import evaluate
from afterword.policy.facts import Facts
from afterword.policy.holds import forbids
from afterword.policy.timeline import STATES, Timeline, Window
from support.all_playbooks import KINDS, each_playbook
from support.altered_facts import in_another_order, strangers
from support.facts_strategy import facts, instants

examples = settings(max_examples=40)


def without_order(timeline: Timeline) -> Any:
    """All that an answer says, in no order."""
    holds = {(each.rule, each.obligation, each.until, each.why, frozenset(each.spares)) for each in timeline.holds}
    return set(timeline.actions), holds, timeline.next_change_at


@examples
@given(told=facts(KINDS), at=instants)
def test_the_same_question_has_the_same_answer(told: Facts, at: datetime) -> None:
    for playbook in each_playbook():
        assert evaluate(playbook, told, at) == evaluate(playbook, told, at)


@examples
@given(told=facts(KINDS), at=instants)
def test_open_and_overdue_only_inside_the_window(told: Facts, at: datetime) -> None:
    for playbook in each_playbook():
        for action in evaluate(playbook, told, at).actions:
            assert action.state in STATES
            if action.window is not None:
                require_inside(action.window, action.state, at)


def require_inside(window: Window, state: str, at: datetime) -> None:
    if state in ("open", "overdue"):
        assert window.opens_at <= at
        assert window.expires_at is None or at < window.expires_at
    if state == "open":
        assert window.due_at is None or at < window.due_at
    if state == "overdue":
        assert window.due_at is not None
        assert at >= window.due_at
    if window.due_at is not None:
        assert window.opens_at < window.due_at
        assert window.best_at is None or window.best_at <= window.due_at


@examples
@given(told=facts(KINDS), at=instants)
def test_what_a_hold_forbids_is_never_open(told: Facts, at: datetime) -> None:
    for playbook in each_playbook():
        timeline = evaluate(playbook, told, at)
        for hold in timeline.holds:
            assert hold.until is None or hold.until > at
            for action in timeline.actions:
                is_open = action.state in ("open", "overdue")
                assert not (is_open and forbids(hold, action)), (hold.kind, action.title)


@examples
@given(told=facts(KINDS), at=instants, data=st.data())
def test_the_order_in_which_facts_are_told_does_not_matter(told: Facts, at: datetime, data: st.DataObject) -> None:
    """Nor that of people, but of those who may both be the point of contact: of equals the first one is."""
    other = in_another_order(told, lambda parts: data.draw(st.permutations(parts)))
    for playbook in each_playbook():
        assert without_order(evaluate(playbook, other, at)) == without_order(evaluate(playbook, told, at))


@examples
@given(told=facts(KINDS), at=instants, data=st.data())
def test_the_order_of_opportunities_does_not_matter(told: Facts, at: datetime, data: st.DataObject) -> None:
    """Where nobody is in two of them: a tie for the same person goes to the one that is given first."""
    apart = strangers(told)
    other = replace(apart, opportunities=tuple(data.draw(st.permutations(apart.opportunities))))
    for playbook in each_playbook():
        assert without_order(evaluate(playbook, other, at)) == without_order(evaluate(playbook, apart, at))


@examples
@given(told=facts(KINDS), at=instants)
def test_the_answer_comes_in_the_order_of_its_states(told: Facts, at: datetime) -> None:
    for playbook in each_playbook():
        found = [STATES.index(action.state) for action in evaluate(playbook, told, at).actions]
        assert found == sorted(found)


@examples
@given(told=facts(KINDS), at=instants)
def test_explaining_changes_nothing_else(told: Facts, at: datetime) -> None:
    for playbook in each_playbook():
        plain, explained = evaluate(playbook, told, at), evaluate(playbook, told, at, explain=True)
        assert (explained.actions, explained.holds) == (plain.actions, plain.holds)
        assert explained.next_change_at == plain.next_change_at
        assert all(silence.because for silence in explained.silences)
