"""Ten thousand deliveries due at once over fifty endpoints, beside a loop that only signs and posts.

The sender, the receiver and the database share the machine. A rate is what was due by the seconds until the last of it
had arrived.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from subprocess import Popen

from pydantic_core import to_json

from afterword import clock
from afterword.services.event_samples import examples
from afterword.worker.slots import SLOTS
from benchmarks.comparison import Comparison, faster
from benchmarks.databases import KINDS, fresh_databases
from benchmarks.ledger import Ledger, receiving
from benchmarks.outbox import ENDPOINTS, TYPE, Outbox, open_outbox
from benchmarks.processes import module, told

DUE, ROUNDS = 10_000, 5
WIDE, NARROW = 64, 16
WIDTHS = (SLOTS, WIDE, NARROW)
BOUND = 0.5
WIDTHS_BOUND = 1.0
START_SECONDS, SHORT_RUN = 0.2, 3_000


@dataclass(frozen=True)
class Ours:
    """A sender with an outbox of its own, which is started when everything is due."""

    outbox: Outbox
    ledger: Ledger
    process: Popen[str]

    def rate(self) -> float:
        self.ledger.forget()
        self.outbox.fill([clock.now()] * DUE)
        started = float(told(self.process, "start"))
        self.outbox.wait_until_empty()
        came = self.ledger.arrivals()
        told(self.process, "stop")
        if not came.requests == len(came.arrived) == DUE:
            raise RuntimeError(f"{came.requests} requests told of {len(came.arrived)} of {DUE} events.")
        return DUE / (came.last - started)


@dataclass
class Control:
    """The bare loop."""

    process: Popen[str]
    ledger: Ledger
    body: str = field(default_factory=lambda: to_json(examples()[TYPE]).decode())

    def rate(self, way: str, width: int, count: int = DUE) -> float:
        self.ledger.forget()
        at, urls = time.time() + START_SECONDS, self.ledger.urls(ENDPOINTS)
        asked = {"way": way, "width": width, "count": count, "body": self.body, "at": at, "urls": urls}
        told(self.process, json.dumps(asked))
        return count / (self.ledger.arrivals().last - at)

    def best_width(self, way: str) -> int:
        return max((8, 16, 32, 64), key=lambda width: self.rate(way, width, SHORT_RUN))


def compare() -> Iterator[Comparison]:
    with ExitStack() as stack:
        ledger, fresh = stack.enter_context(receiving()), stack.enter_context(fresh_databases())
        control = Control(stack.enter_context(module("bare_loop")), ledger)
        ours = {(kind, width): _sending(stack, fresh(kind), width, ledger) for kind in KINDS for width in WIDTHS}
        widths = {way: control.best_width(way) for way in ("httpx", "aiohttp")}
        rounds = [
            {each: sender.rate() for each, sender in ours.items()}
            | {way: control.rate(way, width) for way, width in widths.items()}
            for _ in range(ROUNDS + 1)
        ][1:]
    for kind, name in KINDS.items():
        for way, bound in (("httpx", BOUND), ("aiohttp", None)):
            pairs = [(one[kind, SLOTS], one[way]) for one in rounds]
            what = f"{DUE:,} due at once, {SLOTS} in flight as we have it, {name}"
            yield faster(what, f"sign and POST by {way}, {widths[way]} at once", pairs, bound)
        pairs = [(one[kind, WIDE], one[kind, NARROW]) for one in rounds]
        yield faster(f"the same, {WIDE} in flight, {name}", f"{NARROW} in flight", pairs, WIDTHS_BOUND)


def _sending(stack: ExitStack, url: str, width: int, ledger: Ledger) -> Ours:
    outbox = open_outbox(url, ledger.urls(ENDPOINTS))
    return Ours(outbox, ledger, stack.enter_context(module("sending", url, str(width))))
