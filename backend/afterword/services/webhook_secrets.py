"""The secrets of an endpoint: the newest, and former ones that go on signing until the receiver has changed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from afterword.formats.instants import written

MOST_LIVE = 3
USUAL_OVERLAP = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=7)

Former = Mapping[str, str]


def live(secrets: Sequence[str], former: Sequence[Former], now: datetime) -> list[str]:
    """What to sign with now, newest first."""
    return [*secrets, *(each["secret"] for each in _still(former, now))]


def overlap_ends_at(former: Sequence[Former], now: datetime) -> datetime | None:
    """When the last of the former secrets stops to sign beside the newest; None where none does."""
    return max((datetime.fromisoformat(each["until"]) for each in _still(former, now)), default=None)


def retired(secrets: Sequence[str], former: Sequence[Former], now: datetime, until: datetime) -> list[Former]:
    """The former secrets once the present ones have been replaced, as many as may sign beside the new one.

    None of them signs for longer than was asked for now: it may be one of the older ones that became known.
    """
    if until <= now:
        return []
    leaving: list[Former] = [{"secret": secret, "until": written(until)} for secret in secrets]
    before: list[Former] = [
        {**each, "until": written(min(datetime.fromisoformat(each["until"]), until))} for each in _still(former, now)
    ]
    return [*leaving, *before][: MOST_LIVE - 1]


def _still(former: Sequence[Former], now: datetime) -> list[Former]:
    return [each for each in former if datetime.fromisoformat(each["until"]) > now]
