"""When an event begins and ends, in which zone, and which occurrence of a series it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar.prop import vDuration

from afterword.errors import InvalidInput
from afterword.formats.calendar_clocks import in_utc, local_time, turned
from afterword.formats.calendar_lines import Component, Property, refusal, shown
from afterword.formats.calendar_zones import Zone, named_zone, zone_of
from afterword.formats.facts_contradictions import length_problem
from afterword.formats.instants import EARLIEST, LATEST
from afterword.policy.facts import end_after, usual_end

Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Start:
    written: Property
    zone: Zone
    at: datetime


def times(calendar: Component, event: Component, own_zone: str, note: Note) -> tuple[Zone, datetime, datetime]:
    """The zone that is kept, and both instants in UTC; readings are noted."""
    start = _start(calendar, event, own_zone, note)
    ends_at = _end(calendar, event, start, own_zone, note)
    if length_problem(start.at, ends_at):
        raise _wrong_length(event, start)
    return start.zone, start.at, ends_at


def occurrence(calendar: Component, event: Component, own_zone: str) -> str:
    """Which occurrence of a series it is: as its instant in UTC, because one calendar writes it in a zone and the next
    in UTC, and both mean the same. A day, or a time without a zone, is no instant and stays as it is written."""
    recurrence = event.first("RECURRENCE-ID")
    if recurrence is None or _is_day(recurrence) or not named_zone(recurrence):
        return event.value("RECURRENCE-ID")
    zone = zone_of(recurrence, calendar, own_zone)
    return f"{in_utc(local_time(recurrence), zone.tzinfo, recurrence):%Y%m%dT%H%M%SZ}"


def _start(calendar: Component, event: Component, own_zone: str, note: Note) -> _Start:
    begins, ends = event.first("DTSTART"), event.first("DTEND")
    if begins is None:
        raise refusal("has an event without a start (DTSTART); send it as it came, or type when it was", event.line)
    _refuse_whole_day(begins)
    told = begins
    if ends is not None and named_zone(ends) and not named_zone(begins):
        note("Its start names no time zone; it is read in that of its end.")
        told = ends
    zone = zone_of(told, calendar, own_zone)
    if zone.reading:
        note(zone.reading)
    return _Start(begins, zone, _instant(begins, zone, note))


def _end(calendar: Component, event: Component, start: _Start, own_zone: str, note: Note) -> datetime:
    ends, lasts = event.first("DTEND"), event.first("DURATION")
    if ends is not None:
        _refuse_whole_day(ends)
        ends_at = _instant(ends, _zone_of_end(calendar, ends, start, own_zone, note), note)
        if ends_at != start.at:
            return ends_at
    elif lasts is not None:
        return _within_years(_after(start.at, lasts), lasts)
    note(f"It {'ends when it starts' if ends else 'names no end'}; it is taken to last an hour.")
    return usual_end(start.at)


def _zone_of_end(calendar: Component, ends: Property, start: _Start, own_zone: str, note: Note) -> Zone:
    """That of the start, unless the end names another one."""
    named, begun = named_zone(ends), named_zone(start.written)
    if begun and not named:
        note("Its end names no time zone; it is read in that of its start.")
    if not begun or named in ("", begun):
        return start.zone
    zone = zone_of(ends, calendar, own_zone)
    if zone.tzinfo is UTC:
        return zone
    if zone.name != start.zone.name:
        note(f"Its end names another time zone, {shown(named)}, and is read in it; that of its start is kept.")
    if zone.reading:
        note(zone.reading)
    return zone


def _after(starts_at: datetime, lasts: Property) -> datetime:
    try:
        return end_after(starts_at, vDuration.from_ical(lasts.value.strip().upper()))
    except (ValueError, OverflowError):
        message = f"has a duration that is none: {shown(lasts.value)}; write it like PT1H"
        raise refusal(message, lasts.line) from None


def _wrong_length(event: Component, start: _Start) -> InvalidInput:
    message = "ends before it starts, or more than a day later; mend its end, or type when it was"
    reading = turned(local_time(start.written), start.at, start.zone.tzinfo, start.written)
    last = event.first("DTEND") or event.first("DURATION") or start.written
    return refusal(f"{message}. {reading.removesuffix('.')}" if reading else message, last.line)


def _is_day(time: Property) -> bool:
    return time.parameters.get("VALUE", "").upper() == "DATE" or "T" not in time.value.upper()


def _refuse_whole_day(time: Property) -> None:
    if _is_day(time):
        raise refusal("is for a whole day; type when the interview began", time.line)


def _instant(time: Property, zone: Zone, note: Note) -> datetime:
    local = local_time(time)
    moment = _within_years(in_utc(local, zone.tzinfo, time), time)
    reading = turned(local, moment, zone.tzinfo, time)
    if reading:
        note(reading)
    return moment


def _within_years(moment: datetime, time: Property) -> datetime:
    if not EARLIEST <= moment <= LATEST:
        raise refusal("is not of the years 2000 to 2100; mend the year", time.line)
    return moment.astimezone(UTC)
