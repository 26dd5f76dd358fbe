"""Which event a text means: the invitation and not an answer to it, one occurrence of a series, the newest version."""

from __future__ import annotations

import re
from collections.abc import Callable

from afterword.formats.calendar_lines import Component, refusal, shown

LONGEST_UID = 1_000
MOST_EVENTS_NAMED = 5
#: Messages about an invitation that are none themselves.
NO_INVITATIONS = {
    "REPLY": "is somebody's answer to an invitation",
    "REFRESH": "asks for an invitation to be sent again",
    "DECLINECOUNTER": "turns down another time that was proposed",
}
_STAMP = re.compile(r"\d{8}T\d{6}Z", re.ASCII)
Found = tuple[Component, Component]


def meant(calendars: list[Component], note: Callable[[str], None]) -> Found:
    """The one event that is meant, with its calendar."""
    if not calendars:
        raise refusal("has no line BEGIN:VCALENDAR; paste the whole text of an .ics file, or drop the file")
    events = _invitations(calendars, note)
    if not events:
        raise refusal("has no event (BEGIN:VEVENT); send the invitation itself", calendars[0].line)
    if len({uid(event) for _, event in events}) > 1:
        raise refusal(f"has several events ({_named(events)}); send one of them alone")
    return _version(_occurrences(events, note), note)


def uid(event: Component) -> str:
    written = event.value("UID")
    if not written:
        raise refusal("has an event without UID, by which it would be known again; send it as it came", event.line)
    if len(written) > LONGEST_UID:
        raise refusal(f"has a UID of more than {LONGEST_UID:,} characters; send it as it came", event.line)
    return written


def sequence(event: Component) -> int:
    written = event.value("SEQUENCE")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0


def called_off(calendar: Component, event: Component) -> bool:
    return _method(calendar) == "CANCEL" or event.value("STATUS").upper() == "CANCELLED"


def _invitations(calendars: list[Component], note: Callable[[str], None]) -> list[Found]:
    """Every event, without those of messages that only speak of an invitation."""
    others = {_method(each): each for each in calendars if _method(each) in NO_INVITATIONS}
    left = [each for each in calendars if _method(each) not in others]
    for name, first in others.items():
        what = f"{NO_INVITATIONS[name]} (METHOD:{name})"
        if not left:
            method = first.first("METHOD")
            raise refusal(f"{what}; send the invitation itself", method.line if method else first.line)
        note(f"A part of it {what}, and is left out.")
    return [(calendar, event) for calendar in left for event in calendar.named("VEVENT")]


def _method(calendar: Component) -> str:
    return calendar.value("METHOD").upper()


def _occurrences(events: list[Found], note: Callable[[str], None]) -> list[Found]:
    """Those of the one occurrence that is told apart from its series, where one is."""
    apart = [each for each in events if each[1].first("RECURRENCE-ID")]
    if not apart or len(events) == 1:
        return events
    if len({event.value("RECURRENCE-ID") for _, event in apart}) > 1:
        raise refusal("has several occurrences of a series; send the one that is meant", apart[1][1].line)
    note("It is one occurrence of a series; the series is left alone.")
    return apart


def _version(events: list[Found], note: Callable[[str], None]) -> Found:
    newest = _newest(events)
    if len({_when(*each) for each in newest}) > 1:
        unlike = "has versions of the event that differ in when it is, or in whether it is called off"
        remedy = "none of them says that it is the newest (SEQUENCE, DTSTAMP, LAST-MODIFIED); send the newest alone"
        raise refusal(f"{unlike}, and {remedy}", newest[1][1].line)
    if len(newest) > 1:
        note(f"It has {len(newest)} versions of the event, equally new and at the same time; the first is read.")
    elif len(events) > 1:
        note(f"It has {len(events)} versions of the event; the newest is read.")
    return newest[0]


def _newest(events: list[Found]) -> list[Found]:
    """Those of the highest SEQUENCE, then of the latest stamps; a stamp tells nothing that one of them lacks."""
    highest = max(sequence(event) for _, event in events)
    left = [each for each in events if sequence(each[1]) == highest]
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        stamps = [event.value(name).upper() for _, event in left]
        if all(_STAMP.fullmatch(stamp) for stamp in stamps):
            left = [each for each, stamp in zip(left, stamps, strict=True) if stamp == max(stamps)]
    return left


def _when(calendar: Component, event: Component) -> tuple[object, ...]:
    """What two versions must agree in for the one to stand for the other."""
    times = [event.first(name) for name in ("DTSTART", "DTEND", "DURATION")]
    written = [(each.value.strip(), each.parameters.get("TZID")) if each else None for each in times]
    return (called_off(calendar, event), *written)


def _named(events: list[Found]) -> str:
    summaries = dict.fromkeys(shown(event.value("SUMMARY") or "untitled") for _, event in events)
    named = list(summaries)[:MOST_EVENTS_NAMED]
    more = len(events) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")
