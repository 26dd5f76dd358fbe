"""What a process under test notes of itself while it runs, in a file that outlives it: which answers reached its queue,
when it took them out, when they were recorded, and when it killed itself.

They say what was answered since the last flush without a clock: the order of one process's own notes tells.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from faults.fail_points import wrap
from faults.ledger import Pair

QUEUED = "afterword.worker.outlet:Outlet._post"
FLUSHED = "afterword.worker.sender:Sender._finish"


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
        self.write("queued", urlsplit(post.url).path, post.headers["webhook-id"])

    def _taken(self, arguments: tuple[object, ...]) -> None:
        sent = [each.delivery for each in arguments[1]]
        if sent:
            self.write("taken", *(word for each in sent for word in (urlsplit(each.url).path, each.event_id)))

    def _recorded(self, arguments: tuple[object, ...], _result: object) -> None:
        if arguments[1]:
            self.write("recorded")


@dataclass(frozen=True)
class Notes:
    """Read by whoever judges: what reached the queue at all, and what did after the last flush that was recorded."""

    queued: frozenset[Pair]
    since_flush: frozenset[Pair]
    killed_itself: float | None


def read_notes(file: Path) -> Notes:
    """A flush takes what is in the queue; what is noted as queued only after it was taken is in it all the same."""
    queued: list[Pair] = []
    taken: set[Pair] = set()
    recorded: set[Pair] = set()
    place, flushed_up_to, killed = 0, 0, None
    for line in file.read_text().splitlines() if file.exists() else ():
        what, *rest = line.split(" ")
        if what == "queued":
            queued.append((rest[0], rest[1]))
        elif what == "taken":
            place, taken = len(queued), set(zip(rest[::2], rest[1::2], strict=True))
        elif what == "recorded":
            flushed_up_to = place
            recorded |= taken
        elif what == "killed":
            killed = float(rest[0])
    return Notes(frozenset(queued), frozenset(queued[flushed_up_to:]) - recorded, killed)
