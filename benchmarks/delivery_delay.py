"""From the instant that a delivery is due until its first byte is at the receiver: when there is little to do, and when
a tenth of the endpoints hangs."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

from sqlalchemy import select

from afterword import clock
from afterword.services import interviews
from afterword.storage.tables import events
from benchmarks.comparison import Comparison, Pair, percentile, shorter
from benchmarks.databases import KINDS, fresh_databases
from benchmarks.ledger import Ledger, receiving
from benchmarks.outbox import ENDPOINTS, Outbox, open_outbox
from benchmarks.processes import free_port, product

ROUNDS = 5
#: How long a delivery may take that nothing is in the way of: p50 and p99.
LIMITS = {"p50": (0.5, 0.5), "p99": (0.99, 2.0)}
WRITTEN, ENDING, RANDOM_SECONDS = 30, 15, 6.0
#: A load that leaves the machine half idle.
STEADY, STEADY_SECONDS = 900, 3.0
HANGING = range(0, ENDPOINTS, 10)
HANGING_BOUND = 1.5
#: So many seconds lie between writing what will be due and its first being due.
AHEAD_SECONDS = 3.0
COMMANDS = {"sqlite": "serve", "postgresql": "worker"}


def compare() -> Iterator[Comparison]:
    with ExitStack() as stack:
        ledger, fresh = stack.enter_context(receiving()), stack.enter_context(fresh_databases())
        for kind, name in KINDS.items():
            outbox = open_outbox(fresh(kind), ledger.urls(ENDPOINTS))
            with _sending(outbox, kind):
                yield from _idle(outbox, ledger, f"`afterword {COMMANDS[kind]}`, {name}")
                if kind == "sqlite":  # what hangs is held by the sender, which is the same on both
                    yield _hanging(outbox, ledger, name)


@contextmanager
def _sending(outbox: Outbox, kind: str) -> Iterator[None]:
    settings = {"DATABASE_URL": outbox.url, "AFTERWORD_ALLOWED_NETWORKS": "127.0.0.0/8"}
    listening = ("--port", str(free_port())) if kind == "sqlite" else ()
    with product(COMMANDS[kind], *listening, settings=settings):
        # The first of all waits for the process to start, and for what it imports when it is needed.
        outbox.fill([clock.now()] * ENDPOINTS)
        outbox.wait_until_empty()
        yield


def _idle(outbox: Outbox, ledger: Ledger, by: str) -> Iterator[Comparison]:
    delays = [_delays_of_few(outbox, ledger) for _ in range(ROUNDS)]
    for name, (share, limit) in LIMITS.items():
        pairs = [(percentile(each, share), limit) for each in delays]
        yield shorter(f"due to first byte, idle, {name}", f"the limit, {by}", pairs, 1)


def _delays_of_few(outbox: Outbox, ledger: Ledger) -> Sequence[float]:
    """Some are written when they are due, others come of interviews that end: these the tick has to find."""
    ledger.forget()
    first = clock.now() + timedelta(seconds=AHEAD_SECONDS)
    due = _interviews_that_end(outbox, [_at_random(first, RANDOM_SECONDS) for _ in range(ENDING)])
    written = dict[str, datetime]()
    for at in sorted(_at_random(first, RANDOM_SECONDS) for _ in range(WRITTEN)):
        time.sleep(max((at - clock.now()).total_seconds(), 0))
        written |= outbox.fill([clock.now()])
    time.sleep(max((first - clock.now()).total_seconds() + RANDOM_SECONDS + 1, 0))
    outbox.wait_until_empty()
    return _delays(ledger, written | _held(outbox, due))


def _interviews_that_end(outbox: Outbox, ends: Sequence[datetime]) -> Mapping[str, datetime]:
    account_id, _ = outbox.endpoints[0]
    found = {}
    for end in ends:
        given = {
            "company": "Acme", "role": "Data engineer", "starts_at": end - timedelta(hours=1), "ends_at": end,
            "format": "onsite", "status": "scheduled", "people": [{"name": "Ana Ruiz", "roles": ["hiring_manager"]}],
        }  # fmt: skip
        with outbox.database.write() as session:
            whole, _ = interviews.create(session, account_id, given, clock.now())
        found[whole.interview.id] = end
    return found


def _held(outbox: Outbox, ends: Mapping[str, datetime]) -> Mapping[str, datetime]:
    """When each of the events was due that tell that one of the interviews is over."""
    with outbox.database.read() as session:
        told = session.execute(select(events.c.id, events.c.payload).where(events.c.type == "interview.held")).all()
    about = {event_id: payload["data"]["interview"]["id"] for event_id, payload in told}
    return {event_id: ends[interview] for event_id, interview in about.items() if interview in ends}


def _hanging(outbox: Outbox, ledger: Ledger, name: str) -> Comparison:
    pairs = [_round(outbox, ledger) for _ in range(ROUNDS + 1)][1:]
    control = f"the same with none that hangs, {name}"
    return shorter("due to first byte, a tenth hangs, p99", control, pairs, HANGING_BOUND)


def _round(outbox: Outbox, ledger: Ledger) -> Pair:
    return _healthy_p99(outbox, ledger, HANGING), _healthy_p99(outbox, ledger, ())


def _healthy_p99(outbox: Outbox, ledger: Ledger, hanging: Sequence[int]) -> float:
    ledger.forget()
    ledger.hang(hanging)
    first = clock.now() + timedelta(seconds=AHEAD_SECONDS)
    due = outbox.fill(_at_random(first, STEADY_SECONDS) for _ in range(STEADY))
    time.sleep((first - clock.now()).total_seconds() + STEADY_SECONDS + 0.5)
    healthy = {event: at for number, (event, at) in enumerate(due.items()) if number % ENDPOINTS not in HANGING}
    delays = _delays(ledger, healthy)
    ledger.hang(())
    outbox.wait_until_empty()
    return percentile(delays, 0.99)


def _at_random(first: datetime, seconds: float) -> datetime:
    return first + timedelta(seconds=random.uniform(0, seconds))  # noqa: S311 -- no secret depends on it


def _delays(ledger: Ledger, due: Mapping[str, datetime]) -> Sequence[float]:
    arrived = ledger.arrivals().arrived
    delays = [arrived[event] - at.timestamp() for event, at in due.items()]
    if min(delays) < 0:
        raise RuntimeError("A delivery arrived before it was due.")
    return delays
