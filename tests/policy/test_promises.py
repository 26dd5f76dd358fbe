"""Days from now as people count them: on the wall calendar of where it was said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.policy.promises import promised_day

NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("said_at", "zone", "days", "expected"),
    [
        ("2026-03-03T20:00:00+00:00", NEW_YORK, 7, "2026-03-10"),
        ("2026-03-04T04:30:00+00:00", NEW_YORK, 7, "2026-03-10"),
        ("2026-03-04T04:30:00+00:00", "Asia/Tokyo", 7, "2026-03-11"),
        ("2026-03-07T04:30:00+00:00", NEW_YORK, 2, "2026-03-08"),
        ("2026-03-08T04:59:00+00:00", NEW_YORK, 1, "2026-03-08"),
        ("2026-03-09T03:59:00+00:00", NEW_YORK, 1, "2026-03-09"),
        ("2026-10-31T03:59:00+00:00", NEW_YORK, 2, "2026-11-01"),
        ("2026-11-01T04:59:00+00:00", NEW_YORK, 1, "2026-11-02"),
        ("2026-11-02T04:59:00+00:00", NEW_YORK, 1, "2026-11-02"),
        ("2026-12-31T12:00:00+00:00", "UTC", 60, "2027-03-01"),
        ("2028-02-28T12:00:00+00:00", "UTC", 1, "2028-02-29"),
        ("2011-12-30T09:59:00+00:00", "Pacific/Apia", 1, "2011-12-30"),
    ],
)  # fmt: skip
def test_days_are_counted_where_it_was_said(said_at: str, zone: str, days: int, expected: str) -> None:
    found = promised_day(datetime.fromisoformat(said_at), ZoneInfo(zone), days)
    assert found == date.fromisoformat(expected)


@given(
    seconds=st.integers(0, 3_000_000_000),
    zone=st.sampled_from([NEW_YORK, "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    days=st.integers(1, 60),
)
def test_no_clock_change_adds_or_takes_a_day(seconds: int, zone: str, days: int) -> None:
    said_at = datetime(2000, 1, 2, tzinfo=UTC) + timedelta(seconds=seconds)
    local = said_at.astimezone(ZoneInfo(zone)).date()
    assert promised_day(said_at, ZoneInfo(zone), days) - local == timedelta(days)
