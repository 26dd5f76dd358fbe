"""Instants, days, zones and hours of day as they are written in documents: RFC 3339, ISO 8601, IANA."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_NAIVE = re.compile(r"\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_HOUR = re.compile(r"\d{2}:\d{2}", re.ASCII)


def instant(value: object) -> datetime:
    """The instant a text names, still carrying the offset it was written with."""
    if isinstance(value, datetime):
        return _within(_with_offset(value))
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return _within(_calendar_time(value))
    if isinstance(value, str) and _INSTANT.fullmatch(value.replace(" ", "+")):
        raise ValueError("has a space where its offset has a +; in an address write that + as %2B, or use Z")
    if isinstance(value, str) and _NAIVE.fullmatch(value):
        raise ValueError("has no offset from UTC; write it like 2026-03-03T14:00:00-05:00")
    raise ValueError("is not an RFC 3339 instant; write it like 2026-03-03T14:00:00-05:00")


def day(value: object) -> date:
    """The calendar day a text names."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return _within_days(value)
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return _within_days(date.fromisoformat(value))
        except ValueError as impossible:
            raise ValueError(f"is not a day of the years 2000 to 2100: {impossible}") from None
    raise ValueError("is not a day; write it like 2026-03-10")


def hour(value: object) -> time:
    """The hour of day a text names, on a 24-hour clock."""
    if isinstance(value, time):
        return value
    if isinstance(value, str) and _HOUR.fullmatch(value):
        try:
            return time.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("is not a time of day; write it like 09:00")


def zone_name(value: str) -> str:
    """The name itself, when the IANA database has it."""
    if not is_zone_name(value):
        raise ValueError("is not a time zone of the IANA database; write one like America/New_York")
    return value


def is_zone_name(text: str) -> bool:
    """Whether the IANA database has a zone of this name."""
    return text in _zone_names()


def zone(name: str) -> ZoneInfo:
    """The zone of a name that was accepted."""
    return ZoneInfo(name)


def written(moment: datetime) -> str:
    """An instant as every answer writes it: RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    # Names that say nothing of a place: the machine's own setting, and a stand-in for none.
    return frozenset(available_timezones() - {"localtime", "posixrules", "Factory"})


def _calendar_time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError as impossible:
        raise ValueError(f"is not a possible time: {impossible}") from None


def _with_offset(value: datetime) -> datetime:
    if value.utcoffset() is None:
        raise ValueError("has no offset from UTC; write it like 2026-03-03T14:00:00-05:00")
    return value


def _within(value: datetime) -> datetime:
    # Aware values are compared without being converted: converting one of year 1 or 9999 overflows.
    if not EARLIEST <= value <= LATEST:
        raise ValueError("is outside the years 2000 to 2100")
    return value


def _within_days(value: date) -> date:
    if not EARLIEST.year <= value.year <= LATEST.year:
        raise ValueError("it is outside them")
    return value


def _schema(**keywords: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **keywords})


Instant = Annotated[
    datetime, BeforeValidator(instant), _schema(format="date-time", examples=["2026-03-03T14:00:00-05:00"])
]
Day = Annotated[date, BeforeValidator(day), _schema(format="date", examples=["2026-03-10"])]
Hour = Annotated[time, BeforeValidator(hour), _schema(pattern="^[0-2][0-9]:[0-5][0-9]$", examples=["09:00"])]
ZoneName = Annotated[str, AfterValidator(zone_name), _schema(examples=["America/New_York"])]
