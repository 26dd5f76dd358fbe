"""Names of zones that are always as far from UTC."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from afterword.policy.offsets import zone_with


@pytest.mark.parametrize("hours", range(-12, 13))
def test_whole_hours_have_a_name_that_is_exact(hours: int) -> None:
    name = zone_with(timedelta(hours=hours))
    assert name
    assert datetime(2026, 7, 1, tzinfo=ZoneInfo(name)).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize("offset", [timedelta(hours=5, minutes=30), timedelta(hours=13), timedelta(seconds=1)])
def test_other_offsets_have_none(offset: timedelta) -> None:
    assert zone_with(offset) is None
