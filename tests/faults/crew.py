"""Real processes of the product: one `serve` on SQLite, an `api` and any number of workers on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from faults import nursery
from faults.entry import Orders
from faults.fail_points import FailPoint
from faults.ledger import TESTS
from faults.member import START_SECONDS, Member, log_file, notes_file
from support.server import free_port

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
        process = nursery.born(
            self._orders(mark, command, point),
            (command, *place),
            self._environment(),
            log_file(self.directory, mark),
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
            each.process.kill()
            each.process.join()

    def _orders(self, mark: int, command: str, point: FailPoint | None) -> Orders:
        notes = notes_file(self.directory, mark)
        return Orders(mark, command in SENDS, notes, point, self.scale.lease_seconds, self.scale.pauses_seconds)

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
