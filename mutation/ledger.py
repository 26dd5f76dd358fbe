"""What is known already, in a file that outlives a killed run: a verdict counts while what it rests on is the same."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

#: What is copied, to be tested undisturbed by edits.
COPIED = (
    "backend",
    "tests",
    "migrations",
    "openapi",
    "docs",
    "mutation",
    "pyproject.toml",
    "README.md",
    "requirements-dev.lock",
)
#: What verdicts rest on: the policy, what reads facts and playbooks for it and writes its answers, and the tests.
DECISIVE = (
    *(f"backend/afterword/{name}" for name in ("policy", "formats", "playbooks", "services/timelines.py", "errors.py")),
    *(f"tests/{name}" for name in ("policy", "support", "conftest.py")),
    *("mutation", "requirements-dev.lock", "pyproject.toml"),
)
MADE = frozenset({"__pycache__", "node_modules"})
LEFT_OUT = shutil.ignore_patterns(*MADE, "*.pyc", ".*_cache")
TABLES = """
    CREATE TABLE IF NOT EXISTS measured (content TEXT PRIMARY KEY, answer TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS verdicts (
        content TEXT, mutant TEXT, verdict TEXT NOT NULL, test TEXT, seconds REAL NOT NULL,
        PRIMARY KEY (content, mutant)
    );
    CREATE TABLE IF NOT EXISTS killers (likeness TEXT PRIMARY KEY, test TEXT NOT NULL);
"""


class Verdict(NamedTuple):
    """What came of a mutant, the test that killed it, and how long that took."""

    verdict: str
    test: str | None
    seconds: float


def files(root: Path, names: tuple[str, ...]) -> Iterator[Path]:
    """The files under some names, in a fixed order."""
    for name in names:
        found = sorted((root / name).rglob("*")) if (root / name).is_dir() else [root / name]
        yield from (path for path in found if path.is_file() and MADE.isdisjoint(path.parts))


def content(root: Path) -> str:
    """A hash of all that verdicts rest on."""
    hashed = hashlib.sha256()
    for path in files(root, DECISIVE):
        body = path.read_bytes()
        hashed.update(f"{path.relative_to(root)}\0{len(body)}\0".encode() + body)
    return hashed.hexdigest()


def copied(root: Path, to: Path) -> Path:
    """A copy of the tree as it is now: what is tested, so that the tree itself is neither changed nor waited for."""
    shutil.rmtree(to, ignore_errors=True)
    for name in COPIED:
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        if (root / name).is_dir():
            shutil.copytree(root / name, to / name, ignore=LEFT_OUT)
        else:
            shutil.copy2(root / name, to / name)
    return to


class Ledger:
    """Verdicts by content and mutant, and which test killed what looks alike."""

    def __init__(self, path: Path, state: str) -> None:
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.executescript(TABLES)
        self.state = state

    def measured(self) -> dict[str, Any] | None:
        """What was measured of the tests on this content."""
        row = self.database.execute("SELECT answer FROM measured WHERE content = ?", (self.state,)).fetchone()
        return json.loads(row[0]) if row else None

    def note_measured(self, answer: dict[str, Any]) -> None:
        """Keeps this content's measurement in place of those before."""
        self.database.execute("DELETE FROM measured")
        self.database.execute("INSERT INTO measured VALUES (?, ?)", (self.state, json.dumps(answer)))

    def verdicts(self) -> dict[str, Verdict]:
        """All verdicts on this content, by mutant."""
        rows = self.database.execute(
            "SELECT mutant, verdict, test, seconds FROM verdicts WHERE content = ?", (self.state,)
        )
        return {mutant: Verdict(*rest) for mutant, *rest in rows}

    def note(self, mutant: str, likeness: str, found: Verdict) -> None:
        """Keeps one verdict."""
        self.database.execute("INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?, ?)", (self.state, mutant, *found))
        if found.verdict == "killed":
            self.database.execute("INSERT OR REPLACE INTO killers VALUES (?, ?)", (likeness, found.test))

    def killers(self) -> dict[str, str]:
        """The test that last killed a mutant of the same likeness."""
        return dict(self.database.execute("SELECT likeness, test FROM killers").fetchall())
