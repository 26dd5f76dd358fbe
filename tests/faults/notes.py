"""What a process under test notes of itself while it runs, in a file that outlives it: which answers reached its queue,
when it took them out, when they were recorded, and when it killed itself.

They say what was answered since the last flush without comparing clocks: one process's own notes tell.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from faults.fail_points import wrap
from faults.ledger import Pair, Try

QUEUED = "afterword.worker.outlet:Outlet._post"
FLUSHED = "afterword.worker.sender:Sender._finish"
#: The thread that empties the queue may wait so long for its turn until it can note that it did.
TURN_SECONDS = 0.02


class Notebook:
    """Written by the process itself."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, *words: object) -> None:
        os.write(self._file, (" ".join(map(str, words)) + "\n").encode())

    def keep(self) -> None:
        """Note each answer and each flush from now on."""
        wrap(QUEUED, after=lambda arguments, _: self._queued(arguments[1]))
        wrap(FLUSHED, before=self._taken, after=self._recorded)

    def _queued(self, post: object) -> None:
        self.write("queued", time.monotonic(), urlsplit(post.url).path, post.headers["webhook-id"])

    def _taken(self, arguments: tuple[object, ...]) -> None:
        sent = [each.delivery for each in arguments[1]]
        if sent:
            pairs = (word for each in sent for word in (urlsplit(each.url).path, each.event_id))
            self.write("taken", time.monotonic(), *pairs)

    def _recorded(self, arguments: tuple[object, ...], _result: object) -> None:
        if arguments[1]:
            self.write("recorded")


@dataclass(frozen=True)
class Notes:
    """Read by whoever judges: what reached the queue at all, and what did after the last flush that was recorded."""

    queued: frozenset[Try]
    since_flush: frozenset[Try]
    killed_itself: float | None


def read_notes(file: Path) -> Notes:
    """What is noted as queued only after its flush was taken is in that flush all the same."""
    queued: list[tuple[float, Try]] = []
    flush: list[Try] = []
    recorded: set[Try] = set()
    taken_at, flushed_at, killed = 0.0, 0.0, None
    tries_queued, tries_taken = _Tries(), _Tries()
    for line in file.read_text().splitlines() if file.exists() else ():
        what, *rest = line.split(" ")
        if what == "queued":
            queued.append((float(rest[0]), tries_queued.next((rest[1], rest[2]))))
        elif what == "taken":
            taken_at = float(rest[0])
            flush = [tries_taken.next(pair) for pair in zip(rest[1::2], rest[2::2], strict=True)]
        elif what == "recorded":
            flushed_at = taken_at
            recorded.update(flush)
        elif what == "killed":
            killed = float(rest[0])
    since = frozenset(each for at, each in queued if at > flushed_at - TURN_SECONDS)
    return Notes(frozenset(each for _, each in queued), since - recorded, killed)


class _Tries:
    """Numbers what a process sends more than once, each time it does."""

    def __init__(self) -> None:
        self._made: Counter[Pair] = Counter()

    def next(self, pair: Pair) -> Try:
        self._made[pair] += 1
        return (*pair, self._made[pair])
