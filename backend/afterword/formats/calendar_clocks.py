"""What clocks show, as an invitation writes it, and when those of a zone show it: also where they are turned."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timezone, tzinfo

from icalendar.prop import vDatetime

from afterword.formats import instants
from afterword.formats.calendar_lines import Property, refusal, shown

WHOSE = {"DTSTART": "start", "DTEND": "end"}
_TIME = re.compile(r"\d{8}T\d{6}Z?", re.ASCII)


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


def in_utc(local: datetime, zone: tzinfo, time: Property) -> datetime:
    """The instant at which the zone's clocks show this, as RFC 5545 (3.3.5) reads it: the first where they show it
    twice, and where they leave it out, what the clocks of before would show so."""
    try:
        first = local.replace(tzinfo=zone).astimezone(UTC)
        # Zones differ in which of the two offsets they tell of a time that is left out; that of before is the later.
        moment = max(first, local.replace(tzinfo=_fixed(first, zone)).astimezone(UTC))
        moment.astimezone(zone)
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
        # Only a zone that an invitation describes can fail, in as many ways as it can be described.
        raise refusal("describes a time zone that says nothing of this time; name one of IANA's", time.line) from None
    return moment


def _fixed(moment: datetime, zone: tzinfo) -> timezone:
    offset = moment.astimezone(zone).utcoffset()
    if offset is None:
        raise LookupError
    return timezone(offset)


def turned(local: datetime, moment: datetime, zone: tzinfo, time: Property) -> str | None:
    """How a time was read at which the clocks are turned, in a sentence; None at every other."""
    written, read = f"Its {WHOSE[time.name]}, {_told(local)},", moment.astimezone(zone)
    if read.replace(tzinfo=None, fold=0) != local:
        return f"{written} is left out by the clocks there, which go forward; it is read as {_told(read)}."
    if local.replace(tzinfo=zone, fold=1).utcoffset() != local.replace(tzinfo=zone).utcoffset():
        return f"{written} comes twice by the clocks there, which go back; the first is taken, {moment:%H:%M} in UTC."
    return None


def _told(local: datetime) -> str:
    return f"{local:%H:%M} on {local:%Y-%m-%d}"
