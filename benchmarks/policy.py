"""`evaluate` beside the straight-line control, on the same facts at the same instant."""

from __future__ import annotations

from collections.abc import Iterator

from afterword.playbooks.loader import builtin
from afterword.policy.engine import evaluate
from benchmarks import control
from benchmarks.comparison import Comparison, compared, repeated
from benchmarks.facts import facts

BOUND = 0.06


def compare() -> Iterator[Comparison]:
    """As `GET /next-actions` asks it, then with everything that is done, skipped or lapsed, which it leaves out."""
    yield _beside_control("evaluate, as it is listed", past=False, bound=BOUND)
    yield _beside_control("evaluate, with what is over", past=True, bound=None)


def _beside_control(what: str, past: bool, bound: float | None) -> Comparison:
    playbook, given = builtin()["balanced"], facts()
    return compared(
        what,
        repeated(lambda: evaluate(playbook, given, control.AT, past=past), 0.3),
        ("control.py: no rules, no reasons", repeated(_planned_by_hand, 0.3)),
        bound,
        rounds=12,
    )


def _planned_by_hand() -> None:
    control.plan(control.ROUNDS, control.PEOPLE, control.TOUCHES, control.AT)
