"""Processes that are asked to end, that stand still, and that share one database."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from faults import report
from faults.oracle import Verdict
from faults.run import Run, running

pytestmark = pytest.mark.process
WELL_FILLED = 50


def settled(run: Run, say: Callable[[str], None]) -> Verdict:
    verdict = run.settle()
    say("\n".join(["", run.crew.scale.told(), *report.lines(verdict)]))
    return verdict


def test_a_server_that_is_asked_to_end_while_it_is_still_being_loaded_ends_well() -> None:
    # What libraries make of text while they are imported is where Python remembers an interruption that was caught.
    loading = "import os, signal; os.kill(os.getpid(), signal.SIGTERM); [each for each in range(10**6)]"
    program = f"from afterword import __main__ as product; product._end_on_sigterm(); exec({loading!r})"
    ended = subprocess.run([sys.executable, "-c", program], timeout=30, check=False)
    assert ended.returncode == 0


def test_a_process_that_is_asked_to_end_lets_fifty_arrive_and_repeats_none(
    database_kind: str, database_url: str, tmp_path: Path, say: Callable[[str], None]
) -> None:
    with running(database_kind, database_url, tmp_path, 1, pause=(1.0, 1.5), failing=0) as run:
        sender = run.crew.sender()
        run.load.commit(160)
        assert run.in_flight(sender, WELL_FILLED)
        assert sender.end() == 0
        run.ledger.follow()
        assert run.ledger.taken >= WELL_FILLED
        assert run.ledger.taken == len(run.ledger.arrivals)
        assert not settled(run, say).violations
    assert set(run.ledger.times().values()) == {1}


def test_a_process_that_stood_still_past_its_lease_changes_nothing_any_more(
    database_kind: str, database_url: str, tmp_path: Path, say: Callable[[str], None]
) -> None:
    with running(database_kind, database_url, tmp_path, 2, failing=0) as run:
        sleeper = run.crew.sender()
        run.load.commit(200)
        assert run.in_flight(sleeper, WELL_FILLED)
        # Moved back in the database in place of waiting for a minute.
        run.stand_still_past_the_lease(sleeper)
        in_flight = run.ledger.in_flight(sleeper.mark)
        if database_kind == "postgresql":
            run.crew.sender()
            assert run.everything_came()
        sleeper.go_on()
        verdict = settled(run, say)
    say(f"{in_flight} were on their way when it stood still, {verdict.repeated_by_stops} came again")
    assert not verdict.violations
    assert max(run.ledger.times().values()) <= 2


def test_processes_beside_each_other_send_nothing_twice(
    database_kind: str, database_url: str, tmp_path: Path, say: Callable[[str], None]
) -> None:
    """Two workers on PostgreSQL; on SQLite the one server, and the command line that writes beside it."""
    seed = random.SystemRandom().randrange(10**6)
    say(f"seed {seed}")
    with running(database_kind, database_url, tmp_path, seed, pause=(0.02, 0.1), failing=0) as run:
        run.server().wait_until_ready()
        run.writing.start()
        for _ in range(2 if database_kind == "postgresql" else 0):
            run.crew.sender()
        for number in range(2):
            run.load.commit(300)
            key = run.crew.run("keys", "create", "--account", run.stage.accounts[0].id, "--name", f"number {number}")
            assert key.returncode == 0, key.stderr
        assert run.everything_came()
        verdict = settled(run, say)
    assert not verdict.violations
    assert verdict.arrivals == verdict.delivered
    if database_kind == "postgresql":
        shares = Counter(each.sender for each in run.ledger.arrivals)
        say(f"shares of the workers: {sorted(shares.values())}")
        assert len(shares) >= 2
