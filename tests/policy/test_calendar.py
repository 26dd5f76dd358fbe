"""Working days: counting whole weeks at once comes to the same as counting day by day."""

from __future__ import annotations

from datetime import UTC, date, time, timedelta
from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from afterword.policy.calendar import LocalCalendar

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
