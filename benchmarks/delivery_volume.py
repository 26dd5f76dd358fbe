"""What claims and ticks cost beside a million rows that they have nothing to do with."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from afterword import clock
from afterword.delivery.answers import Answer
from afterword.services import claims, results
from afterword.services.claims import Room
from afterword.services.results import Sent
from afterword.worker.jobs import tick
from benchmarks import bulk
from benchmarks.comparison import Comparison, Pair, percentile, shorter
from benchmarks.databases import KINDS, fresh_databases
from benchmarks.outbox import ENDPOINTS, Outbox, open_outbox

ROUNDS = 5
MANY, FEW = 1_000_000, 10_000
#: Of each round. A claim takes so many.
CLAIMS, AT_ONCE, TICKS = 200, 8, 200
BOUND = 1.5
ANSWER = Answer(200, {"content-type": "text/plain"}, "", None, 5)


def compare() -> Iterator[Comparison]:
    with fresh_databases() as fresh:
        for kind, name in KINDS.items():
            large, small = _outbox(fresh(kind), finished=MANY, idle=MANY), _outbox(fresh(kind), finished=0, idle=FEW)
            pairs = _pairs(_claim, CLAIMS, 0.99, large, small)
            yield shorter(f"a claim beside {MANY:,} finished, p99", f"one beside none, {name}", pairs, BOUND)
            pairs = _pairs(_tick, TICKS, 0.5, large, small)
            yield shorter(f"a tick over {MANY:,} idle, p50", f"one over {FEW:,}, {name}", pairs, BOUND)


def _outbox(url: str, finished: int, idle: int) -> Outbox:
    outbox = open_outbox(url, [f"http://127.0.0.1:9/{number}" for number in range(ENDPOINTS)])
    bulk.add_idle_opportunities(outbox, idle)
    if finished:
        bulk.add_finished_deliveries(outbox, finished)
    # One round more than is claimed: the last few of all would lie at too few endpoints.
    outbox.fill([clock.now()] * CLAIMS * AT_ONCE * (ROUNDS + 2))
    bulk.settle(outbox)
    return outbox


def _pairs(work: Callable[[Outbox], float], times: int, share: float, large: Outbox, small: Outbox) -> Sequence[Pair]:
    """Of each round the percentiles, after one that warms up. Large and small take turns."""
    return [_pair(work, times, share, large, small) for _ in range(ROUNDS + 1)][1:]


def _pair(work: Callable[[Outbox], float], times: int, share: float, large: Outbox, small: Outbox) -> Pair:
    took = [(work(large), work(small)) for _ in range(times)]
    return percentile([mine for mine, _ in took], share), percentile([other for _, other in took], share)


def _claim(outbox: Outbox) -> float:
    start = time.perf_counter()
    with outbox.database.write() as session:
        claimed = claims.claim(session, clock.now(), Room(AT_ONCE, AT_ONCE))
    seconds, now = time.perf_counter() - start, clock.now()
    if len(claimed) != AT_ONCE:
        raise RuntimeError(f"{len(claimed)} deliveries were claimed.")
    with outbox.database.write() as session:
        results.finish(session, [Sent(each, ANSWER, now, now, 0.0) for each in claimed])
    return seconds


def _tick(outbox: Outbox) -> float:
    start = time.perf_counter()
    tick(outbox.database, clock.now)
    return time.perf_counter() - start
