"""Invitations as calendars write them: what is read, by which readings, and what is refused where."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.invitations import an_event, corpus
from support.readings import OWN_ZONE, people, read_for_me, refused, said, times


def test_googles() -> None:
    read = read_for_me(corpus("google"))
    assert times(read) == ("2026-03-10T18:00:00Z", "2026-03-10T18:45:00Z", "America/New_York")
    assert people(read) == [("Ana Ruiz", "ana@acme.example"), ("Ben Okafor", "ben@acme.example")]
    assert (read.uid, read.external_id) == ("5k0example9mq2@google.com", "ics:5k0example9mq2@google.com")
    assert (read.sequence, read.status, read.format) == (0, "confirmed", "video")
    assert (read.summary, read.company) == ("Interview: Data engineer (Acme)", "Acme")
    assert read.readings == (
        "The company “Acme” is taken from addresses at acme.example; change it if it is another.",
        "It is by video: it links to meet.google.com.",
    )


def test_outlooks_with_a_zone_of_windows() -> None:
    read = read_for_me(corpus("outlook"))
    assert times(read) == ("2026-10-22T12:30:00Z", "2026-10-22T13:30:00Z", "Europe/Berlin")
    assert people(read) == [
        ("Müller, Jörg", "joerg.mueller@nordwind.co.uk"),
        ("Weiß, Carla", "carla.weiss@nordwind.co.uk"),
    ]
    assert (read.summary, read.company, read.sequence) == ("Gespräch Plattform", "Nordwind", 2)
    assert read.uid == "040000008200E00074C5B7101A82E00800000000B0EXAMPLE000000000000000010000000"
    assert said(read, "Its time zone “W. Europe Standard Time” is read as Europe/Berlin.")
    assert said(read, "it links to teams.microsoft.com")


def test_apples() -> None:
    read = read_for_me(corpus("apple"))
    assert times(read) == ("2026-04-07T04:30:00Z", "2026-04-07T06:00:00Z", "Asia/Kolkata")
    assert people(read) == [("Priya N.", "priya@kaveri.example")]
    assert said(read, "“Dev Rao” is left out: they have declined.")
    assert (read.format, read.uid) == ("onsite", "6F1E0B1C-1111-4222-8333-EXAMPLE00001")
    assert said(read, "It is on site: its place is “Tower B, 14 MG Road Bengaluru”.")


def test_a_schedulers() -> None:
    read = read_for_me(corpus("scheduler"))
    assert times(read) == ("2026-05-06T16:00:00Z", "2026-05-06T16:30:00Z", OWN_ZONE)
    assert people(read) == [("Tess Adler", "tess.adler@larkspur.example")]
    assert (read.format, read.company) == ("phone", "Larkspur")
    assert said(read, "Its times are given in UTC; the zone is your own, America/New_York.")
    assert said(read, "“Scheduling” is left out: nobody reads mail there.")


@pytest.mark.parametrize(
    ("own_zone", "zone"), [("America/Los_Angeles", "America/Los_Angeles"), ("Europe/Berlin", "Etc/GMT+7")]
)
def test_a_zone_that_only_the_invitation_knows(own_zone: str, zone: str) -> None:
    read = read_for_me(corpus("customized-zone"), own_zone)
    assert times(read) == ("2026-07-02T16:00:00Z", "2026-07-02T17:00:00Z", zone)
    assert said(read, f"one of its own; it is read as it is described, and is called {zone} here.")


def test_what_one_invitation_says_of_a_zone_is_forgotten_before_the_next() -> None:
    moved = corpus("outlook").replace("TZOFFSETTO:+0200", "TZOFFSETTO:+0900").replace("W. Europe", "Customized")
    assert times(read_for_me(moved))[0] == "2026-10-22T05:30:00Z"
    assert times(read_for_me(corpus("outlook").replace("W. Europe", "Customized")))[0] == "2026-10-22T12:30:00Z"
    message, line = refused(an_event("DTSTART;TZID=Customized Standard Time:20261022T143000"))
    assert (message.split(",")[0], line) == ("names the time zone “Customized Standard Time”", 6)


def test_one_that_is_called_off() -> None:
    assert read_for_me(corpus("called-off")).status == "cancelled"
    assert read_for_me(an_event("STATUS:CANCELLED")).status == "cancelled"
    assert read_for_me(an_event("STATUS:TENTATIVE")).status == "tentative"


def test_a_proposal_of_another_time_is_not_agreed() -> None:
    read = read_for_me(an_event().replace("VERSION:2.0", "METHOD:COUNTER"))
    assert read.status == "tentative"
    assert said(read, "It proposes another time, which is not agreed yet.")


def test_one_occurrence_of_a_series_is_read_for_itself() -> None:
    read = read_for_me(corpus("one-of-a-series"))
    assert times(read) == ("2026-03-10T14:00:00Z", "2026-03-10T15:00:00Z", "Europe/Berlin")
    assert read.external_id == "ics:weekly-1@acme.example#20260309T090000Z"
    assert said(read, "It is one occurrence of a series; the series is left alone.")


def test_a_zone_named_beside_times_in_utc_is_taken() -> None:
    text = an_event("DTSTART:20260303T190000Z").replace("VERSION:2.0", "X-WR-TIMEZONE:Europe/Paris")
    assert read_for_me(text).time_zone == "Europe/Paris"


@pytest.mark.parametrize(
    ("lines", "format"),
    [
        (["LOCATION:https://acme.zoom.us/j/555"], "video"),
        (["LOCATION:Video call"], "video"),
        (["LOCATION:Phone call\\, we will ring you"], "phone"),
        (["LOCATION:tel:+1-555-0100"], "phone"),
        (["CONFERENCE;VALUE=URI:tel:+1-555-0100"], "phone"),
        (["CONFERENCE;VALUE=URI:https://meet.jit.si/example"], "video"),
        (["DESCRIPTION:see https://zoom.us.evil.example/j/1"], "onsite"),
        (["LOCATION:12 Callaghan Street"], "onsite"),
        ([], "onsite"),
    ],
)
def test_the_format_is_read_from_the_place_and_said(lines: list[str], format: str) -> None:
    read = read_for_me(an_event(*lines))
    assert read.format == format
    assert any(reading.startswith(("It is ", "It names no place")) for reading in read.readings)


@pytest.mark.parametrize(
    ("address", "company"),
    [
        ("ana@acme.example", "Acme"),
        ("ana@mail.acme.co.uk", "Acme"),
        ("ana@gmail.com", None),
        ("ana@us.greenhouse.io", None),
        ("ana@mail.example", None),
        ("ana@.b", None),
    ],
)
def test_a_company_is_suggested_by_addresses_that_are_its_own(address: str, company: str | None) -> None:
    read = read_for_me(an_event(f"ORGANIZER;CN=Ana:mailto:{address}"))
    assert read.company == company
    assert said(read, "change it if it is another") == (company is not None)


def test_a_company_that_is_named_is_taken() -> None:
    read = read_for_me(an_event('ORGANIZER;CN=Ana;ORG="Acme, Inc.":mailto:ana@gmail.com'))
    assert read.company == "Acme, Inc."


def test_thirty_people_are_enough() -> None:
    read = read_for_me(an_event(*[f"ATTENDEE;CN=P{each}:mailto:p{each}@acme.example" for each in range(40)]))
    assert len(read.people) == 30
    assert said(read, "It names 40 people; the first 30 are taken.")


def test_a_uid_that_is_too_long_for_an_external_id_is_hashed() -> None:
    read = read_for_me(an_event(uid="x" * 300))
    assert read.uid == "x" * 300
    assert len(read.external_id) == len("ics:") + 64


def test_line_ends_folds_and_what_stands_around_it_do_not_matter() -> None:
    text = corpus("google")
    for other in (text.replace("\n", "\r\n"), text.replace("\n", "\r"), f"\ufeffFrom: Ana\n\n{text}\n-- \nAna"):
        assert read_for_me(other) == read_for_me(text)


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("", "has no line BEGIN:VCALENDAR", None),
        ("Dear Ana, Tuesday at two?", "has no line BEGIN:VCALENDAR", None),
        ("BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR", "has no event", 1),
        ("BEGIN:VEVENT\nUID:1\nEND:VEVENT", "has no line BEGIN:VCALENDAR", None),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1", "is cut off: VEVENT does not end", 2),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", "ends VCALENDAR where VEVENT has to end first", 3),
        (an_event("this line is broken"), "is not written like NAME:value: “this line is broken”", 6),
        (an_event(no_start=True), "without a start (DTSTART)", 3),
        (an_event(uid=""), "without UID", 3),
        (an_event(uid="x" * 2000), "UID of more than 1,000", 3),
        (an_event("DTSTART;VALUE=DATE:20260303"), "is for a whole day", 6),
        (an_event("DTSTART:20260303"), "is for a whole day", 6),
        (an_event("DTSTART:20261303T140000"), "has a time that is none: “20261303T140000”", 6),
        (an_event("DTSTART:T"), "has a time that is none", 6),
        (an_event("DTSTART:19990303T140000Z"), "is not of the years 2000 to 2100", 6),
        (an_event("DTSTART:99990303T140000Z"), "is not of the years 2000 to 2100", 6),
        (an_event("DTSTART:20001231T140000Z", "DTEND:19991231T140000Z"), "is not of the years 2000 to 2100", 7),
        (an_event("DTSTART:20260303T140000Z", "DTEND:20260303T130000Z"), "ends before it starts", 7),
        (an_event("DTSTART:20260303T140000Z", "DTEND:20260305T140000Z"), "more than a day later", 7),
        (an_event("DTSTART:20260303T140000Z", "DURATION:-PT1H"), "ends before it starts", 7),
        (an_event("DTSTART:20260303T140000Z", "DURATION:an hour"), "has a duration that is none: “an hour”", 7),
        (an_event("DTSTART:20260303T140000Z", "DURATION:P99999999999D"), "has a duration that is none", 7),
        (an_event("RRULE:FREQ=WEEKLY"), "repeats; send one occurrence", 6),
        (an_event("RDATE:20260310T140000Z"), "repeats; send one occurrence", 6),
        (an_event("DTSTART;TZID=Nowhere/Land:20260303T140000"), "“Nowhere/Land”, which is neither known", 6),
        (an_event(uid="1") + an_event("SUMMARY:B", uid="2"), "has several events (“An interview”, “B”)", None),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line_and_a_remedy(text: str, words: str, line: int | None) -> None:
    message, found = refused(text)
    assert words in message
    assert found == line
    assert line is None or message.endswith(f"(line {line})")


def test_the_whole_corpus_is_read_here() -> None:
    here = Path(__file__).read_text()
    names = [path.stem for path in (Path(__file__).parents[1] / "data" / "invitations").glob("*.ics")]
    assert names
    assert all(f'corpus("{name}")' in here for name in names)
