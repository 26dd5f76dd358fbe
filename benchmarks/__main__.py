"""Compare all, print a table, and exit with 1 where a bound is missed."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from benchmarks import next_actions, policy
from benchmarks.comparison import Comparison

ROW = "{:<28} {:>10} {:<38} {:>10} {:>7} {:>6}  {}"


def main() -> int:
    print(ROW.format("what", "ours/s", "control", "control/s", "ratio", "bound", ""))
    missed = False
    for each in _comparisons():
        print(_row(each), flush=True)
        missed |= not each.is_met
    return int(missed)


def _comparisons() -> Iterator[Comparison]:
    yield from policy.compare()
    yield from next_actions.compare()


def _row(one: Comparison) -> str:
    verdict = "for comparison" if one.bound is None else "met" if one.is_met else "MISSED"
    return ROW.format(
        one.what,
        f"{one.ours_per_second:.1f}",
        one.control,
        f"{one.control_per_second:.1f}",
        f"{one.ratio:.3f}",
        "" if one.bound is None else one.bound,
        verdict,
    )


if __name__ == "__main__":
    sys.exit(main())
