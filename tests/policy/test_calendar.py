"""Local days, working days, and the hours in which one may be reached."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.policy import calendar as calendars
from afterword.policy.calendar import LocalCalendar
from afterword.policy.facts import Calendar
from support.small_facts import INSTANT

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def calendar(working: frozenset[int], holidays: frozenset[date]) -> LocalCalendar:
    return LocalCalendar(UTC, working, holidays, time(9), time(17))


@given(
    day=DAYS,
    count=st.integers(-60, 60),
    working=st.frozensets(st.integers(0, 6), min_size=1),
    holidays=st.frozensets(DAYS, max_size=40),
    run=st.integers(0, 30),
)
def test_working_days_are_counted_as_on_a_wall_calendar(
    day: date, count: int, working: frozenset[int], holidays: frozenset[date], run: int
) -> None:
    closed = holidays | {day + timedelta(days=ahead) for ahead in range(3, 3 + run)}
    local = calendar(working, closed)
    expected, left = day, abs(count)
    while left:
        expected += timedelta(days=1 if count > 0 else -1)
        left -= local.is_working(expected)
    assert local.plus_working_days(day, count) == expected


class Counting(LocalCalendar):
    """Counts the days that are looked at."""

    looked_at: ClassVar[list[date]] = []

    def is_working(self, day: date) -> bool:
        self.looked_at.append(day)
        return LocalCalendar.is_working(self, day)


def test_seventy_years_of_mondays_are_counted_without_a_walk_through_every_day() -> None:
    local = Counting(UTC, frozenset({0}), frozenset(), time(9), time(17))
    Counting.looked_at.clear()
    assert local.plus_working_days(date(2026, 3, 3), 3660) == date(2026, 3, 2) + timedelta(weeks=3660)
    assert 0 < len(Counting.looked_at) <= 7


def test_ten_years_of_single_working_days_stay_inside_the_calendar() -> None:
    """The farthest that a playbook may count, from the first and the last year that facts may name."""
    local = calendar(frozenset({0}), frozenset())
    assert local.plus_working_days(date(2100, 12, 31), 3660) == date(2171, 2, 18)
    assert local.plus_working_days(date(2000, 1, 1), -3660) == date(1929, 11, 11)


WEEKDAYS = frozenset(range(5))
NEW_YORK = ZoneInfo("America/New_York")
#: 09:00 to 17:00 from Monday to Friday, in New York; Friday 3 and Monday 6 April 2026 are holidays.
EASTER = LocalCalendar(NEW_YORK, WEEKDAYS, frozenset({date(2026, 4, 3), date(2026, 4, 6)}), time(9), time(17))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
        (date(2026, 4, 7), -1, date(2026, 4, 2)),
        (date(2026, 4, 2), 5, date(2026, 4, 13)),
        (date(2026, 4, 7), -5, date(2026, 3, 27)),
        (date(2026, 4, 3), 6, date(2026, 4, 14)),  # from a holiday forward: 7 to 10, 13, 14
        (date(2026, 4, 6), -6, date(2026, 3, 26)),  # from a holiday back: 2, 1 April, 31, 30, 27, 26 March
        (date(2026, 4, 13), -6, date(2026, 4, 1)),  # a week back lies a holiday: 10, 9, 8, 7, 2, 1
        (date(2026, 3, 30), 6, date(2026, 4, 9)),  # a week on lies a holiday: 31, 1, 2, 7, 8, 9
        (date(2026, 4, 2), 0, date(2026, 4, 2)),
    ],
)
def test_holidays_at_either_end_are_counted_as_such(day: date, count: int, expected: date) -> None:
    assert EASTER.plus_working_days(day, count) == expected


def test_a_holiday_on_a_weekend_is_not_taken_off_twice() -> None:
    with_a_sunday = LocalCalendar(UTC, WEEKDAYS, frozenset({date(2026, 4, 5)}), time(9), time(17))
    assert with_a_sunday.plus_working_days(date(2026, 4, 2), 6) == date(2026, 4, 10)


def test_the_next_working_day_and_the_one_before() -> None:
    assert EASTER.working_day_from(date(2026, 4, 3)) == date(2026, 4, 7)
    assert EASTER.working_day_from(date(2026, 4, 6), -1) == date(2026, 4, 2)
    assert EASTER.working_day_from(date(2026, 4, 2)) == date(2026, 4, 2)


def test_a_year_without_a_working_day_is_no_calendar_to_go_by() -> None:
    """Of 366 days the last one may be the first that is worked; beyond, nothing is looked for."""
    day = date(2026, 3, 3)

    def closed_for(days: int) -> LocalCalendar:
        return calendar(frozenset(range(7)), frozenset(day + timedelta(days=ahead) for ahead in range(days)))

    assert closed_for(365).working_day_from(day) == date(2027, 3, 3)
    assert closed_for(366).working_day_from(day) == day


def test_a_calendar_without_a_working_day_counts_days_as_they_come() -> None:
    assert calendar(frozenset(), frozenset()).plus_working_days(date(2026, 3, 3), 2) == date(2026, 3, 5)


def test_an_opportunity_may_have_holidays_of_its_own() -> None:
    account = Calendar(UTC, WEEKDAYS, frozenset({date(2026, 4, 3)}), time(8), time(16, 30))
    usual = LocalCalendar.of(account, NEW_YORK, None)
    assert usual == LocalCalendar(NEW_YORK, WEEKDAYS, frozenset({date(2026, 4, 3)}), time(8), time(16, 30))
    assert LocalCalendar.of(account, NEW_YORK, frozenset()).is_working(date(2026, 4, 3))


def test_a_local_time_is_an_instant_in_utc() -> None:
    """New York is five hours behind in winter, four from 8 March 2026 on; 02:30 of that day is left out."""
    opens = EASTER.opening(date(2026, 3, 6))
    assert opens == datetime(2026, 3, 6, 14, tzinfo=UTC)
    assert opens.tzinfo is UTC
    assert EASTER.closing(date(2026, 3, 9)) == datetime(2026, 3, 9, 21, tzinfo=UTC)
    assert EASTER.instant(date(2026, 3, 8), time(2, 30)) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


def test_the_day_of_an_instant_is_the_local_one() -> None:
    midnight = datetime(2026, 3, 4, 5, tzinfo=UTC)
    assert EASTER.day(midnight) == date(2026, 3, 4)
    assert EASTER.day(midnight - INSTANT) == date(2026, 3, 3)


def test_no_more_instants_are_remembered_than_a_bound_allows() -> None:
    first = date(2000, 1, 1)
    for ahead in range(5000):
        EASTER.opening(first + timedelta(days=ahead))
    assert calendars.instant.cache_info().currsize < 5000


def new_york(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (new_york(3, 7), new_york(3, 7)),
        (new_york(3, 7) - INSTANT, new_york(3, 7)),
        (new_york(3, 0), new_york(3, 7)),
        (new_york(3, 21), new_york(3, 21)),
        (new_york(3, 21) + INSTANT, new_york(4, 7)),
        (new_york(7, 23, 59), new_york(8, 7)),
    ],
)
def test_nobody_is_disturbed_between_nine_in_the_evening_and_seven(at: datetime, expected: datetime) -> None:
    assert EASTER.polite(at.astimezone(UTC)) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (new_york(3, 9), new_york(3, 9)),
        (new_york(3, 9) - INSTANT, new_york(3, 9)),
        (new_york(3, 17) - INSTANT, new_york(3, 17) - INSTANT),
        (new_york(3, 17), new_york(4, 9)),
        (new_york(7, 20), new_york(8, 9)),
    ],
)
def test_calls_are_made_within_contact_hours(at: datetime, expected: datetime) -> None:
    assert EASTER.in_contact_hours(at.astimezone(UTC)) == expected
