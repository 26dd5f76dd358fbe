"""One process under test: how it is struck, stopped and asked to end, and how it ended."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx

from faults.fail_points import FailPoint
from faults.ledger import Ledger
from faults.notes import Notes, read_notes

START_SECONDS = 60
END_SECONDS = 40
FROM_OUTSIDE = "from outside"
ENDED = "asked to end"


@dataclass(frozen=True)
class Death:
    """How a process ended. `at` is when it was struck and `gone` when it was no more, by the counter of all processes.

    `in_flight` is how many of its requests had come and were not answered.
    """

    how: str
    at: float
    gone: float
    in_flight: int

    @property
    def is_kill(self) -> bool:
        return self.how != ENDED


@dataclass
class Member:
    """One process, known by its mark. `stops` are the spans for which it stood still."""

    mark: int
    command: str
    sends: bool
    url: str | None
    point: FailPoint | None
    process: BaseProcess
    directory: Path
    death: Death | None = None
    stops: list[tuple[float, float]] = field(default_factory=list)

    @property
    def is_alive(self) -> bool:
        return self.death is None and not self.is_over

    @property
    def is_over(self) -> bool:
        return self.process.exitcode is not None

    def notes(self) -> Notes:
        return read_notes(notes_file(self.directory, self.mark))

    def log(self) -> str:
        return log_file(self.directory, self.mark).read_text()

    def kill(self, ledger: Ledger) -> Death:
        """As kill -9 does: nothing is tidied up. One that has killed itself by now died of that."""
        if self.is_over:
            return self.died(ledger)
        ledger.follow()
        at, in_flight = time.monotonic(), ledger.in_flight(self.mark)
        self._signal(signal.SIGKILL)
        self._ended(END_SECONDS)
        killed_itself = self.notes().killed_itself
        if killed_itself is not None:
            return self.died(ledger)
        self.death = Death(FROM_OUTSIDE, at, time.monotonic(), in_flight)
        return self.death

    def died(self, ledger: Ledger) -> Death:
        """Note that it has killed itself; anything else that ended it is a fault of the product."""
        assert self._ended(END_SECONDS) == -signal.SIGKILL, f"it ended by itself:\n{self.log()[-4000:]}"
        at = self.notes().killed_itself
        assert at is not None, "somebody else killed it"
        assert self.point is not None
        ledger.follow()
        mine = (each for each in ledger.arrivals if each.sender == self.mark)
        in_flight = sum(each.came <= at and (each.answered is None or each.answered > at) for each in mine)
        self.death = Death(self.point.name, at, time.monotonic(), in_flight)
        return self.death

    def end(self) -> int:
        """Ask it to end, as a service manager does; its exit status."""
        self._signal(signal.SIGTERM)
        status = self._ended(END_SECONDS)
        now = time.monotonic()
        self.death = Death(ENDED, now, now, 0)
        return status

    def stand_still(self) -> None:
        self.stops.append((time.monotonic(), float("inf")))
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)
        self.stops[-1] = (self.stops[-1][0], time.monotonic())

    def wait_until_ready(self) -> None:
        """Until it answers requests."""
        assert self.url is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and not self.is_over:
            with suppress(httpx.TransportError):
                httpx.get(f"{self.url}/health/live", timeout=2, trust_env=False).raise_for_status()
                return
            time.sleep(0.05)
        raise RuntimeError(f"The server did not start:\n{self.log()[-4000:]}")

    def _signal(self, number: signal.Signals) -> None:
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def _ended(self, seconds: float) -> int:
        self.process.join(seconds)
        assert self.process.exitcode is not None, f"it has not ended after {seconds:g} s:\n{self.log()[-4000:]}"
        return self.process.exitcode


def eventually(enough: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Whether it was enough within so many seconds."""
    until = time.monotonic() + seconds
    while not enough():
        if time.monotonic() > until:
            return False
        time.sleep(pause)
    return True


def notes_file(directory: Path, mark: int) -> Path:
    return directory / f"notes-{mark}"


def log_file(directory: Path, mark: int) -> Path:
    return directory / f"log-{mark}"
