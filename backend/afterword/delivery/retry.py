"""When a delivery that failed is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

#: The pause after each failed attempt; after the last there is no further one. 75.6 hours in all.
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_ATTEMPTS = len(PAUSES) + 1
LARGEST_JITTER = 0.2
LONGEST_WAIT_ASKED_FOR = timedelta(hours=10)


def next_attempt_at(
    attempt: int, failed_at: datetime, jitter: float, asked_to_wait: timedelta | None = None
) -> datetime | None:
    """When to try again after attempt number `attempt` (from 1) failed; None when it was the last.

    `jitter`, 0 to 1, lengthens the pause by up to a fifth and never shortens it. What the receiver asked for is the
    least pause, up to ten hours.
    """
    if attempt >= MOST_ATTEMPTS:
        return None
    pause = PAUSES[attempt - 1] * (1 + LARGEST_JITTER * jitter)
    floor = min(asked_to_wait or timedelta(0), LONGEST_WAIT_ASKED_FOR)
    return failed_at + max(pause, floor)


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """The pause a Retry-After header asks for, in either of its forms; None when it asks for none."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return timedelta(seconds=min(int(header.strip()[:9]), 10**8))
    try:
        until = parsedate_to_datetime(header)
        return max(until - now, timedelta(0))
    except (ValueError, TypeError, OverflowError):
        return None
