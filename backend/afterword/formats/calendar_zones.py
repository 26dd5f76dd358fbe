"""Which zone an invitation's times are in: IANA names, those of Windows, and zones that it describes itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vDatetime, vRecur, vUTCOffset
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from afterword.errors import InvalidInput
from afterword.formats import instants
from afterword.formats.calendar_lines import Component, Property, refusal, shown
from afterword.policy.offsets import zone_with

#: Names that calendars give to UTC besides the IANA's.
UTC_NAMES = frozenset({"UTC", "GMT", "Z", "ETC/UTC", "TZONE://MICROSOFT/UTC", "COORDINATED UNIVERSAL TIME"})
MOST_CHANGES = 8
_TIME = re.compile(r"\d{8}T\d{6}Z?", re.ASCII)
# A year's turn of clocks and no more: every other rule could be worked on for hours.
_TURN = re.compile(
    r"(?=.*FREQ=YEARLY)(?=.*BYMONTH=)(?:(?:FREQ=YEARLY|BYMONTH=\d{1,2}|BYDAY=[+-]?\d?[A-Z]{2}|BYMONTHDAY=[-+]?\d{1,2}(?:,\d{1,2}){0,6}"
    r"|INTERVAL=1|WKST=[A-Z]{2}|UNTIL=\d{8}(?:T\d{6}Z?)?)(?:;|$))+"
)


@dataclass(frozen=True, slots=True)
class Zone:
    """What times are read by, the IANA name that is kept, and the reading that was taken, if it was one."""

    tzinfo: tzinfo
    name: str
    reading: str | None = None


def zone_of(time: Property, calendar: Component, own_zone: str) -> Zone:
    """The zone of a property with a time of day. `own_zone` is what a time that names none is read in."""
    if time.value.strip().upper().endswith("Z"):
        return _of_utc(calendar, own_zone)
    named = time.parameters.get("TZID", "").strip()
    if not named:
        reading = f"It names no time zone; its times are read by the clocks of {_place(own_zone)}, your own zone."
        return Zone(instants.zone(own_zone), own_zone, reading)
    if named.upper() in UTC_NAMES:
        return _of_utc(calendar, own_zone)
    known = _known(named)
    if known:
        return Zone(instants.zone(known), known, None if known == named else _read_as(named, known))
    return _described(time, named, calendar, own_zone)


def _of_utc(calendar: Component, own_zone: str) -> Zone:
    """Times in UTC say nothing of a place; Google's name the calendar's own beside them."""
    beside = _known(calendar.value("X-WR-TIMEZONE"))
    if beside:
        return Zone(UTC, beside, f"Its times are given in UTC; the zone is that of the calendar, {beside}.")
    return Zone(UTC, own_zone, f"Its times are given in UTC; the zone is your own, {own_zone}.")


def _known(name: str) -> str | None:
    """The IANA name for a name, or for what follows a maker's prefix: /example.org/Europe/Berlin."""
    parts = name.strip("/ ").split("/")[:10]
    for start in range(len(parts)):
        candidate = "/".join(parts[start:])
        if instants.is_zone_name(candidate):
            return candidate
        if candidate in WINDOWS_TO_OLSON:
            return WINDOWS_TO_OLSON[candidate]
    return None


def _described(time: Property, named: str, calendar: Component, own_zone: str) -> Zone:
    """A zone that only this calendar knows."""
    found = next((each for each in calendar.named("VTIMEZONE") if each.value("TZID") == named), None)
    if found is None:
        message = f"names the time zone {shown(named)}, which is neither known nor described in it"
        raise refusal(f"{message}; write one like TZID=America/New_York", time.line)
    located = _known(found.value("X-LIC-LOCATION"))
    if located:
        return Zone(instants.zone(located), located, _read_as(named, located))
    described = _as_tzinfo(found, named)
    name = _zone_like(described, time, own_zone)
    reading = f"Its time zone {shown(named)} is one of its own; the times are as it describes, and the zone is {name}."
    return Zone(described, name, reading)


def _zone_like(described: tzinfo, time: Property, own_zone: str) -> str:
    """The account's zone where its clocks show the same, else one of a fixed offset where just this one has a name."""
    local = local_time(time)
    in_utc(local, described, time)
    offset = described.utcoffset(local)
    if offset is None or instants.zone(own_zone).utcoffset(local) == offset:
        return own_zone
    return zone_with(offset) or own_zone


def in_utc(local: datetime, zone: tzinfo, time: Property) -> datetime:
    """The instant at which the zone's clocks show this."""
    try:
        return local.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
        # Only a zone that an invitation describes can fail, in as many ways as it can be described.
        raise refusal("describes a time zone that says nothing of this time; name one of IANA's", time.line) from None


def local_time(time: Property) -> datetime:
    """The time of day as it is written, without a zone."""
    written = time.value.strip().upper()
    local = _as_local(written.removesuffix("Z")) if _TIME.fullmatch(written) else None
    if local is None:
        raise refusal(f"has a time that is none: {shown(time.value)}; write it like 20260303T140000", time.line)
    if not instants.EARLIEST.year <= local.year <= instants.LATEST.year:
        raise refusal("is not of the years 2000 to 2100; mend the year", time.line)
    return local


def _as_local(written: str) -> datetime | None:
    try:
        local: datetime = vDatetime.from_ical(written)
    except ValueError:
        return None
    return local


def _as_tzinfo(described: Component, named: str) -> tzinfo:
    zone = Timezone()
    # A name that the library knows already, so that it remembers nothing of this one.
    zone.add("TZID", "UTC")
    for part in described.components[: MOST_CHANGES + 1]:
        zone.add_component(_change(part))
    if not 1 <= len(zone.subcomponents) <= MOST_CHANGES:
        raise refusal(f"describes the time zone {shown(named)} in no usable way; name one of IANA's", described.line)
    try:
        made: tzinfo = zone.to_tz(lookup_tzid=False)
    except (ValueError, TypeError, LookupError, AttributeError):
        raise _unusable(described) from None
    return made


def _change(part: Component) -> TimezoneStandard | TimezoneDaylight:
    change = TimezoneDaylight() if part.name == "DAYLIGHT" else TimezoneStandard()
    begins, rule = part.first("DTSTART"), part.first("RRULE")
    if begins is None or part.all("RDATE"):
        raise _unusable(part)
    try:
        change.add("DTSTART", vDatetime.from_ical(begins.value.strip().removesuffix("Z")))
        for name in ("TZOFFSETFROM", "TZOFFSETTO"):
            change.add(name, vUTCOffset.from_ical(part.value(name)))
        if rule:
            change.add("RRULE", vRecur.from_ical(_turn(rule)))
    except ValueError:
        raise _unusable(part) from None
    return change


def _turn(rule: Property) -> str:
    written = rule.value.strip().upper()
    if not _TURN.fullmatch(written):
        raise refusal("describes a time zone whose clocks do not turn once a year; name one of IANA's", rule.line)
    return written


def _unusable(part: Component) -> InvalidInput:
    return refusal("describes a time zone in a way that cannot be read; name one like TZID=Europe/Berlin", part.line)


def _read_as(named: str, known: str) -> str:
    return f"Its time zone {shown(named)} is read as {known}."


def _place(name: str) -> str:
    return name.rpartition("/")[2].replace("_", " ")
