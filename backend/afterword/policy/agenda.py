"""When an action is to be thought of: now, next, within a week, later, or at any time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, tzinfo
from typing import NamedTuple

from afterword.policy.calendar import instant, plus_days
from afterword.policy.timeline import Action

WHENS = ("now", "next", "within_a_week", "later", "any_time")
A_WEEK = 7


class Agenda(NamedTuple):
    """Until when (UTC, exclusive) what opens is next, and until when it is within a week."""

    next_until: datetime
    week_until: datetime

    def when(self, action: Action) -> str | None:
        """One of WHENS; None for what is put aside, done or past."""
        if action.state in ("overdue", "open"):
            return "now" if action.window else "any_time"
        if action.state != "upcoming" or action.window is None:
            return None
        if action.window.opens_at < self.next_until:
            return "next"
        return "within_a_week" if action.window.opens_at < self.week_until else "later"


def agenda(actions: Iterable[Action], at: datetime, zone: tzinfo) -> Agenda:
    """Next is everything that opens on the same local day as the first of what is to come, however far ahead that is;
    a week is seven local days, of which the first is today's."""
    to_come = (action.window.opens_at for action in actions if action.state == "upcoming" and action.window)
    first = min(to_come, default=at)
    return Agenda(_midnight_after(first, 1, zone), _midnight_after(at, A_WEEK, zone))


def _midnight_after(moment: datetime, days: int, zone: tzinfo) -> datetime:
    return instant(zone, plus_days(moment.astimezone(zone).date(), days), time())
