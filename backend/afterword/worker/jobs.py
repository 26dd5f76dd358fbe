"""What is done again and again: plan what time has changed, go on with replays, forget what is old, beat."""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from afterword.errors import Busy
from afterword.services import planner, releases, replays, retention
from afterword.storage import heartbeats, planned
from afterword.storage import replays as stored_replays
from afterword.storage.database import Database

BATCH = 100
#: Of one tick, so that those that are planned in it need not wait for long.
MOST_REPLAYS = 20
PAUSE_AFTER_FAILURE_SECONDS = 60
#: Each step is a transaction of its own; what is left waits for the next time.
MOST_STEPS_OF_FORGETTING = 2_000
#: Between two steps at least; as long as the step took where that is longer, so that others have half of the time.
REST_SECONDS = 0.05
logger = logging.getLogger("afterword.worker")


def tick(
    database: Database, clock: Callable[[], datetime], after_each_batch: Callable[[], object] = lambda: None
) -> int:  # fmt: skip
    """Plan every opportunity that is due, each in a transaction of its own; how many were.

    One indexed statement when nothing is due. One that cannot be planned is parked and holds up none of the others.
    """
    total = 0
    while True:
        with database.read() as session:
            due = planned.due(session, clock(), BATCH)
        done = sum(_plan(database, row.account_id, row.id, clock()) for row in due)
        total += done
        # What another worker has stays due for as long as it has it: only a batch that was all ours has a next one.
        if done < BATCH:
            return total
        after_each_batch()


@dataclass
class Turns:
    """Which replay had its turn last, so that each has one before any has a second, and those left alone for a while
    because they failed."""

    last: str = ""
    failed: dict[str, float] = field(default_factory=dict)


def replay(
    database: Database,
    clock: Callable[[], datetime],
    turns: Turns | None = None,
    after_each: Callable[[], object] = lambda: None,
) -> int:
    """Take some of the replays that are under way one step further; how many there were, but for those that failed."""
    turns = turns or Turns()
    with database.read() as session:
        running = stored_replays.under_way(session, turns.last, MOST_REPLAYS)
    for each in running:
        turns.last = each[2]
        _go_on(database, each, clock(), turns.failed)
        after_each()
    return sum(each[2] not in turns.failed for each in running)


def _go_on(database: Database, replay: tuple[str, str, str], now: datetime, failed: dict[str, float]) -> None:
    """Another step of one, whatever becomes of it: the next one must have its turn."""
    if time.monotonic() - failed.get(replay[2], -math.inf) < PAUSE_AFTER_FAILURE_SECONDS:
        return
    try:
        with database.write() as session:
            replays.step(session, *replay, now)
    except Busy:
        return
    except Exception:  # whatever it is, the next replay must have its turn
        logger.exception("Going on with replay %s failed; it is tried again in a while.", replay[2])
        failed[replay[2]] = time.monotonic()
    else:
        failed.pop(replay[2], None)


def complete(database: Database, rest: Callable[[float], object] = time.sleep) -> None:
    """Give rows that an earlier release wrote what they lack. A rest that answers true ends it."""
    with database.read() as session:
        if not releases.lack_expiry(session):
            return
    for _ in range(MOST_STEPS_OF_FORGETTING):
        with database.write() as session:
            done = releases.give_expiry(session)
        if done < releases.STEP or rest(REST_SECONDS):
            return


def forget(database: Database, clock: Callable[[], datetime], rest: Callable[[float], object] = time.sleep) -> None:
    """Delete what has been kept long enough, each account in its turn. A rest that answers true ends it."""
    with database.read() as session:
        accounts = deque(retention.accounts_to_do(session, clock(), MOST_STEPS_OF_FORGETTING))
    for _ in range(MOST_STEPS_OF_FORGETTING):
        if not accounts:
            break
        began, account_id = time.monotonic(), accounts.popleft()
        with database.write() as session:
            if retention.forget_events(session, account_id, clock()):
                accounts.append(account_id)
        if rest(max(REST_SECONDS, time.monotonic() - began)):
            return
    _forget_leftovers(database, clock())


def _forget_leftovers(database: Database, now: datetime) -> None:
    with database.read() as session:
        found = retention.leftovers(session, now)
    if found:
        with database.write() as session:
            retention.forget_leftovers(session, found)


def heartbeat(
    database: Database, worker: str, clock: Callable[[], datetime], attempts: Mapping[str, int] = MappingProxyType({})
) -> None:
    """Show that this worker is alive, and what came of the attempts it has made."""
    with database.write() as session:
        heartbeats.beat(session, worker, clock(), attempts)


def _plan(database: Database, account_id: str, opportunity_id: str, now: datetime) -> bool:
    try:
        with database.write() as session:
            return planner.plan_due(session, account_id, opportunity_id, now)
    except Busy:
        return False
    except Exception as error:  # whatever it is, the next opportunity must have its turn
        logger.exception("Planning %s failed; it is parked.", opportunity_id)
        with suppress(Busy), database.write() as session:
            planner.park(session, opportunity_id, now, f"{type(error).__name__}: {error}"[:500])
        return False
