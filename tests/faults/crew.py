"""Real processes of the product: one `serve` on SQLite, an `api` and any number of workers on PostgreSQL."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import httpx

from faults import entry
from faults.fail_points import FailPoint
from faults.ledger import TESTS, Ledger
from faults.notes import Notes, read_notes
from support.server import free_port

START_SECONDS = 60
END_SECONDS = 40
FROM_OUTSIDE = "from outside"
ENDED = "asked to end"
SENDS = ("serve", "worker")


@dataclass(frozen=True)
class Scale:
    """What is shorter than in the product, so that a run does not wait: None is what the product has."""

    lease_seconds: float | None = None
    pauses_seconds: tuple[float, ...] | None = None

    def told(self) -> str:
        lease = f"leases last {self.lease_seconds:g} s (60 s)" if self.lease_seconds else "leases are not scaled"
        if self.pauses_seconds is None:
            return f"{lease}; pauses between attempts are not scaled"
        pauses = ", ".join(f"{each:g}" for each in self.pauses_seconds)
        return f"{lease}; pauses between attempts are {pauses} s (5 s to 24 h)"


#: Still longer than the longest send to the ledger's receiver.
SCALED = Scale(4.0, (0.4, 0.8, 1.2, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0))


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
    process: subprocess.Popen[bytes]
    directory: Path
    death: Death | None = None
    stops: list[tuple[float, float]] = field(default_factory=list)

    @property
    def is_alive(self) -> bool:
        return self.death is None and self.process.poll() is None

    def notes(self) -> Notes:
        return read_notes(notes_file(self.directory, self.mark))

    def log(self) -> str:
        return log_file(self.directory, self.mark).read_text()

    def kill(self, ledger: Ledger) -> Death:
        """As kill -9 does: nothing is tidied up. One that has killed itself by now died of that."""
        if self.process.poll() is not None:
            return self.died(ledger)
        ledger.follow()
        at, in_flight = time.monotonic(), ledger.in_flight(self.mark)
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        killed_itself = self.notes().killed_itself
        if killed_itself is not None:
            return self.died(ledger)
        self.death = Death(FROM_OUTSIDE, at, time.monotonic(), in_flight)
        return self.death

    def died(self, ledger: Ledger) -> Death:
        """Note that it has killed itself; anything else that ended it is a fault of the product."""
        assert self.process.wait() == -signal.SIGKILL, f"it ended by itself:\n{self.log()[-4000:]}"
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
        self.process.terminate()
        status = self.process.wait(timeout=END_SECONDS)
        now = time.monotonic()
        self.death = Death(ENDED, now, now, 0)
        return status

    def stand_still(self) -> None:
        self.stops.append((time.monotonic(), float("inf")))
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.stops[-1] = (self.stops[-1][0], time.monotonic())

    def wait_until_ready(self) -> None:
        """Until it answers requests."""
        assert self.url is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(httpx.TransportError):
                httpx.get(f"{self.url}/health/live", timeout=2, trust_env=False).raise_for_status()
                return
            time.sleep(0.05)
        raise RuntimeError(f"The server did not start:\n{self.log()[-4000:]}")


@dataclass
class Crew:
    """The processes of one run; those that are left are killed at its end."""

    kind: str
    database_url: str
    directory: Path
    scale: Scale
    members: list[Member] = field(default_factory=list)
    port: int = field(default_factory=free_port)

    @property
    def by_mark(self) -> dict[int, Member]:
        return {each.mark: each for each in self.members}

    def sender(self, point: FailPoint | None = None) -> Member:
        """A process that sends: on SQLite the only one there is."""
        return self.start("serve" if self.kind == "sqlite" else "worker", point)

    def writer(self, point: FailPoint | None = None) -> Member:
        """A process that answers requests."""
        return self.start("serve" if self.kind == "sqlite" else "api", point)

    def start(self, command: str, point: FailPoint | None = None) -> Member:
        serves, mark = command in ("serve", "api"), len(self.members)
        place = ("--host", "127.0.0.1", "--port", str(self.port)) if serves else ()
        with log_file(self.directory, mark).open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", entry.__name__, self._orders(mark, command, point), command, *place],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        url = f"http://127.0.0.1:{self.port}" if serves else None
        member = Member(mark, command, command in SENDS, url, point, process, self.directory)
        self.members.append(member)
        return member

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command that ends by itself, as an operator gives it."""
        return subprocess.run(
            [sys.executable, "-m", "afterword", *arguments],
            env=self._environment(), capture_output=True, text=True, timeout=START_SECONDS, check=False,
        )  # fmt: skip

    def close(self) -> None:
        for each in self.members:
            if each.process.poll() is None:
                each.process.kill()
                each.process.wait()

    def _orders(self, mark: int, command: str, point: FailPoint | None) -> str:
        return json.dumps(
            {
                "mark": mark,
                "notes": str(notes_file(self.directory, mark)),
                "sends": command in SENDS,
                "fail_point": point and asdict(point),
                **asdict(self.scale),
            }
        )

    def _environment(self) -> dict[str, str]:
        ours = ("AFTERWORD_", "DATABASE_URL")
        plain = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {
            **plain,
            "PYTHONPATH": str(TESTS),
            "DATABASE_URL": self.database_url,
            "AFTERWORD_DATA_DIR": str(self.directory),
            "AFTERWORD_ALLOWED_NETWORKS": "127.0.0.0/8",
        }


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
