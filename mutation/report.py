"""How far the run is, and at its end the counts per file and every survivor with the change that nothing noticed."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff

from mutation.ledger import Verdict
from mutation.mutants import Mutant

#: A test failed; nothing could be imported; nothing noticed; no test runs the line; it went on without end; it crashed.
COLUMNS = ("killed", "broken", "survived", "unreached", "timeout", "crashed")
KILLED = frozenset({"killed", "broken"})
ALIVE = frozenset({"survived", "unreached"})
EVERY_SECONDS = 10.0


class Progress:
    """A line now and then."""

    def __init__(self, total: int, known: int) -> None:
        self.total, self.known, self.fresh = total, known, 0
        self.counts: Counter[str] = Counter()
        self.began = self.shown = time.monotonic()

    def say(self, text: str) -> None:
        """One line at once."""
        print(text, file=sys.stderr, flush=True)

    def start(self) -> None:
        """From here on the time left is reckoned."""
        self.began = self.shown = time.monotonic()

    def show(self, found: Verdict) -> None:
        """Counts a verdict, and says where things stand when it is time to."""
        self.fresh += 1
        self.counts[found.verdict] += 1
        now = time.monotonic()
        if now - self.shown < EVERY_SECONDS:
            return
        left = (now - self.began) / self.fresh * (self.total - self.known - self.fresh)
        told = ", ".join(f"{self.counts[name]} {name}" for name in COLUMNS if self.counts[name])
        print(
            f"{self.known + self.fresh}/{self.total}: {told}; about {left / 60:.0f} min left",
            file=sys.stderr,
            flush=True,
        )
        self.shown = now


def share_killed(counts: Counter[str]) -> float:
    """Of all mutants, those that a failing test or a failing import gave away. A timeout is not counted as killed."""
    return sum(counts[name] for name in KILLED) / max(1, counts.total())


def table(found: Mapping[str, Counter[str]]) -> Iterator[str]:
    """A row per file, and one for all."""
    yield f"{'file':<28}{'mutants':>9}" + "".join(f"{name:>11}" for name in (*COLUMNS, "not run", "killed %"))
    rows = {**found, "all": sum(found.values(), Counter())}
    for name, counts in rows.items():
        cells = "".join(f"{counts[column]:>11}" for column in (*COLUMNS, "not run"))
        yield f"{name:<28}{counts.total():>9}{cells}{100 * share_killed(counts):>11.1f}"


def change(mutant: Mutant, source: str) -> Iterator[str]:
    """The lines before and after."""
    differing = unified_diff(source.splitlines(), mutant.applied(source).splitlines(), lineterm="", n=0)
    yield from (f"    {line}" for line in differing if not line.startswith(("---", "+++", "@@")))


def report(
    mutants: Sequence[Mutant], keys: Sequence[str], known: Mapping[str, Verdict], sources: Mapping[str, str]
) -> tuple[str, Counter[str]]:
    """The whole text, and the counts of all files together."""
    found: dict[str, Counter[str]] = {}
    alive: list[str] = []
    for mutant, key in zip(mutants, keys, strict=True):
        verdict = known[key].verdict if key in known else "not run"
        found.setdefault(mutant.file, Counter())[verdict] += 1
        if verdict not in KILLED and verdict != "not run":
            alive += [f"{mutant.file}:{mutant.line} {verdict}", *change(mutant, sources[mutant.file])]
    counts = sum(found.values(), Counter[str]())
    return "\n".join([*table(found), "", "Not killed:", *(alive or ["none"]), ""]), counts
