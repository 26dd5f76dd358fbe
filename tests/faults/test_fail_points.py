"""A process that dies at any one point of its work loses nothing, and repeats no more than the bound allows."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from afterword import clock
from afterword.services import events
from afterword.services.events import Occurrence
from afterword.storage.tables import deliveries
from afterword.storage.tables import events as event_table
from afterword.storage.tables import opportunities as opportunity_table
from afterword.storage.tables import replays as replay_table
from faults import places, report
from faults.fail_points import FailPoint
from faults.member import eventually
from faults.oracle import Verdict
from faults.run import Run, running

pytestmark = pytest.mark.process
EVENTS_OF_FOUR_STEPS = 620
MOST_TRIES, FORGOTTEN_SECONDS = 5, 20


@pytest.fixture
def pause() -> tuple[float, float]:
    """How long the receiver takes to answer."""
    return 0.08, 0.3


@pytest.fixture
def run(
    database_kind: str, database_url: str, tmp_path: Path, say: Callable[[str], None], pause: tuple[float, float]
) -> Iterator[Run]:
    seed = random.SystemRandom().randrange(10**6)
    say(f"seed {seed}")
    with running(database_kind, database_url, tmp_path, seed, pause=pause) as made:
        yield made


def settled(run: Run, say: Callable[[str], None]) -> Verdict:
    verdict = run.settle()
    say("\n".join(["", run.crew.scale.told(), *report.lines(verdict)]))
    return verdict


def test_a_write_that_is_cut_off_is_made_with_its_events_or_not_at_all(run: Run, say: Callable[[str], None]) -> None:
    made = []
    for point in places.WRITES:
        server = run.crew.writer(point)
        server.wait_until_ready()
        write = run.writing.write_once()
        assert write.status is None, f"{point.name}: answered {write.status}"
        assert run.kills_itself(server), point.name
        made.append(_is_made(run, write.marker))
    assert made == [False, True, False, False]
    verdict = settled(run, say)
    assert not verdict.violations
    assert verdict.delivered == 1


def test_a_sender_that_dies_at_any_point_loses_nothing(run: Run, say: Callable[[str], None]) -> None:
    for point in (*places.CLAIMS, *places.RESULTS):
        sender = run.crew.sender(point)
        run.load.commit(150)
        assert run.kills_itself(sender), point.name
    verdict = settled(run, say)
    assert [each.how for each in verdict.tolls] == [each.name for each in (*places.CLAIMS, *places.RESULTS)]
    assert not verdict.violations


def test_whoever_takes_back_what_a_dead_sender_had_may_die_of_it_too(run: Run, say: Callable[[str], None]) -> None:
    for point in places.REAPER:
        sender = run.crew.sender()
        run.load.commit(150)
        run.strike(sender, 0)
        run.let_leases_run_out()
        assert run.kills_itself(run.crew.sender(point)), point.name
    assert not settled(run, say).violations


@pytest.mark.parametrize("pause", [(0.0, 0.01)], ids=["promptly"])
def test_a_replay_goes_on_where_it_was_cut_off_and_sends_nothing_twice(run: Run, say: Callable[[str], None]) -> None:
    run.load.commit(EVENTS_OF_FOUR_STEPS, run.stage.accounts[0].id)
    replay_id = run.stage.join_late(run.database, run.ledger.url, 0)
    for point in places.REPLAY:
        assert run.kills_itself(run.crew.sender(point)), point.name
    verdict = settled(run, say)
    assert not verdict.violations
    assert verdict.expected >= 2 * EVENTS_OF_FOUR_STEPS
    with run.database.read() as session:
        columns = (replay_table.c.state, replay_table.c.queued)
        done = session.execute(select(*columns).where(replay_table.c.id == replay_id)).one()
    assert tuple(done) == ("done", EVENTS_OF_FOUR_STEPS)


def test_forgetting_that_is_cut_off_forgets_nothing_that_is_still_to_be_sent(
    run: Run, say: Callable[[str], None]
) -> None:
    # One for which nothing is planned: what is forgotten of an account waits for nobody who has its turn.
    account_id = run.stage.accounts[-1].id
    _happened_long_ago(run, account_id)
    for point in places.FORGETTING:
        assert any(_dies_at(run, point) for _ in range(MOST_TRIES)), point.name
    run.load.commit(100, account_id)
    run.crew.sender()
    assert eventually(lambda: _kept(run, account_id) == 100, FORGOTTEN_SECONDS)
    assert not settled(run, say).violations
    assert _kept(run, account_id) == 100


def _dies_at(run: Run, point: FailPoint) -> bool:
    sender = run.crew.sender(point)
    if not run.kills_itself(sender, 5):
        sender.kill(run.ledger)
    return sender.death is not None and sender.death.how == point.name


def _kept(run: Run, account_id: str) -> int:
    with run.database.read() as session:
        counted = select(func.count()).where(event_table.c.account_id == account_id)
        return int(session.execute(counted).scalar_one())


def _is_made(run: Run, marker: str) -> bool:
    with run.database.read() as session:
        return marker in session.execute(select(opportunity_table.c.role)).scalars().all()


def _happened_long_ago(run: Run, account_id: str) -> None:
    """More than two steps of what is older than is kept, and has been delivered."""
    then = clock.now() - timedelta(days=40)
    with run.database.write() as session:
        events.record(session, account_id, [Occurrence("touch.recorded")] * 1_200, then)
        old = deliveries.c.created_at == then
        session.execute(update(deliveries).where(old).values(state="delivered", next_attempt_at=None, finished_at=then))
