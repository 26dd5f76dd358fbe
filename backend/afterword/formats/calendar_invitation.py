"""An invitation to an interview, as calendars send it (.ics): when, where, by whom, and each reading that was taken.

Whatever is not said plainly is refused with a remedy, or read in a way that `readings` states. Nothing is guessed
silently.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from afterword.formats import calendar_lines, calendar_people, calendar_place, calendar_times, calendar_versions
from afterword.formats.calendar_lines import Component, refusal
from afterword.formats.calendar_people import Invited
from afterword.formats.calendar_versions import called_off, sequence, uid

LARGEST_TEXT = 200_000
LONGEST_EXTERNAL_ID = 200
LONGEST_SUMMARY = 200


@dataclass(frozen=True, slots=True)
class CalendarInvitation:
    """Instants are UTC. `external_id` is what an interview logged from it bears, so that a later version finds it."""

    uid: str
    external_id: str
    sequence: int
    status: str
    summary: str
    company: str | None
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    format: str
    people: tuple[Invited, ...]
    readings: tuple[str, ...]


def read(text: str, own_zone: str, own_addresses: Collection[str]) -> CalendarInvitation:
    """The invitation in a text. Raises InvalidInput at `text`, with the line where one is known."""
    readings: list[str] = []
    calendar, event = calendar_versions.meant(calendar_lines.calendars(text), readings.append)
    _refuse_series(event)
    zone, starts_at, ends_at = calendar_times.times(calendar, event, own_zone, readings.append)
    people, company = calendar_people.invited(event, own_addresses, readings.append)
    return CalendarInvitation(
        uid=uid(event),
        external_id=_external_id(calendar, event, own_zone),
        sequence=sequence(event),
        status=_status(calendar, event, readings.append),
        summary=event.value("SUMMARY")[:LONGEST_SUMMARY],
        company=company,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=zone.name,
        format=calendar_place.format_of(event, readings.append),
        people=people,
        readings=tuple(readings),
    )


def _refuse_series(event: Component) -> None:
    for name in ("RRULE", "RDATE"):
        repeats = event.first(name)
        if repeats and not event.first("RECURRENCE-ID"):
            raise refusal("repeats; send one occurrence, or type when the interview was", repeats.line)


def _external_id(calendar: Component, event: Component, own_zone: str) -> str:
    occurrence = calendar_times.occurrence(calendar, event, own_zone)
    whole = f"ics:{uid(event)}{'#' if occurrence else ''}{occurrence}"
    return whole if len(whole) <= LONGEST_EXTERNAL_ID else f"ics:{hashlib.sha256(whole.encode()).hexdigest()}"


def _status(calendar: Component, event: Component, note: Callable[[str], None]) -> str:
    if calendar.value("METHOD").upper() == "COUNTER":
        note("It proposes another time, which is not agreed yet.")
        return "tentative"
    if called_off(calendar, event):
        return "cancelled"
    return "tentative" if event.value("STATUS").upper() == "TENTATIVE" else "confirmed"
