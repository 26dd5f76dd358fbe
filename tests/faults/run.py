"""One run: a stage, a ledger, a load and a crew on one database, until everything is settled and judged."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from afterword import clock
from afterword.delivery.retry import PAUSES
from afterword.errors import Busy
from afterword.storage.database import Database, open_database
from afterword.storage.tables import deliveries
from faults import record
from faults.crew import SCALED, Crew, Scale
from faults.ledger import Ledger, keeping
from faults.load import Load, Writing
from faults.member import FROM_OUTSIDE, Member, eventually
from faults.oracle import Evidence, Sender, Verdict, judge
from faults.stage import Stage, set_up

ACCOUNTS = 20
SETTLE_SECONDS = 120
ENOUGH_IN_FLIGHT = 32
TOP_UP, MOST_TOP_UPS = 100, 20
MOST_TRIES = 50
POINT_SECONDS = 6


@dataclass
class Run:
    database: Database
    ledger: Ledger
    stage: Stage
    load: Load
    crew: Crew
    writing: Writing

    def in_flight(self, member: Member, least: int = ENOUGH_IN_FLIGHT, seconds: float = 30) -> bool:
        """Wait until a process has so many requests on their way; whether it came to that before it died."""

        def enough() -> bool:
            self.ledger.follow()
            return self.ledger.in_flight(member.mark) >= least or not member.is_alive

        return eventually(enough, seconds, 0.005) and member.is_alive

    def strike(self, member: Member, delay: float) -> None:
        """Kill a process some time after many of its requests were on their way, and while many are."""
        self.in_flight(member, least=1)
        self._fill(member)
        time.sleep(delay)
        self._fill(member)
        member.kill(self.ledger)

    def _fill(self, member: Member) -> None:
        """Have enough happen that many requests are on their way."""
        for _ in range(MOST_TOP_UPS):
            if self.in_flight(member, seconds=1) or not member.is_alive:
                return
            self.load.commit(TOP_UP)

    def dies_within(self, member: Member, seconds: int = POINT_SECONDS) -> bool:
        """Whether a process came to its point, with ever more to do; else it is killed as others are."""
        for _ in range(seconds):
            if self.kills_itself(member, 1):
                return True
            self.load.commit(TOP_UP // 2)
        self.strike(member, 0)
        return member.death is not None and member.death.how != FROM_OUTSIDE

    def kills_itself(self, member: Member, seconds: float = 30) -> bool:
        """Wait until a process has died at its point; whether it did."""
        if eventually(lambda: member.is_over, seconds):
            member.died(self.ledger)
            return True
        return False

    def server(self) -> Member:
        """The process that answers requests; one is started where none is alive."""
        alive = [each for each in self.crew.members if each.url and each.is_alive]
        return alive[0] if alive else self.crew.writer()

    def stand_still_past_the_lease(self, member: Member) -> None:
        """Stop a process at a moment at which it holds no lock, and let its leases run out."""
        for _ in range(MOST_TRIES):
            member.stand_still()
            try:
                self.let_leases_run_out()
            except Busy:
                member.go_on()
                time.sleep(0.01)
            else:
                self.ledger.follow()
                return
        raise AssertionError("it held a lock each time")

    def everything_came(self, seconds: float = SETTLE_SECONDS) -> bool:
        """Wait until nothing is left to be sent."""
        return eventually(lambda: record.unfinished(self.database) == 0, seconds, 0.2)

    def let_leases_run_out(self) -> None:
        """As if a minute had passed: what is being sent has been let go by whoever was sending it. Waits for nobody."""
        with self.database.write_if_free() as session:
            leased = deliveries.c.state == "sending"
            past = clock.now() - timedelta(seconds=1)
            session.execute(update(deliveries).where(leased).values(lease_until=past))

    def settle(self, seconds: float = SETTLE_SECONDS) -> Verdict:
        """Let processes that nobody kills bring everything to its end; then judge."""
        self.writing.stop()
        if not any(each.sends and each.is_alive for each in self.crew.members):
            self.crew.sender()
        self.server().wait_until_ready()
        assert self.everything_came(seconds), (
            f"{record.unfinished(self.database)} deliveries are not finished after {seconds} s"
        )
        states = record.states(self.stage, f"http://127.0.0.1:{self.crew.port}")
        for each in self.crew.members:
            if each.is_alive:
                assert each.end() == 0, each.log()[-4000:]
        self.ledger.follow()
        verdict = judge(self._evidence(states))
        self._judge_writes(verdict)
        return verdict

    def _evidence(self, states: dict[tuple[str, str], str]) -> Evidence:
        senders = {}
        for each in self.crew.members:
            if each.sends:
                notes = each.notes()
                stops = tuple(each.stops)
                senders[each.mark] = Sender(each.mark, each.death, stops, notes.queued, notes.since_flush)
        return Evidence(
            events=record.committed(self.database, self.load.due),
            subscribers=self.stage.subscribers,
            arrivals=self.ledger.arrivals,
            states=states,
            refusals=record.refusals(self.database, self.stage),
            senders=senders,
            pauses=self.crew.scale.pauses_seconds or [each.total_seconds() for each in PAUSES],
            ended_at=time.time(),
        )

    def _judge_writes(self, verdict: Verdict) -> None:
        for name, found in (
            ("accounts with gaps in their sequence", record.gaps(self.database)),
            ("writes without their event", list(record.broken_writes(self.database, self.writing.writes))),
        ):
            if found:
                verdict.violations[name] += found


@contextmanager
def running(
    kind: str,
    database_url: str,
    directory: Path,
    seed: int,
    *,
    accounts: int = ACCOUNTS,
    pause: tuple[float, float] = (0.08, 0.3),
    failing: float = 0.06,
    scale: Scale = SCALED,
) -> Iterator[Run]:
    """Everything set up and nothing started."""
    database = open_database(database_url)
    try:
        with keeping(directory / "ledger", seed, pause, failing) as ledger:
            stage = set_up(database, ledger.url, accounts)
            crew = Crew(kind, database_url, directory, scale)
            load = Load(database, stage, random.Random(seed))
            writing = Writing(stage, f"http://127.0.0.1:{crew.port}", seed)
            try:
                yield Run(database, ledger, stage, load, crew, writing)
            finally:
                writing.stop()
                crew.close()
    finally:
        database.engine.dispose()
