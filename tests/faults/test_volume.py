"""Much at once: everybody has their turn, and all of it drains."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from afterword import clock
from afterword.services import events
from afterword.services.events import Occurrence
from afterword.storage.database import Database
from afterword.storage.identifiers import new_id
from afterword.storage.tables import deliveries, webhook_endpoints
from faults.ledger import Ledger, keeping
from faults.ledger_process import GOOD, secret_of
from faults.sending import MovedClock, eventually, sending
from support.recorded import END, Recorded

MANY, ENDPOINTS = 10_000, 50
PROMPTLY_SECONDS = 2.0
SLOWEST_PER_SECOND = 250


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A receiver in a process of its own that answers at once and always well."""
    with keeping(tmp_path / "ledger", seed=0, pause=(0.0, 0.0), failing=0.0) as kept:
        yield kept


def subscribe(mine: Recorded, url: str, paths: Sequence[str]) -> None:
    row = {"account_id": mine.account_id, "enabled": True, "version": 1, "created_at": END, "updated_at": END}
    rows = [{**row, "id": new_id("whe"), "url": url + path, "secrets": [secret_of(path)]} for path in paths]
    with mine.database.write() as session:
        session.execute(insert(webhook_endpoints), rows)


def happen(mine: Recorded, count: int) -> float:
    """So many events; when they were committed."""
    with mine.database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")] * count, clock.now())
    return time.time()


def states(database: Database) -> dict[str, int]:
    with database.read() as session:
        counted = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        return {row[0]: row[1] for row in session.execute(counted)}


def test_ten_thousand_due_at_once_drain_and_an_account_with_one_waits_for_none_of_them(
    database: Database, ledger: Ledger, say: Callable[[str], None]
) -> None:
    large, small = Recorded.in_(database), Recorded.in_(database)
    subscribe(large, ledger.url, [f"/large/{number}" for number in range(ENDPOINTS)])
    subscribe(small, ledger.url, ["/small"])
    happen(large, MANY // ENDPOINTS)
    with sending(database, MovedClock()):
        begun = time.monotonic()
        assert eventually(lambda: states(database).get("delivered", 0) > MANY // 10, 30)
        at = happen(small, 1)
        assert eventually(lambda: [row.state for row in small.deliveries()] == ["delivered"], 20)
        assert states(database).get("pending", 0) > 0, "the others were still waiting"
        assert eventually(lambda: states(database) == {"delivered": MANY + 1}, MANY / SLOWEST_PER_SECOND)
        seconds = time.monotonic() - begun
    ledger.follow()
    [one] = [each for each in ledger.arrivals if each.path == "/small"]
    say(
        f"{MANY / seconds:,.0f} a second with the receiver; the one was told {one.came_at - at:+.2f} s after its commit"
    )
    assert one.came_at - at < PROMPTLY_SECONDS
    assert set(ledger.times().values()) == {1}
    assert len(ledger.times()) == MANY + 1
    assert {each.verdict for each in ledger.arrivals} == {GOOD}


def test_one_event_goes_to_a_thousand_endpoints(database: Database, ledger: Ledger, say: Callable[[str], None]) -> None:
    mine = Recorded.in_(database)
    paths = [f"/{number}" for number in random.Random(1).sample(range(10_000), 1_000)]
    subscribe(mine, ledger.url, paths)
    at = happen(mine, 1)
    with sending(database, MovedClock()):
        assert eventually(lambda: states(database) == {"delivered": 1_000}, 30)
    ledger.follow()
    came = sorted(each.came_at - at for each in ledger.arrivals)
    say(f"the first after {came[0]:.2f} s, the last after {came[-1]:.2f} s")
    assert {each.path for each in ledger.arrivals} == set(paths)
    assert len(ledger.arrivals) == 1_000
    assert len({each.event_id for each in ledger.arrivals}) == 1
