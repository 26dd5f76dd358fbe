"""What the policy is told and what it answers cannot be changed once it is made, so that answers may be remembered."""

from __future__ import annotations

import dataclasses
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from afterword.policy import calendar, facts, playbook, situation, timeline

MODULES = (facts, calendar, situation, playbook, timeline)
MADE_ONCE = [
    each
    for module in MODULES
    for each in vars(module).values()
    if isinstance(each, type) and dataclasses.is_dataclass(each) and each.__module__ == module.__name__
]
TOLD = [each for each in MADE_ONCE if each.__module__ in (facts.__name__, calendar.__name__, timeline.__name__)]


@pytest.mark.parametrize("kind", MADE_ONCE, ids=lambda kind: kind.__name__)
def test_it_cannot_be_changed(kind: type[Any]) -> None:
    made = object.__new__(kind)
    for field in dataclasses.fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(made, field.name, None)


@pytest.mark.parametrize("kind", TOLD, ids=lambda kind: kind.__name__)
def test_facts_and_answers_hold_nothing_but_their_fields(kind: type[Any]) -> None:
    assert not hasattr(object.__new__(kind), "__dict__")


def test_rules_and_playbooks_are_told_apart_by_what_they_are_and_not_by_what_they_say() -> None:
    """Answers are remembered by rule: two rules that read alike, in two playbooks, are still two."""
    rule: Any = {"id": "a", "kind": "a", "subject": "interview", "title": "A", "why": "A", "sources": ()}
    assert playbook.Rule(**rule) != playbook.Rule(**rule)
    hold: Any = {"id": "a", "kind": "a", "subject": "opportunity", "why": "A", "sources": ()}
    assert playbook.HoldRule(**hold) != playbook.HoldRule(**hold)
    assert playbook.ChannelAdvice() != playbook.ChannelAdvice()
    book: Any = {"id": "a", "version": "1", "title": "A", "rules": (), "holds": ()}
    assert playbook.Playbook(**book) != playbook.Playbook(**book)
