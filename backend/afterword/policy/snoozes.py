"""Times at which an action that is put aside could come back: suggestions, of which any may be chosen or none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from afterword.policy.calendar import LocalCalendar, plus_days
from afterword.policy.timeline import Window

A_WHILE = timedelta(hours=3)
TIMES = ("later_today", "tomorrow", "next_working_day", "day_it_is_due", "in_a_week")


class SnoozeTime(NamedTuple):
    """`time` is one of TIMES, `until` what that is (UTC)."""

    time: str
    until: datetime


def snooze_times(window: Window | None, at: datetime, calendar: LocalCalendar) -> tuple[SnoozeTime, ...]:
    """In the order of time, each instant once; none at which the action would be past its due, or have lapsed."""
    chosen: dict[datetime, SnoozeTime] = {}
    for each in _possible(window, at, calendar):
        if at < each.until < _end(window, at):
            chosen.setdefault(each.until, each)
    return tuple(chosen[until] for until in sorted(chosen))


def _possible(window: Window | None, at: datetime, calendar: LocalCalendar) -> Iterator[SnoozeTime]:
    today = calendar.day(at)
    later = calendar.polite(at + A_WHILE)
    if calendar.day(later) == today:
        yield SnoozeTime("later_today", later)
    tomorrow = plus_days(today, 1)
    yield SnoozeTime("tomorrow", calendar.opening(tomorrow))
    yield SnoozeTime("next_working_day", calendar.opening(calendar.working_day_from(tomorrow)))
    if window and window.due_at:
        yield SnoozeTime("day_it_is_due", calendar.opening(calendar.day(window.due_at)))
    yield SnoozeTime("in_a_week", calendar.opening(plus_days(today, 7)))


def _end(window: Window | None, at: datetime) -> datetime:
    """Until when a snooze still leaves time to act; what is overdue already is bound only by its expiry."""
    ends = (window.due_at, window.expires_at) if window else ()
    return min((end for end in ends if end is not None and end > at), default=datetime.max.replace(tzinfo=at.tzinfo))
