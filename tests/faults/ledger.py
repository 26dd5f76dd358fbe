"""The ledger as it is read: what came to which endpoint, when, from which process, and what it was answered."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from faults import ledger_process

TESTS = Path(__file__).parents[1]
#: What an event is to one endpoint, however often it comes: where, and what.
Pair = tuple[str, str]
#: The same, with the number of times that one process has sent it, from 1.
Try = tuple[str, str, int]


@dataclass
class Arrival:
    """One request. `sender` is the mark of the process it came from; `status` is None until it was answered.

    `came` and `answered` are read from the counter that all processes share, `came_at` and `answered_at` from the wall.
    `number` says how often the sender had sent it by then.
    """

    sender: int
    path: str
    event_id: str
    verdict: str
    body: str
    came: float
    came_at: float
    answered: float | None = None
    answered_at: float | None = None
    status: int | None = None
    number: int = 1

    @property
    def pair(self) -> Pair:
        return self.path, self.event_id

    @property
    def made(self) -> Try:
        return self.path, self.event_id, self.number

    def succeeded(self, by: float = float("inf")) -> bool:
        """Whether it was answered with 2xx by then."""
        return self.status is not None and self.status // 100 == 2 and (self.answered or 0.0) <= by


@dataclass
class Ledger:
    """Follows the file that the receiving process appends to."""

    file: Path
    url: str = ""
    arrivals: list[Arrival] = field(default_factory=list)
    _open: dict[int, dict[str, Arrival]] = field(default_factory=lambda: defaultdict(dict))
    _by_serial: dict[str, Arrival] = field(default_factory=dict)
    _sent: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    _taken: set[Pair] = field(default_factory=set)
    _place: int = 0
    _rest: bytes = b""

    def follow(self) -> None:
        """Read what was appended since the last time."""
        with self.file.open("rb") as file:
            file.seek(self._place)
            found = file.read()
        self._place += len(found)
        *lines, self._rest = (self._rest + found).split(b"\n")
        for line in lines:
            self._enter(line.decode().split(" "))

    def in_flight(self, sender: int) -> int:
        """How many requests of a process have come and wait for their answer."""
        return len(self._open[sender])

    @property
    def taken(self) -> int:
        """How many events were answered with 2xx, each once for an endpoint."""
        return len(self._taken)

    def by_pair(self) -> dict[Pair, list[Arrival]]:
        """All requests about one event to one endpoint, in the order they came."""
        found: dict[Pair, list[Arrival]] = defaultdict(list)
        for each in self.arrivals:
            found[each.pair].append(each)
        return found

    def times(self) -> Counter[Pair]:
        return Counter(each.pair for each in self.arrivals)

    def _enter(self, words: Sequence[str]) -> None:
        what, serial, moment, wall, *rest = words
        if what == "came":
            sender, path, event_id, verdict, body = rest
            mark = int(sender) if sender.isdecimal() else -1
            self._sent[mark, path, event_id] += 1
            number = self._sent[mark, path, event_id]
            arrival = Arrival(mark, path, event_id, verdict, body, float(moment), float(wall), number=number)
            self.arrivals.append(arrival)
            self._by_serial[serial] = self._open[mark][serial] = arrival
            return
        arrival = self._by_serial.pop(serial)
        self._open[arrival.sender].pop(serial)
        if what == "answered":
            arrival.answered, arrival.answered_at, arrival.status = float(moment), float(wall), int(rest[0])
            if arrival.succeeded():
                self._taken.add(arrival.pair)


@contextmanager
def keeping(file: Path, seed: int, pause: tuple[float, float] = (0.1, 0.4), failing: float = 0.06) -> Iterator[Ledger]:
    """A ledger whose receiver answers after a pause, and refuses a share of the events at first."""
    options = ["--seed", seed, "--pause", *pause, "--failing", failing]
    process = subprocess.Popen(
        [sys.executable, "-m", ledger_process.__name__, file, *map(str, options)],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        assert port, "the receiver did not start"
        yield Ledger(file, f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        process.communicate()
