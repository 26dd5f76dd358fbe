"""`evaluate` beside the straight-line control, on the same facts at the same instant."""

from __future__ import annotations

from afterword.playbooks.loader import builtin
from afterword.policy.engine import evaluate
from benchmarks import control
from benchmarks.comparison import Comparison, compared, repeated
from benchmarks.facts import facts

BOUND = 0.06


def compare() -> Comparison:
    playbook, given = builtin()["balanced"], facts()
    return compared(
        "evaluate, one opportunity",
        repeated(lambda: evaluate(playbook, given, control.AT), 0.3),
        ("control.py: no rules, no reasons", repeated(_planned_by_hand, 0.3)),
        BOUND,
        rounds=12,
    )


def _planned_by_hand() -> None:
    control.plan(control.ROUNDS, control.PEOPLE, control.TOUCHES, control.AT)
