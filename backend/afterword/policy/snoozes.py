"""Times at which an action that is put aside could come back: suggestions, of which any may be chosen or none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from afterword.policy.calendar import LocalCalendar, plus_days
from afterword.policy.timeline import Action, Window

A_WHILE = timedelta(hours=3)
TO_PUT_OFF = ("overdue", "open", "upcoming", "snoozed")
TIMES = ("later_today", "tomorrow", "next_working_day", "day_it_is_due", "in_a_week")


class SnoozeTime(NamedTuple):
    """`time` is one of TIMES, `until` what that is (UTC)."""

    time: str
    until: datetime


def snooze_times(action: Action, at: datetime, calendar: LocalCalendar) -> tuple[SnoozeTime, ...]:
    """In the order of time, each instant once; none before the action opens, past its due, or when it has lapsed. None
    at all where there is nothing to put off: standing advice, and what is done, skipped or lapsed."""
    if action.opportunity is None or action.state not in TO_PUT_OFF:
        return ()
    window = action.window
    begin = max(at, window.opens_at) if window else at
    chosen: dict[datetime, SnoozeTime] = {}
    for each in _possible(window, at, calendar):
        if begin < each.until < _end(window, at):
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
