"""Ours beside a control, in turn, so that a machine that is busy for a while slows both."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

PER_SECOND, SECONDS = "/s", "s"


@dataclass(frozen=True)
class Comparison:
    """Two figures, and their ratio with the lowest and the highest of the rounds' own.

    `bound` is the least that the ratio has to be, the most where it is `at_most`; None where it only informs.
    """

    what: str
    control: str
    ours: float
    beside: float
    unit: str
    ratio: float
    spread: tuple[float, float]
    bound: float | None
    at_most: bool = False

    @property
    def is_met(self) -> bool:
        if self.bound is None:
            return True
        return self.ratio <= self.bound if self.at_most else self.ratio >= self.bound


Rate = Callable[[], float]
#: Ours and the control's of one round.
Pair = tuple[float, float]


def compared(what: str, ours: Rate, against: tuple[str, Rate], bound: float | None, rounds: int) -> Comparison:
    """The medians of so many rounds in turn, after one that warms up."""
    name, control = against
    return faster(what, name, [(ours(), control()) for _ in range(rounds + 1)][1:], bound)


def faster(what: str, control: str, pairs: Sequence[Pair], bound: float | None) -> Comparison:
    """Rates per second, of which the ratio has to be at least the bound."""
    return Comparison(what, control, *_middle(pairs, PER_SECOND), bound)


def shorter(what: str, control: str, pairs: Sequence[Pair], bound: float | None) -> Comparison:
    """Seconds, of which the ratio has to be at most the bound."""
    return Comparison(what, control, *_middle(pairs, SECONDS), bound, at_most=True)


def _middle(pairs: Sequence[Pair], unit: str) -> tuple[float, float, str, float, tuple[float, float]]:
    ratios = [mine / other for mine, other in pairs]
    return (
        statistics.median(mine for mine, _ in pairs),
        statistics.median(other for _, other in pairs),
        unit,
        statistics.median(ratios),
        (min(ratios), max(ratios)),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The least of the values that so great a share of them does not exceed."""
    return sorted(values)[max(math.ceil(len(values) * share) - 1, 0)]


def repeated(work: Callable[[], object], seconds: float) -> Rate:
    """How often a second it is done, tried for so long; at least once."""

    def rate() -> float:
        done, start = 0, time.perf_counter()
        while done == 0 or time.perf_counter() - start < seconds:
            work()
            done += 1
        return done / (time.perf_counter() - start)

    return rate
