"""The one place where the present is read.

Processes that share a database share its clock too: what one writes as due, another must not take for early or late
because their machines disagree. Between two looks at that clock time is counted by one that nobody sets.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class _Followed:
    """What the clock we follow showed when our own counter stood at `seconds`."""

    at: datetime
    seconds: float


_followed: _Followed | None = None


def of_this_machine() -> datetime:
    """What this machine's own clock shows, in UTC. Somebody may set it at any moment."""
    return datetime.now(UTC)  # noqa: TID251 -- this is the edge that the rule speaks of


def now() -> datetime:
    """The present in UTC: by the clock that is followed, else by this machine's."""
    if _followed is None:
        return of_this_machine()
    return _followed.at + timedelta(seconds=time.monotonic() - _followed.seconds)


def follow(at: datetime | None, seconds: float = 0.0) -> None:
    """Go by a clock that showed `at` when `time.monotonic()` was `seconds`; None: by this machine's again."""
    global _followed  # noqa: PLW0603 -- a process has one present
    _followed = None if at is None else _Followed(at.astimezone(UTC), seconds)
