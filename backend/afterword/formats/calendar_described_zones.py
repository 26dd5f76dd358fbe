"""Time zones that an invitation describes (VTIMEZONE), worked out for this one reading and forgotten after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timezone, tzinfo
from typing import Any

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vDatetime, vRecur, vUTCOffset

from afterword.errors import InvalidInput
from afterword.formats.calendar_lines import Component, refusal, shown
from afterword.formats.calendar_turns import turn

MOST_CHANGES = 8
#: Calendars begin rules in 1601 or in the year 1, and every year since would be worked out. It is a leap year.
FIRST_YEAR = 1852
OFFSETS = ("TZOFFSETFROM", "TZOFFSETTO")


class DescribedZone(tzinfo):
    """What the library tells of local times, and UTC by the offsets alone: the library goes from UTC by which half of
    the year is called summer time, and is an hour off near a turn of clocks that are not described so."""

    def __init__(self, told: tzinfo, offsets: set[timezone]) -> None:
        self._told = told
        # Of a time that the clocks leave out it tells the offset of afterwards, the larger: the smaller comes first.
        self._offsets = sorted(offsets, key=lambda offset: offset.utcoffset(None))

    def utcoffset(self, moment: datetime | None) -> Any:
        return self._told.utcoffset(moment)

    def dst(self, _moment: datetime | None) -> None:
        return None

    def tzname(self, _moment: datetime | None) -> None:
        return None

    def fromutc(self, moment: datetime) -> datetime:
        for local, offset in self._candidates(moment.replace(tzinfo=UTC)):
            if self.utcoffset(local) == offset.utcoffset(None):
                return local
        raise LookupError("a described zone shows no time of day at this instant")

    def _candidates(self, moment: datetime) -> Iterator[tuple[datetime, timezone]]:
        for offset in self._offsets:
            for fold in (0, 1):
                yield moment.astimezone(offset).replace(tzinfo=self, fold=fold), offset


def described(zone: Component, named: str) -> DescribedZone:
    """The zone, whose name in the invitation is `named`."""
    made = Timezone()
    # A name that the library knows already, so that it remembers nothing of this one.
    made.add("TZID", "UTC")
    for part in zone.components[: MOST_CHANGES + 1]:
        made.add_component(_change(part))
    if not 1 <= len(made.subcomponents) <= MOST_CHANGES:
        raise refusal(f"describes the time zone {shown(named)} in no usable way; name one of IANA's", zone.line)
    try:
        offsets = {timezone(vUTCOffset.from_ical(part.value(name))) for part in zone.components for name in OFFSETS}
        return DescribedZone(made.to_tz(lookup_tzid=False), offsets)
    except (ValueError, TypeError, LookupError, AttributeError):
        raise _unusable(zone) from None


def _change(part: Component) -> TimezoneStandard | TimezoneDaylight:
    change = TimezoneDaylight() if part.name == "DAYLIGHT" else TimezoneStandard()
    begins, rule = part.first("DTSTART"), part.first("RRULE")
    if begins is None or part.all("RDATE"):
        raise _unusable(part)
    try:
        first = vDatetime.from_ical(begins.value.strip().removesuffix("Z"))
        change.add("DTSTART", first.replace(year=max(first.year, FIRST_YEAR)) if rule else first)
        for name in OFFSETS:
            change.add(name, vUTCOffset.from_ical(part.value(name)))
        if rule:
            change.add("RRULE", vRecur.from_ical(turn(rule, first.day)))
    except ValueError:
        raise _unusable(part) from None
    return change


def _unusable(part: Component) -> InvalidInput:
    return refusal("describes a time zone in a way that cannot be read; name one like TZID=Europe/Berlin", part.line)
