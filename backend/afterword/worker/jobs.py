"""What is done again and again: plan what time has changed, go on with replays, forget what is old, beat."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from afterword.errors import Busy
from afterword.services import planner, replays, retention
from afterword.storage import heartbeats, planned
from afterword.storage import replays as stored_replays
from afterword.storage.database import Database

BATCH = 100
#: Each step is a transaction of its own; what is left waits for the next time.
MOST_STEPS_OF_FORGETTING = 200
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


def replay(database: Database, clock: Callable[[], datetime]) -> int:
    """Take each replay that is under way one step further; how many there were."""
    with database.read() as session:
        running = stored_replays.under_way(session, BATCH)
    for account_id, endpoint_id, replay_id in running:
        with database.write() as session:
            replays.step(session, account_id, endpoint_id, replay_id, clock())
    return len(running)


def forget(database: Database, clock: Callable[[], datetime]) -> None:
    """Delete what has been kept long enough."""
    for _ in range(MOST_STEPS_OF_FORGETTING):
        with database.write() as session:
            if not retention.forget(session, clock()):
                return


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
        with database.write() as session:
            planner.park(session, opportunity_id, now, f"{type(error).__name__}: {error}"[:500])
        return False
