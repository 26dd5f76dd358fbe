"""Which of two revisions of the schema is newer, and on which schemas a release may run: migrations/README.md."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Revisions:
    """Those that a release knows, oldest first."""

    known: tuple[str, ...]

    @property
    def newest(self) -> str:
        return self.known[-1]

    def is_newer(self, revision: str | None) -> bool:
        """Whether a revision is newer than all we know. Of one that we do not know only the number says so."""
        number = _number(revision)
        return revision not in self.known and number is not None and number > (_number(self.newest) or 0)

    def reach(self, floor: str | None) -> bool:
        """Whether we know this revision, or by its number a newer one."""
        return floor in self.known or (_number(floor) is not None and not self.is_newer(floor))

    def objection(self, found: str | None, floor: str | None) -> str | None:
        """Why a release may not run on a schema at `found`, which is open from `floor` on; None where it may."""
        if found == self.newest or (self.is_newer(found) and self.reach(floor)):
            return None
        is_at = f"The database is at schema revision {found or 'none'}"
        if found is None or found in self.known:
            return f"{is_at}; this release needs {self.newest}. Run `afterword migrate`."
        if not self.is_newer(found):
            return f"{is_at}, which no release of Afterword has. Look whether DATABASE_URL names the right database."
        opened = f"from {floor} on" if floor else "of its own"
        return (
            f"{is_at}, on which only releases {opened} may run; this one knows none newer than {self.newest}. "
            "Start a newer release, or restore a backup from before the upgrade."
        )


def _number(revision: str | None) -> int | None:
    digits = re.match(r"\d+", revision or "", re.ASCII)
    return int(digits.group()) if digits else None
