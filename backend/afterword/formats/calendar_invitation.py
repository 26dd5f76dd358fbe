"""An invitation to an interview, as calendars send it (.ics): when, where, by whom, and each reading that was taken.

Whatever is not said plainly is refused with a remedy, or read in a way that `readings` states. Nothing is guessed
silently.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar.prop import vDuration

from afterword.formats import calendar_lines, calendar_people, calendar_place
from afterword.formats.calendar_lines import Component, Property, refusal, shown
from afterword.formats.calendar_people import Invited
from afterword.formats.calendar_zones import Zone, in_utc, local_time, zone_of
from afterword.formats.facts_contradictions import length_problem
from afterword.formats.instants import EARLIEST, LATEST
from afterword.policy.facts import end_after, usual_end

LARGEST_TEXT = 200_000
LONGEST_UID = 1_000
LONGEST_EXTERNAL_ID = 200
LONGEST_SUMMARY = 200
MOST_EVENTS_NAMED = 5
STATUSES = {"CANCELLED": "cancelled", "TENTATIVE": "tentative"}


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
    calendar, event = _event(calendar_lines.calendars(text), readings.append)
    _refuse_series(event)
    zone, starts_at, ends_at = _times(calendar, event, own_zone, readings.append)
    people, company = calendar_people.invited(event, own_addresses, readings.append)
    return CalendarInvitation(
        uid=_uid(event),
        external_id=_external_id(event),
        sequence=_sequence(event),
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


def _event(calendars: list[Component], note: Callable[[str], None]) -> tuple[Component, Component]:
    """The one event that is meant, with its calendar."""
    if not calendars:
        raise refusal("has no line BEGIN:VCALENDAR; paste the whole text of an .ics file, or drop the file")
    events = [(calendar, event) for calendar in calendars for event in calendar.named("VEVENT")]
    if not events:
        raise refusal("has no event (BEGIN:VEVENT); send the invitation itself", calendars[0].line)
    if len({_uid(event) for _, event in events}) > 1:
        raise refusal(f"has several events ({_named(events)}); send one of them alone")
    if len(events) == 1:
        return events[0]
    return _version(events, note)


def _version(events: list[tuple[Component, Component]], note: Callable[[str], None]) -> tuple[Component, Component]:
    """Of several events with one UID: the one occurrence that is told apart from its series, or the newest version."""
    occurrences = [each for each in events if each[1].first("RECURRENCE-ID")]
    if len(occurrences) > 1:
        raise refusal("has several occurrences of a series; send the one that is meant", occurrences[1][1].line)
    if occurrences:
        note("It is one occurrence of a series; the series is left alone.")
        return occurrences[0]
    note(f"It has {len(events)} versions of the event; the newest is read.")
    return max(events, key=lambda each: _sequence(each[1]))


def _named(events: list[tuple[Component, Component]]) -> str:
    summaries = dict.fromkeys(shown(event.value("SUMMARY") or "untitled") for _, event in events)
    named = list(summaries)[:MOST_EVENTS_NAMED]
    more = len(events) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _refuse_series(event: Component) -> None:
    for name in ("RRULE", "RDATE"):
        repeats = event.first(name)
        if repeats and not event.first("RECURRENCE-ID"):
            raise refusal("repeats; send one occurrence, or type when the interview was", repeats.line)


def _uid(event: Component) -> str:
    uid = event.value("UID")
    if not uid:
        raise refusal("has an event without UID, by which it would be known again; send it as it came", event.line)
    if len(uid) > LONGEST_UID:
        raise refusal(f"has a UID of more than {LONGEST_UID:,} characters; send it as it came", event.line)
    return uid


def _external_id(event: Component) -> str:
    occurrence = event.value("RECURRENCE-ID")
    whole = f"ics:{_uid(event)}{'#' if occurrence else ''}{occurrence}"
    return whole if len(whole) <= LONGEST_EXTERNAL_ID else f"ics:{hashlib.sha256(whole.encode()).hexdigest()}"


def _sequence(event: Component) -> int:
    written = event.value("SEQUENCE")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0


def _status(calendar: Component, event: Component, note: Callable[[str], None]) -> str:
    method = calendar.value("METHOD").upper()
    if method == "CANCEL":
        return "cancelled"
    if method == "COUNTER":
        note("It proposes another time, which is not agreed yet.")
        return "tentative"
    return STATUSES.get(event.value("STATUS").upper(), "confirmed")


def _times(
    calendar: Component, event: Component, own_zone: str, note: Callable[[str], None]
) -> tuple[Zone, datetime, datetime]:
    begins = event.first("DTSTART")
    if begins is None:
        raise refusal("has an event without a start (DTSTART); send it as it came, or type when it was", event.line)
    _refuse_whole_day(begins)
    zone = zone_of(begins, calendar, own_zone)
    if zone.reading:
        note(zone.reading)
    starts_at = _instant(begins, zone)
    ends_at = _end(calendar, event, starts_at, own_zone, note)
    wrong_length = length_problem(starts_at, ends_at)
    if wrong_length:
        last = event.first("DTEND") or event.first("DURATION") or begins
        raise refusal("ends before it starts, or more than a day later; mend its end, or type when it was", last.line)
    return zone, starts_at, ends_at


def _end(
    calendar: Component, event: Component, starts_at: datetime, own_zone: str, note: Callable[[str], None]
) -> datetime:
    ends, lasts = event.first("DTEND"), event.first("DURATION")
    if ends is not None:
        _refuse_whole_day(ends)
        ends_at = _instant(ends, zone_of(ends, calendar, own_zone))
        if ends_at != starts_at:
            return ends_at
    if ends is None and lasts is not None:
        return _within_years(_after(starts_at, lasts), lasts)
    note("It names no end; it is taken to last an hour.")
    return usual_end(starts_at)


def _after(starts_at: datetime, lasts: Property) -> datetime:
    try:
        return end_after(starts_at, vDuration.from_ical(lasts.value.strip().upper()))
    except (ValueError, OverflowError):
        message = f"has a duration that is none: {shown(lasts.value)}; write it like PT1H"
        raise refusal(message, lasts.line) from None


def _refuse_whole_day(time: Property) -> None:
    if time.parameters.get("VALUE", "").upper() == "DATE" or "T" not in time.value.upper():
        raise refusal("is for a whole day; type when the interview began", time.line)


def _instant(time: Property, zone: Zone) -> datetime:
    return _within_years(in_utc(local_time(time), zone.tzinfo, time), time)


def _within_years(moment: datetime, time: Property) -> datetime:
    if not EARLIEST <= moment <= LATEST:
        raise refusal("is not of the years 2000 to 2100; mend the year", time.line)
    return moment.astimezone(UTC)
