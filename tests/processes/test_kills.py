"""Real processes: a server that is killed again and again loses no delivery and sends none early."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from afterword import clock
from afterword.services import events
from afterword.services.events import Occurrence
from afterword.storage.database import Database
from afterword.storage.tables import deliveries
from support.receiver import Receiver, receiving
from support.recorded import SECRET, Recorded
from support.server import free_port, start, wait_until_ready

pytestmark = pytest.mark.process

DELIVERIES, KILLS = 50, 20
ALLOWED = {"AFTERWORD_ALLOWED_NETWORKS": "127.0.0.0/8"}
#: A claim that died with its process is free again after a minute.
LEASE_SECONDS = 60


def test_fifty_deliveries_survive_twenty_kills(
    database: Database, database_url: str, tmp_path: Path, say: Callable[[str], None]
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    say(f"seed {seed}")
    chance = random.Random(seed)
    with receiving(SECRET, pause=0.1) as receiver:
        due = pending(Recorded.in_(database), receiver, chance)
        database.engine.dispose()
        settings = {**ALLOWED, "DATABASE_URL": database_url}
        for _ in range(KILLS):
            server = start(tmp_path, free_port(), settings)
            wait_until_ready(server)
            time.sleep(chance.uniform(0, 0.7))
            server.kill()
        server = start(tmp_path, free_port(), settings)
        wait_until_ready(server)
        arrived = receiver.wait_for(lambda: due.keys() <= receiver.ids, LEASE_SECONDS + 30)
        # What had arrived when its sender was killed is recorded only once the lease has run out.
        finished = receiver.wait_for(lambda: states(database) == {"delivered": DELIVERIES}, LEASE_SECONDS + 30)
        assert server.stop() == 0
    times = Counter(each.id for each in receiver.ledger)
    early = [each.id for each in receiver.ledger if each.at < due[each.id]]
    repeated = len(receiver.ledger) - DELIVERIES
    say(f"received {len(receiver.ledger)}, repeated {repeated}, one of them {max(times.values())} times")
    assert arrived, f"seed {seed}: {len(due.keys() - receiver.ids)} of {DELIVERIES} never came"
    assert finished, f"seed {seed}: {states(database)}"
    assert not early, f"seed {seed}: before they were due: {early}"
    assert all(each.payload is not None for each in receiver.ledger), f"seed {seed}: a signature does not verify"
    assert len(receiver.ledger) <= DELIVERIES + KILLS * 4, f"seed {seed}: more repeated than were in flight"


def pending(mine: Recorded, receiver: Receiver, chance: random.Random) -> dict[str, float]:
    """Deliveries that come due while the server is being killed: when each is due, by event."""
    mine.subscribe(receiver.url)
    now = clock.now()
    with mine.database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")] * DELIVERIES, now)
    due = {}
    for row in mine.deliveries():
        at = now + timedelta(seconds=chance.uniform(0, KILLS))
        due[row.event_id] = at.timestamp()
        with mine.database.write() as session:
            session.execute(update(deliveries).where(deliveries.c.id == row.id).values(next_attempt_at=at))
    return due


def states(database: Database) -> dict[str, int]:
    with database.read() as session:
        return dict(Counter(session.execute(deliveries.select().with_only_columns(deliveries.c.state)).scalars()))
