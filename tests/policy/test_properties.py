"""What must hold of every answer, whatever the facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterword.playbooks.loader import BUILTIN, builtin
from afterword.policy.engine import evaluate
from afterword.policy.holds import forbids
from afterword.policy.facts import Facts
from afterword.policy.timeline import STATES, Timeline
from support.facts_strategy import facts, instants

KINDS = tuple(sorted({rule.kind for playbook in builtin().values() for rule in playbook.rules}))
every_playbook = pytest.mark.parametrize("name", BUILTIN)
examples = settings(max_examples=40)


def states(timeline: Timeline) -> dict[object, str]:
    shown = {(action.obligation, action.rule): action.state for action in timeline.actions}
    return shown | {hold.obligation: "stands" for hold in timeline.holds}


@every_playbook
@examples
@given(told=facts(KINDS), at=instants)
def test_the_same_question_has_the_same_answer(name: str, told: Facts, at: datetime) -> None:
    playbook = builtin()[name]
    assert evaluate(playbook, told, at) == evaluate(playbook, told, at)


@every_playbook
@examples
@given(told=facts(KINDS), at=instants)
def test_open_and_overdue_only_inside_the_window(name: str, told: Facts, at: datetime) -> None:
    for action in evaluate(builtin()[name], told, at).actions:
        assert action.state in STATES
        window = action.window
        if window is None:
            continue
        if action.state in ("open", "overdue"):
            assert window.opens_at <= at
            assert window.expires_at is None or at < window.expires_at
        if action.state == "open":
            assert window.due_at is None or at < window.due_at
        if action.state == "overdue":
            assert window.due_at is not None
            assert at >= window.due_at
        if window.due_at is not None:
            assert window.opens_at < window.due_at
        if window.best_at is not None and window.due_at is not None:
            assert window.best_at <= window.due_at


@every_playbook
@examples
@given(told=facts(KINDS), at=instants)
def test_what_a_hold_forbids_is_never_open(name: str, told: Facts, at: datetime) -> None:
    timeline = evaluate(builtin()[name], told, at)
    for hold in timeline.holds:
        for action in timeline.actions:
            assert not (action.state in ("open", "overdue") and forbids(hold, action)), (hold.kind, action.title)
        assert hold.until is None or hold.until > at


@every_playbook
@examples
@given(told=facts(KINDS), at=instants, data=st.data())
def test_the_next_change_is_exact(name: str, told: Facts, at: datetime, data: st.DataObject) -> None:
    """Facts dated later become known without being announced, so all that is told here is known at `at`."""
    playbook, known = builtin()[name], known_at(told, at)
    before = evaluate(playbook, known, at)
    change = before.next_change_at
    last = change or at + timedelta(days=200)
    assert last > at
    between = at + data.draw(st.floats(0, 0.999_999)) * (last - at)
    assert states(evaluate(playbook, known, between)) == states(before)
    if change is not None:
        assert evaluate(playbook, known, change).next_change_at != change


def known_at(told: Facts, at: datetime) -> Facts:
    """The facts without those that are dated after an instant."""
    return replace(
        told,
        opportunities=tuple(
            replace(
                one,
                interviews=tuple(
                    replace(each, status_at=None) if each.status_at and each.status_at > at else each
                    for each in one.interviews
                    if each.scheduled_at is None or each.scheduled_at <= at
                ),
                touches=tuple(touch for touch in one.touches if touch.at <= at),
                marks=tuple(mark for mark in one.marks if mark.at <= at),
                outcome=one.outcome if one.outcome and one.outcome.at <= at else None,
            )
            for one in told.opportunities
        ),
    )


@every_playbook
@examples
@given(told=facts(KINDS), at=instants, data=st.data())
def test_the_order_of_touches_does_not_matter(name: str, told: Facts, at: datetime, data: st.DataObject) -> None:
    playbook = builtin()[name]
    shuffled = replace(
        told,
        opportunities=tuple(
            replace(one, touches=tuple(data.draw(st.permutations(one.touches))))
            for one in told.opportunities
            if len({touch.at for touch in one.touches}) == len(one.touches)
        ),
    )
    if len(shuffled.opportunities) == len(told.opportunities):
        assert evaluate(playbook, shuffled, at) == evaluate(playbook, told, at)


@every_playbook
@examples
@given(told=facts(KINDS), at=instants)
def test_explaining_changes_nothing_else(name: str, told: Facts, at: datetime) -> None:
    playbook = builtin()[name]
    explained = evaluate(playbook, told, at, explain=True)
    assert replace(explained, silences=()) == evaluate(playbook, told, at)
    assert all(silence.because for silence in explained.silences)
