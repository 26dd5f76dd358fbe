"""An answer without what is over is the whole answer less what is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings

from afterword.playbooks.loader import BUILTIN, builtin
from afterword.policy.engine import evaluate
from afterword.policy.facts import Facts
from afterword.policy.timeline import PAST
from support.facts_strategy import facts, instants

KINDS = tuple(sorted({rule.kind for playbook in builtin().values() for rule in playbook.rules}))


@pytest.mark.parametrize("name", BUILTIN)
@settings(max_examples=40)
@given(told=facts(KINDS), at=instants)
def test_leaving_out_what_is_over_changes_nothing_else(name: str, told: Facts, at: datetime) -> None:
    whole = evaluate(builtin()[name], told, at)
    kept = tuple(action for action in whole.actions if action.state not in PAST)
    assert evaluate(builtin()[name], told, at, past=False) == replace(whole, actions=kept)
