"""When they said they would decide, told as a number of days: it is a day once it is known when it was said."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from afterword.policy.calendar import plus_days


def promised_day(said_at: datetime, zone: tzinfo, days: int) -> date:
    """The day so many calendar days after the local one on which it was said."""
    return plus_days(said_at.astimezone(zone).date(), days)
