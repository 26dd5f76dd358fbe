"""Local days and working days: the only place where a day becomes an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from afterword.policy.facts import Calendar

#: A calendar in which a whole year has no working day is read as having no days off.
LONGEST_CLOSURE = 366
EARLIEST_POLITE, LATEST_POLITE = time(7), time(21)


def plus_days(day: date, days: int) -> date:
    """The day so many calendar days on."""
    return day + timedelta(days)


@lru_cache(maxsize=4096)
def instant(zone: tzinfo, day: date, at: time) -> datetime:
    """A local wall-clock time in UTC. The same few days are asked for by every rule of every opportunity."""
    return datetime.combine(day, at, zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class LocalCalendar:
    """The working calendar as it holds for one opportunity, in one zone."""

    zone: tzinfo
    working_days: frozenset[int]
    holidays: frozenset[date]
    contact_from: time
    contact_until: time

    @classmethod
    def of(cls, calendar: Calendar, zone: tzinfo, holidays: frozenset[date] | None) -> LocalCalendar:
        """The account's calendar in `zone`; an opportunity's own holidays replace the account's."""
        days_off = calendar.holidays if holidays is None else holidays
        return cls(zone, calendar.working_days, days_off, calendar.contact_from, calendar.contact_until)

    def day(self, instant: datetime) -> date:
        """The local day of an instant."""
        return instant.astimezone(self.zone).date()

    def instant(self, day: date, at: time) -> datetime:
        """A local wall-clock time as an instant in UTC; one that a clock change leaves out is read as just after it."""
        return instant(self.zone, day, at)

    def opening(self, day: date) -> datetime:
        """The start of contact hours."""
        return instant(self.zone, day, self.contact_from)

    def closing(self, day: date) -> datetime:
        """The end of contact hours."""
        return instant(self.zone, day, self.contact_until)

    def is_working(self, day: date) -> bool:
        """Whether people are at work that day."""
        return day.weekday() in self.working_days and day not in self.holidays

    def working_day_from(self, day: date, step: int = 1) -> date:
        """The day itself if it is a working day, else the next one (`step` 1) or the one before (`step` -1)."""
        candidate = day
        for _ in range(LONGEST_CLOSURE):
            if self.is_working(candidate):
                return candidate
            candidate = plus_days(candidate, step)
        return day

    def plus_working_days(self, day: date, count: int) -> date:
        """The `count`th working day after `day`, or before it where `count` is negative."""
        step, left, a_week = (1 if count > 0 else -1), abs(count), len(self.working_days)
        while left > a_week > 0:
            # Whole weeks at once, so that a count of years is not a walk of thousands of days.
            weeks = (left - 1) // a_week
            reached = plus_days(day, step * 7 * weeks)
            left -= weeks * a_week - self._days_off_between(day, reached)
            day = reached
        for _ in range(left):
            day = self.working_day_from(plus_days(day, step), step)
        return day

    def _days_off_between(self, day: date, reached: date) -> int:
        """Holidays on weekdays that are worked, after the day and up to the one reached, whichever way."""
        days_off = [off for off in self.holidays if day < off <= reached or reached <= off < day]
        return sum(off.weekday() in self.working_days for off in days_off)

    def polite(self, instant: datetime) -> datetime:
        """The instant, or the next 07:00 local where it falls in the night."""
        local = instant.astimezone(self.zone)
        day = local.date() if local.time() <= LATEST_POLITE else plus_days(local.date(), 1)
        return max(instant, self.instant(day, EARLIEST_POLITE))

    def in_contact_hours(self, instant: datetime) -> datetime:
        """The instant, or the next start of contact hours where it falls outside them."""
        local = instant.astimezone(self.zone)
        day = local.date() if local.time() < self.contact_until else plus_days(local.date(), 1)
        return max(instant, self.opening(day))
