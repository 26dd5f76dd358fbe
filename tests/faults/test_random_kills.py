"""Processes that are killed at any moment, again and again, lose nothing and repeat no more than is promised."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from faults import report
from faults.run import running

pytestmark = pytest.mark.process
KILLS, EVENTS_A_KILL = 6, 150


def test_kills_at_any_moment_lose_nothing(
    database_kind: str, database_url: str, tmp_path: Path, say: Callable[[str], None]
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    with running(database_kind, database_url, tmp_path, seed) as run:
        run.writing.start()
        if database_kind == "postgresql":
            run.crew.writer()
        for _ in range(KILLS):
            member = run.crew.sender()
            run.load.commit(EVENTS_A_KILL)
            run.strike(member, chance.uniform(0, 0.4))
        verdict = run.settle()
    say("\n".join([f"seed {seed}; {run.crew.scale.told()}", *report.lines(verdict)]))
    assert not verdict.violations
