"""Which zone an invitation's times are in: IANA names, those of Windows, and zones that it describes itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from afterword.formats import instants
from afterword.formats.calendar_clocks import in_utc, local_time
from afterword.formats.calendar_described_zones import described
from afterword.formats.calendar_lines import Component, Property, refusal, shown
from afterword.policy.offsets import zone_with

#: Names that calendars give to UTC besides the IANA's.
UTC_NAMES = frozenset({"UTC", "GMT", "Z", "ETC/UTC", "TZONE://MICROSOFT/UTC", "COORDINATED UNIVERSAL TIME"})


@dataclass(frozen=True, slots=True)
class Zone:
    """What times are read by, the IANA name that is kept, and the reading that was taken, if it was one."""

    tzinfo: tzinfo
    name: str
    reading: str | None = None


def named_zone(time: Property) -> str:
    """The name of the zone that a time names itself; empty where it names none."""
    named = time.parameters.get("TZID", "").strip()
    return "UTC" if time.value.strip().upper().endswith("Z") or named.upper() in UTC_NAMES else named


def zone_of(time: Property, calendar: Component, own_zone: str) -> Zone:
    """The zone of a property with a time of day. `own_zone` is the last that a time which names none is read in."""
    named = named_zone(time)
    if not named:
        return _of_no_name(calendar, own_zone)
    if named == "UTC":
        return _of_utc(calendar, own_zone)
    known = _known(named)
    if known:
        return Zone(instants.zone(known), known, None if known == named else _read_as(named, known))
    return _described(time, named, calendar, own_zone)


def _of_no_name(calendar: Component, own_zone: str) -> Zone:
    """The calendar's own zone is nearer to what was meant than the reader's."""
    beside = _known(calendar.value("X-WR-TIMEZONE"))
    name, whose = (beside, "the zone of its calendar (X-WR-TIMEZONE)") if beside else (own_zone, "your own zone")
    reading = f"It names no time zone; its times are read by the clocks of {_place(name)}, {whose}."
    return Zone(instants.zone(name), name, reading)


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
    clocks = described(found, named)
    name = _zone_like(clocks, time, own_zone)
    reading = (
        f"Its time zone {shown(named)} is one of its own; it is read as it is described, and is called {name} here."
    )
    return Zone(clocks, name, reading)


def _zone_like(clocks: tzinfo, time: Property, own_zone: str) -> str:
    """The account's zone where its clocks show the same, else one of a fixed offset where just this one has a name."""
    moment = in_utc(local_time(time), clocks, time)
    offset = moment.astimezone(clocks).utcoffset()
    if offset is None or moment.astimezone(instants.zone(own_zone)).utcoffset() == offset:
        return own_zone
    return zone_with(offset) or own_zone


def _read_as(named: str, known: str) -> str:
    return f"Its time zone {shown(named)} is read as {known}."


def _place(name: str) -> str:
    return name.rpartition("/")[2].replace("_", " ")
