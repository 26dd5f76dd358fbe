"""Whatever is sent as an invitation is read or refused at `text`, in bounded time: no other exception."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afterword.errors import InvalidInput
from afterword.formats.calendar_invitation import LARGEST_TEXT, CalendarInvitation, read
from support.invitations import CORPUS, an_event, corpus

IN_NAME = re.compile(r"\w@\w")
TEXTS = sorted(path.stem for path in CORPUS.glob("*.ics"))
LINES = sorted({line for name in TEXTS for line in corpus(name).splitlines()})
ODD_LINES = st.sampled_from([
    "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "BEGIN:STANDARD", "END:STANDARD", "BEGIN:",
    "END:VCALENDAR", "BEGIN:VCALENDAR", " folded", "\t", ":", ";", ";:", "=", "A=B", "\\", '"', 'X;Y="', 'X;Y=":1',
    "DTSTART:20260303T190000Z", "DTSTART;TZID=Customized Time Zone:20260702T090000", "DTSTART:20260303T190060Z",
    "DTSTART;TZID=:20260702T090000", "DTSTART;TZID=a,b:20260702T090000", "DTSTART:\uff12\uff10\uff12\uff160303T190000",
    "DTEND:00000000T000000",
    "DTEND;VALUE=PERIOD:20260303T190000Z/PT1H", "DTEND:20000101T000000", "DTSTART;TZID=Asia/Tokyo:20000101T000000",
    "DTSTART:21001231T235959Z", "DURATION:P1Y", "DURATION:PT", "DURATION:-P1W", "DURATION:PT1H", "DURATION:P9999999D",
    "UID:", "UID:1", "UID:\\n", "RECURRENCE-ID:", "RECURRENCE-ID:1", "SEQUENCE:-1", "SEQUENCE:99999999999999999999",
    "SEQUENCE:²", "ATTENDEE:", "ATTENDEE;CN=:mailto:", "ATTENDEE;CN=@:mailto:@@.@", "ATTENDEE;CN=a,b;CN=c:mailto:a@.b",
    "ORGANIZER;CN=^n^':mailto:a@b..c", "LOCATION:tel:", "CONFERENCE:https://", "URL:https://.zoom.us", "METHOD:CANCEL",
    "TZID:Customized Time Zone", "DTSTART:20260308T023000", "DTEND:20261101T013000", "X-WR-TIMEZONE:Europe/Paris",
    "RECURRENCE-ID;TZID=Customized Time Zone:20260702T090000", "RECURRENCE-ID;VALUE=DATE:20260702", "METHOD:REPLY",
    "DTSTAMP:20260201T080000Z", "ATTENDEE;CN=a@b:urn:x", "ATTENDEE;CN=@a@b@:mailto:a@b.c", "ATTENDEE;CN=(a@b.c:x",
    "DTSTART;TZID=Customized Time Zone:20260308T023000", "DTSTART;TZID=Customized Time Zone:20261101T013000",
    "RRULE:FREQ=YEARLY;BYMONTH=2;BYDAY=5SU", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "DTSTART:00010101T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=9MO", "RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=0",
    "TZOFFSETTO:+0000", "TZOFFSETTO:+2400", "TZOFFSETFROM:-000001", "RDATE:20260101T000000",
    "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "RRULE:FREQ=YEARLY;BYMONTH=13;BYDAY=9XX",
    "X-LIC-LOCATION:../etc/passwd",
    "X-WR-TIMEZONE:Factory", "RRULE:FREQ=YEARLY;BYMONTH=1;UNTIL=99999999", "TZNAME:;", "\x00", "\ud800", "\u2028",
])  # fmt: skip


def outcome(text: str, own_zone: str = "America/New_York") -> CalendarInvitation | None:
    """What was read; None where it was refused as documented."""
    try:
        return read(text, own_zone, ["me@mail.example"])
    except InvalidInput as error:
        refused = error
    assert [each.path for each in refused.problems] == ["text"]
    assert all(0 < len(each.message) < 1_000 for each in refused.problems)
    return None


def within_bounds(read: CalendarInvitation) -> None:
    assert len(read.people) <= 30
    assert read.starts_at < read.ends_at
    assert len(read.external_id) <= 200
    assert all(len(each) < 1_000 for each in read.readings)
    assert all(0 < len(each.name) <= 200 and not IN_NAME.search(each.name) for each in read.people)


@given(text=st.text(max_size=400))
def test_any_text(text: str) -> None:
    outcome(text)


@given(raw=st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    outcome(raw.decode("latin-1"))
    outcome(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{raw.decode('latin-1')}\nEND:VEVENT\nEND:VCALENDAR")


@given(name=st.sampled_from(TEXTS), kept=st.floats(0, 1))
def test_any_part_of_an_invitation(name: str, kept: float) -> None:
    text = corpus(name)
    outcome(text[: int(len(text) * kept)])
    outcome(text[int(len(text) * kept) :])


@given(
    name=st.sampled_from(TEXTS),
    changes=st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from(["before", "in place", "out"]), ODD_LINES | st.sampled_from(LINES)),
        min_size=1,
        max_size=6,
    ),
    own_zone=st.sampled_from(["UTC", "Asia/Kathmandu", "Pacific/Apia"]),
)
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_line_changed(name: str, changes: list[tuple[float, str, str]], own_zone: str) -> None:
    lines = corpus(name).splitlines()
    for place, how, line in changes:
        at = int(place * len(lines))
        lines[at : at + (how != "before")] = [] if how == "out" else [line]
    told = outcome("\n".join(lines), own_zone)
    if told is not None:
        within_bounds(told)


def repeated(line: str) -> str:
    return (line * (LARGEST_TEXT // len(line) + 1))[: LARGEST_TEXT - 200]


@pytest.mark.parametrize(
    "text",
    [
        an_event("SUMMARY:" + "x" * 190_000),
        an_event("SUMMARY:" + "\n ".join(["x" * 60] * 3_000)),
        an_event(repeated("X:Y\n")),
        an_event("\n" * 190_000),
        an_event(*["A:B"] * 4_900),
        an_event(*["ATTENDEE;CN=A:mailto:a@b.c"] * 4_900),
        an_event(*['SUMMARY;X="a,b":' + "\\n" * 15] * 4_000),
        an_event("SUMMARY" + repeated(";A=B")),
        an_event("SUMMARY;A=" + repeated(',"b"')),
        an_event("SUMMARY;A=" + " " * 190_000 + ":x"),
        an_event("SUMMARY" + repeated("\\;")),
        an_event("ATTENDEE;CN=A:mailto:a@" + "." * 190_000 + "@"),
        an_event("LOCATION:" + repeated("https://zoom.us.")),
        an_event("ATTENDEE;CN=" + "a" * 95_000 + "@" + "b" * 95_000 + ":urn:x"),
        an_event(*["ATTENDEE;CN=" + "<" * 30 + "a@b:urn:x"] * 3_000),
        (an_event() * 1_000)[:190_000] + "\nEND:VEVENT\nEND:VCALENDAR",
        (an_event("DTSTAMP:20260201T080000Z") * 550).replace("VERSION:2.0", "METHOD:REPLY"),
        an_event("DTSTART:" + "2" * 190_000),
        an_event("DURATION:P" + "9" * 190_000 + "D"),
        an_event("SEQUENCE:" + "9" * 190_000),
        an_event("DTSTART;TZID=" + repeated("/Europe/Berlin") + ":20260303T140000"),
        corpus("customized-zone").replace("BYMONTH=11", "BYMONTH=11;" + repeated("FREQ=YEARLY;")),
        repeated("BEGIN:VCALENDAR\n"),
        repeated("BEGIN:VEVENT\nEND:VEVENT\n"),
        "BEGIN:VCALENDAR\n" + repeated("BEGIN:X\n")[:150_000],
        an_event("BEGIN:VALARM\n" * 500 + "END:VALARM\n" * 500),
        " " * 190_000,
    ],
    ids=lambda text: f"{len(text)}",
)
def test_large_ones_take_bounded_time(text: str) -> None:
    # The processor's time, because the machine may have other things to do.
    started = time.process_time()
    outcome(text)
    assert time.process_time() - started < 2
