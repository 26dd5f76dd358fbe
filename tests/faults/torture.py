"""`python -m faults.torture`: many events and many kills on each database, judged by the ledger. See `make torture`.

The seed decides what is done, in which order and after which delays; how the processes' steps fall between is theirs.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from faults import places, record, report
from faults.member import Member, eventually
from faults.oracle import Verdict
from faults.run import Run, running
from support.databases import KINDS, PostgresDatabases, SqliteFiles
from support.postgres import running_cluster

FROM_WITHIN = (*places.CLAIMS, *places.RESULTS, *places.REAPER)
SHARE_WITHIN, SHARE_OF_REPLAYS, SHARE_OF_WRITES, SHARE_ENDED, SHARE_STOPPED = 0.3, 0.03, 0.07, 0.03, 0.02
LONGEST_DELAY, LONGEST_STANDSTILL = 0.4, 0.5
#: So much may wait before a process is left alone for longer.
LARGEST_BACKLOG, LONGEST_LIFE = 1_000, 6.0
PROGRESS_EVERY = 10
SETTLE_SECONDS = 600
WRITE_SECONDS = 12
ACCOUNTS = 24
#: How long the receiver takes: long enough that many are on their way, to two workers twice as many.
ANSWERS_WITHIN = {"sqlite": (0.08, 0.3), "postgresql": (0.15, 0.5)}


class Torture:
    """One database's part: on PostgreSQL a second worker is always alive, so that somebody takes over."""

    def __init__(self, run: Run, chance: random.Random, events: int, kills: int) -> None:
        self._run, self._chance = run, chance
        self._events, self._kills = events, kills
        self._other: Member | None = None
        self._began = time.monotonic()
        self.killed = 0
        self.in_api = 0

    def go(self) -> Verdict:
        """Until all kills are made and all events committed; then everything is settled and judged."""
        self._run.writing.start()
        if self._two_kinds:
            self._run.server()
            self._other = self._run.crew.sender()
        while self.killed < self._kills:
            self._cycle()
        self._commit_up_to(self._events)
        say(f"settling {record.unfinished(self._run.database):,} deliveries")
        return self._run.settle(SETTLE_SECONDS)

    @property
    def _two_kinds(self) -> bool:
        return self._run.crew.kind == "postgresql"

    def _cycle(self) -> None:
        kind = self._chance.random()
        for share, fault in (
            (SHARE_OF_WRITES, self._kill_within_a_write),
            (SHARE_OF_REPLAYS, self._kill_within_a_replay),
            (SHARE_ENDED, self._ask_to_end),
            (SHARE_STOPPED, self._let_stand_still),
            (SHARE_WITHIN, self._kill_within),
            (1.0, self._kill_from_outside),
        ):
            if kind < share:
                fault()
                return
            kind -= share

    def _kill_from_outside(self) -> None:
        member = self._next()
        self._top_up()
        self._work_off(member)
        self._run.strike(member, self._chance.uniform(0, LONGEST_DELAY))
        self._count()

    def _kill_within(self) -> None:
        point = self._chance.choice(FROM_WITHIN)
        member = self._start(point)
        self._top_up()
        self._run.dies_within(member)
        self._count()

    def _kill_within_a_replay(self) -> None:
        account = self._chance.randrange(len(self._run.stage.accounts))
        self._run.stage.join_late(self._run.database, self._run.ledger.url, account)
        member = self._start(self._chance.choice(places.REPLAY))
        self._top_up()
        self._run.dies_within(member)
        self._count()

    def _kill_within_a_write(self) -> None:
        """The changes that are asked for all the time run into it."""
        for each in self._run.crew.members:
            if each.url and each.is_alive:
                each.kill(self._run.ledger)
        server = self._run.crew.writer(self._chance.choice(places.WRITES))
        self._top_up()
        if self._run.kills_itself(server, WRITE_SECONDS):
            self.in_api += not server.sends
            self._count()
        if self._two_kinds:
            self._run.server()

    def _ask_to_end(self) -> None:
        member = self._next()
        self._top_up()
        self._run.in_flight(member)
        assert member.end() == 0, f"{member.process.exitcode}: {member.log()[-4000:]}"

    def _let_stand_still(self) -> None:
        member = self._next()
        self._top_up()
        self._run.in_flight(member)
        self._run.stand_still_past_the_lease(member)
        time.sleep(self._chance.uniform(0, LONGEST_STANDSTILL))
        member.go_on()
        self._run.strike(member, self._chance.uniform(0, LONGEST_DELAY))
        self._count()

    def _next(self) -> Member:
        """Who is struck now. On PostgreSQL the older of two; another has just been started beside it."""
        started = self._start()
        if not self._two_kinds:
            return started
        struck, self._other = self._other, started
        return struck if struck is not None and struck.is_alive else started

    def _start(self, point: places.FailPoint | None = None) -> Member:
        if not self._two_kinds:
            for each in self._run.crew.members:
                if each.is_alive:
                    each.kill(self._run.ledger)
        return self._run.crew.sender(point)

    def _top_up(self) -> None:
        """As many events as belong to the kills made, unless much waits already."""
        self._commit_up_to(self._events * (self.killed + 1) // self._kills)
        self._run.ledger.follow()

    def _work_off(self, member: Member) -> None:
        """Leave a process alone for a while where much has been left waiting by those before it."""
        run = self._run

        def little_is_left() -> bool:
            return not member.is_alive or record.unfinished(run.database) < LARGEST_BACKLOG

        eventually(little_is_left, LONGEST_LIFE, 0.2)

    def _commit_up_to(self, count: int) -> None:
        self._run.load.commit(max(count - self._run.load.committed, 0))

    def _count(self) -> None:
        self.killed = sum(each.death is not None and each.death.is_kill for each in self._run.crew.members)
        if self.killed % PROGRESS_EVERY == 0:
            self._run.ledger.follow()
            say(
                f"{time.monotonic() - self._began:6.0f} s  {self._run.crew.kind}: {self.killed} of {self._kills} kills"
                f", in all {len(self._run.crew.members)} processes, "
                f"{self._run.load.committed:,} of {self._events:,} events, {self._run.ledger.taken:,} taken"
            )


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@contextmanager
def database_of(kind: str, directory: Path) -> Iterator[str]:
    """A fresh database of a kind."""
    with ExitStack() as stack:
        if kind == "sqlite":
            yield stack.enter_context(SqliteFiles(directory).migrated())
        else:
            cluster = stack.enter_context(running_cluster())
            yield stack.enter_context(PostgresDatabases(cluster).migrated())


def torture(kind: str, seed: int, events: int, kills: int) -> bool:
    """Whether one database came through it without a violation."""
    say(f"\n== {kind}: {events:,} events, {kills} kills, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="afterword-torture-") as name:
        directory = Path(name)
        (directory / "database").mkdir()
        with (
            database_of(kind, directory / "database") as url,
            running(kind, url, directory, seed, accounts=ACCOUNTS, pause=ANSWERS_WITHIN[kind]) as run,
        ):
            say(f"Scaled for the run, by the test and by no setting: {run.crew.scale.told()}.")
            began = time.monotonic()
            whole = Torture(run, random.Random(seed), events, kills)
            verdict = whole.go()
            seconds = time.monotonic() - began
            say(f"\n{kind}: {whole.killed} kills in {seconds:.0f} s, {whole.in_api} of them of an API apart")
            for line in report.lines(verdict):
                say(line)
            unheard = record.cut_off_and_committed(run.database, run.writing.writes)
            say(f"writes asked of the API {len(run.writing.writes):,}, made though the answer was cut off {unheard}")
    return not verdict.violations


def main() -> int:
    asked = argparse.ArgumentParser(
        prog="python -m faults.torture", description="Events and kills, in turn on each database."
    )
    asked.add_argument("--events", type=int, default=100_000, help="how many in all (100,000)")
    asked.add_argument("--kills", type=int, default=500, help="how many in all (500)")
    asked.add_argument("--seed", type=int, default=None, help="do again what a former run did")
    asked.add_argument("--database", choices=KINDS, default=None, help="only on this one")
    chosen = asked.parse_args()
    kinds = [chosen.database] if chosen.database else KINDS
    seed = chosen.seed if chosen.seed is not None else random.SystemRandom().randrange(10**6)
    say(f"seed {seed}: make torture SEED={seed} EVENTS={chosen.events} KILLS={chosen.kills}")
    parts = [torture(kind, seed, chosen.events // len(kinds), chosen.kills // len(kinds)) for kind in kinds]
    say("\n" + ("Nothing was lost, early or over the bound." if all(parts) else "FAILED: see what is named above."))
    return 0 if all(parts) else 1


if __name__ == "__main__":
    sys.exit(main())
