"""Compare all, or what is named, print a table, and exit with 1 where a bound is missed."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from benchmarks import delivery_delay, delivery_rate, delivery_volume, next_actions, policy
from benchmarks.comparison import PER_SECOND, Comparison

PARTS = {
    "policy": policy.compare,
    "next_actions": next_actions.compare,
    "delivery_delay": delivery_delay.compare,
    "delivery_rate": delivery_rate.compare,
    "delivery_volume": delivery_volume.compare,
}
ROW = "{:<46} {:>10} {:<44} {:>10} {:>7} {:>15} {:>7}  {}"


def main(wanted: Sequence[str]) -> int:
    """`delivery` names every part that begins so."""
    chosen = [name for name in PARTS if not wanted or name.startswith(tuple(wanted))]
    if not chosen:
        print(f"There is no such part. There are: {', '.join(PARTS)}.")
        return 2
    print(ROW.format("what", "ours", "control", "control's", "ratio", "spread", "bound", ""))
    missed = False
    for each in _comparisons(chosen):
        print(_row(each), flush=True)
        missed |= not each.is_met
    return int(missed)


def _comparisons(chosen: Sequence[str]) -> Iterator[Comparison]:
    for name in chosen:
        yield from PARTS[name]()


def _row(one: Comparison) -> str:
    verdict = "for comparison" if one.bound is None else "met" if one.is_met else "MISSED"
    return ROW.format(
        one.what,
        _figure(one.ours, one.unit),
        one.control,
        _figure(one.beside, one.unit),
        f"{one.ratio:.3f}",
        f"{one.spread[0]:.3f}-{one.spread[1]:.3f}",
        "" if one.bound is None else f"{'<=' if one.at_most else '>='} {one.bound}",
        verdict,
    )


def _figure(value: float, unit: str) -> str:
    return f"{value:.1f}/s" if unit == PER_SECOND else f"{value * 1000:.2f} ms"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
