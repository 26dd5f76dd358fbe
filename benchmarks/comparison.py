"""Ours beside a control, in turn, so that a machine that is busy for a while slows both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Comparison:
    """Rates per second, their ratio, and the least that it has to be; None where it only informs."""

    what: str
    control: str
    ours_per_second: float
    control_per_second: float
    ratio: float
    bound: float | None

    @property
    def is_met(self) -> bool:
        return self.bound is None or self.ratio >= self.bound


Rate = Callable[[], float]


def compared(what: str, ours: Rate, against: tuple[str, Rate], bound: float | None, rounds: int) -> Comparison:
    """The medians of so many rounds in turn; the ratio is the median of the rounds' own."""
    name, control = against
    pairs = [(ours(), control()) for _ in range(rounds + 1)][1:]
    return Comparison(
        what,
        name,
        statistics.median(mine for mine, _ in pairs),
        statistics.median(other for _, other in pairs),
        statistics.median(mine / other for mine, other in pairs),
        bound,
    )


def repeated(work: Callable[[], object], seconds: float) -> Rate:
    """How often a second it is done, tried for so long; at least once."""

    def rate() -> float:
        done, start = 0, time.perf_counter()
        while done == 0 or time.perf_counter() - start < seconds:
            work()
            done += 1
        return done / (time.perf_counter() - start)

    return rate
