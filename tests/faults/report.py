"""The figures of a run, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from statistics import median

from faults.member import FROM_OUTSIDE
from faults.oracle import EARLY, LATE, LOST, OVER, VIOLATIONS, Toll, Verdict

CLASSES = ((0, 0), (1, 4), (5, 9), (10, 19), (20, 39), (40, 69), (70, 100))
MOST_EXAMPLES = 5


def lines(verdict: Verdict) -> Iterator[str]:
    """What was found, one thing on a line."""
    yield f"events committed {verdict.committed:,}, deliveries owed {verdict.expected:,}"
    yield f"delivered {verdict.delivered:,}, given up at their expiry {verdict.expired:,}, both {verdict.unheard:,}"
    yield f"requests that came {verdict.arrivals:,}, of them retries after a recorded failure {verdict.retries:,}"
    yield f"lost {verdict.found(LOST)}, early {verdict.found(EARLY)}, after their expiry {verdict.found(LATE)}"
    yield f"closest to early: {verdict.closest * 1000:.1f} ms after it was due"
    if verdict.latest > 0:
        yield f"closest to too late: {verdict.latest * 1000:.0f} ms after an expiry that it had been claimed before"
    yield from of_kills(verdict.tolls)
    yield f"kills over the bound {verdict.found(OVER)}; come again after a standstill {verdict.repeated_by_stops:,}"
    for name in VIOLATIONS:
        if name not in (LOST, EARLY, LATE, OVER):
            yield f"{name} {verdict.found(name)}"
    for name, found in verdict.violations.items():
        yield from (f"  {name}: {each}" for each in found[:MOST_EXAMPLES])


def of_kills(tolls: list[Toll]) -> Iterator[str]:
    """What the kills of processes that send cost."""
    if not tolls:
        return
    outside = sorted(each.in_flight for each in tolls if each.how == FROM_OUTSIDE)
    within = sorted(each.in_flight for each in tolls if each.how != FROM_OUTSIDE)
    yield f"kills of senders: {len(outside)} from outside, {len(within)} at a point within"
    for where, counts in (("from outside", outside), ("within", within)):
        if counts:
            yield f"  in flight at kills {where}: least {counts[0]}, median {median(counts):g}, most {counts[-1]}"
    yield f"  duplicates per kill: {histogram(tolls)}"
    worst = max(tolls, key=lambda toll: toll.duplicates)
    yield f"  the most: {worst.duplicates} of {worst.bound} that may ({worst.how}); each delivery at most once a kill"
    yield f"  duplicates {sum(each.duplicates for each in tolls):,} of {sum(each.bound for each in tolls):,} that may"
    ages = sorted(each.oldest * 1000 for each in tolls)
    yield f"  answered and unrecorded at a kill for: median {median(ages):.0f} ms, most {ages[-1]:.0f} ms"
    yield f"  cut off before an answer and sent again: {sum(each.cut_off for each in tolls):,}"
    counted = Counter(each.how for each in tolls)
    yield from (f"  {number:4d} {how}" for how, number in counted.most_common())


def histogram(tolls: list[Toll]) -> str:
    """How many kills had how many duplicates."""
    named = [f"{low}" if low == high else f"{low}-{high}" for low, high in CLASSES]
    counts = [sum(low <= each.duplicates <= high for each in tolls) for low, high in CLASSES]
    more = sum(each.duplicates > CLASSES[-1][1] for each in tolls)
    told = [f"{name}: {number}" for name, number in (*zip(named, counts, strict=True), ("more", more)) if number]
    return ", ".join(told)
