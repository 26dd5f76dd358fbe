"""Times at which what is put off could come back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.policy.calendar import LocalCalendar
from afterword.policy.snoozes import TIMES, snooze_times
from afterword.policy.timeline import Action, Window
from support.small_facts import utc

WEEKDAYS = frozenset(range(5))
BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = utc("2026-03-03 12:00")


def calendar(zone: ZoneInfo = BERLIN, *holidays: date) -> LocalCalendar:
    return LocalCalendar(zone, WEEKDAYS, frozenset(holidays), time(9), time(17))


def action(window: Window | None, state: str = "open", opportunity: str | None = "acme") -> Action:
    return Action(
        "recap", "recap", 1, "Recap", state, optional=False, message=False, window=window, opportunity=opportunity,
        interview="i1", wait=None, person=None, channel=None, why="", checklist=(), sources=(), dissent=(),
    )  # fmt: skip


def told(at: datetime, window: Window | None = None, local: LocalCalendar | None = None) -> dict[str, str]:
    times = snooze_times(action(window), at, local or calendar())
    return {each.time: each.until.astimezone(BERLIN).strftime("%a %d %H:%M") for each in times}


def test_without_an_end_each_time_is_offered_once_in_order() -> None:
    assert told(TUESDAY) == {"later_today": "Tue 03 16:00", "tomorrow": "Wed 04 09:00", "in_a_week": "Tue 10 09:00"}


def test_late_in_the_day_nothing_is_put_off_into_the_night() -> None:
    assert "later_today" not in told(utc("2026-03-03 18:00"))
    assert "later_today" not in told(utc("2026-03-03 22:30"))


def test_in_the_night_the_morning_is_later_today() -> None:
    assert told(utc("2026-03-03 01:00"))["later_today"] == "Tue 03 07:00"


def test_before_a_weekend_the_next_working_day_is_another_than_tomorrow() -> None:
    friday = utc("2026-03-06 12:00")
    assert told(friday)["next_working_day"] == "Mon 09 09:00"
    assert told(friday, local=calendar(BERLIN, date(2026, 3, 9)))["next_working_day"] == "Tue 10 09:00"


def test_nothing_is_offered_that_would_be_too_late() -> None:
    due = Window(utc("2026-03-03 10:00"), due_at=utc("2026-03-05 16:00"))
    assert told(TUESDAY, due) == {
        "later_today": "Tue 03 16:00", "tomorrow": "Wed 04 09:00", "day_it_is_due": "Thu 05 09:00",
    }  # fmt: skip
    within_two_hours = Window(utc("2026-03-03 10:00"), due_at=utc("2026-03-03 14:00"))
    assert told(TUESDAY, within_two_hours) == {}


def test_what_is_overdue_is_bound_by_its_expiry_alone() -> None:
    overdue = Window(utc("2026-03-01 10:00"), due_at=utc("2026-03-02 16:00"), expires_at=utc("2026-03-04 20:00"))
    assert told(TUESDAY, overdue) == {"later_today": "Tue 03 16:00", "tomorrow": "Wed 04 09:00"}


def test_what_is_to_come_comes_back_no_sooner_than_it_opens() -> None:
    window = Window(utc("2026-03-05 12:00"), due_at=utc("2026-03-12 16:00"))
    times = snooze_times(action(window, "upcoming"), TUESDAY, calendar())
    assert [each.time for each in times] == ["in_a_week", "day_it_is_due"]


@pytest.mark.parametrize("state", ["done", "skipped", "lapsed"])
def test_what_is_over_is_not_put_off(state: str) -> None:
    assert snooze_times(action(Window(utc("2026-03-01 10:00")), state), TUESDAY, calendar()) == ()


def test_nor_is_advice_that_always_stands() -> None:
    assert snooze_times(action(None, opportunity=None), TUESDAY, calendar()) == ()


@given(
    hours=st.integers(0, 360 * 24),
    due=st.none() | st.integers(-20, 20),
    zone=st.sampled_from(["America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]),
)
def test_every_time_lies_ahead_in_order_with_a_name_of_its_own(hours: int, due: int | None, zone: str) -> None:
    at = utc("2026-01-01 00:00") + timedelta(hours=hours)
    window = None if due is None else Window(at, due_at=at + timedelta(days=due))
    times = snooze_times(action(window), at, calendar(ZoneInfo(zone)))
    assert [each.until for each in times] == sorted({each.until for each in times})
    assert all(each.until > at and each.time in TIMES for each in times)
    assert len({each.time for each in times}) == len(times)
