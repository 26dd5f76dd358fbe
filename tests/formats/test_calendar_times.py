"""When an invitation is: ends and starts that name no zone, clocks that are turned, occurrences of a series."""

from __future__ import annotations

import pytest

from support.invitations import an_event, corpus
from support.readings import OWN_ZONE, read_for_me, refused, said, times

NAMED_BY_ITS_CALENDAR = ("VERSION:2.0", "X-WR-TIMEZONE:Europe/Paris")
BERLIN = "DTSTART;TZID=Europe/Berlin:20260303T140000"


def test_a_floating_time_is_read_by_the_accounts_clock_and_says_so() -> None:
    read = read_for_me(an_event("DTSTART:20260308T013000", "DTEND:20260308T033000"))
    assert times(read) == ("2026-03-08T06:30:00Z", "2026-03-08T07:30:00Z", OWN_ZONE)
    assert said(read, "It names no time zone; its times are read by the clocks of New York, your own zone.")


def test_a_floating_time_is_read_by_the_clock_of_its_calendar_first() -> None:
    read = read_for_me(an_event("DTSTART:20260303T140000", "DTEND:20260303T150000").replace(*NAMED_BY_ITS_CALENDAR))
    assert times(read) == ("2026-03-03T13:00:00Z", "2026-03-03T14:00:00Z", "Europe/Paris")
    words = "its times are read by the clocks of Paris, the zone of its calendar (X-WR-TIMEZONE)."
    assert said(read, words)


def test_a_calendar_whose_zone_is_unknown_leaves_the_accounts() -> None:
    text = an_event("DTSTART:20260303T140000").replace("VERSION:2.0", "X-WR-TIMEZONE:Nowhere/Land")
    assert times(read_for_me(text))[2] == OWN_ZONE


@pytest.mark.parametrize("own_zone", ["America/New_York", "Asia/Tokyo", "Europe/Berlin"])
def test_an_end_without_a_zone_is_in_that_of_the_start(own_zone: str) -> None:
    read = read_for_me(an_event(BERLIN, "DTEND:20260303T150000"), own_zone)
    assert times(read) == ("2026-03-03T13:00:00Z", "2026-03-03T14:00:00Z", "Europe/Berlin")
    assert said(read, "Its end names no time zone; it is read in that of its start.")
    assert not said(read, "your own zone")


def test_a_start_without_a_zone_is_in_that_of_the_end() -> None:
    read = read_for_me(an_event("DTSTART:20260303T140000", "DTEND;TZID=Europe/Berlin:20260303T150000"))
    assert times(read) == ("2026-03-03T13:00:00Z", "2026-03-03T14:00:00Z", "Europe/Berlin")
    assert said(read, "Its start names no time zone; it is read in that of its end.")


def test_an_end_without_a_zone_beside_a_start_in_utc_is_in_utc() -> None:
    read = read_for_me(an_event("DTSTART:20260303T140000Z", "DTEND:20260303T150000"))
    assert times(read)[:2] == ("2026-03-03T14:00:00Z", "2026-03-03T15:00:00Z")


def test_an_end_in_utc_needs_no_reading() -> None:
    read = read_for_me(an_event(BERLIN, "DTEND:20260303T140000Z", "LOCATION:Room 1"))
    assert times(read) == ("2026-03-03T13:00:00Z", "2026-03-03T14:00:00Z", "Europe/Berlin")
    assert read.readings == ("It is on site: its place is “Room 1”.",)


@pytest.mark.parametrize(
    ("zone", "readings"),
    [
        (
            "Romance Standard Time",
            [
                "Its end names another time zone, “Romance Standard Time”, and is read in it",
                "Its time zone “Romance Standard Time” is read as Europe/Paris.",
            ],
        ),
        ("Europe/Paris", ["Its end names another time zone, “Europe/Paris”, and is read in it"]),
        ("W. Europe Standard Time", ["Its time zone “W. Europe Standard Time” is read as Europe/Berlin."]),
    ],
)
def test_an_end_in_another_zone_says_how_it_was_read(zone: str, readings: list[str]) -> None:
    read = read_for_me(an_event(BERLIN, f"DTEND;TZID={zone}:20260303T150000"))
    assert times(read) == ("2026-03-03T13:00:00Z", "2026-03-03T14:00:00Z", "Europe/Berlin")
    assert all(said(read, words) for words in readings)
    assert said(read, "Its end names") == (len(readings) > 1 or zone == "Europe/Paris")


def test_a_zone_of_its_own_may_end_what_another_begins() -> None:
    text = corpus("customized-zone").replace(
        "DTSTART;TZID=Customized Time Zone:20260702T09", "DTSTART;TZID=Europe/Berlin:20260702T18"
    )
    read = read_for_me(text)
    assert times(read) == ("2026-07-02T16:00:00Z", "2026-07-02T17:00:00Z", "Europe/Berlin")
    assert said(read, "Its time zone “Customized Time Zone” is one of its own")


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ((), "It names no end; it is taken to last an hour."),
        (("DTEND:20260303T190000Z",), "It ends when it starts; it is taken to last an hour."),
    ],
)
def test_without_an_end_it_takes_an_hour_and_says_so(end: tuple[str, ...], words: str) -> None:
    read = read_for_me(an_event("DTSTART:20260303T190000Z", *end))
    assert times(read)[:2] == ("2026-03-03T19:00:00Z", "2026-03-03T20:00:00Z")
    assert said(read, words)


@pytest.mark.parametrize(
    ("zone", "start", "end", "instants", "words"),
    [
        (
            "America/New_York", "20260308T023000", "20260308T043000", ("07:30", "08:30"),
            "is left out by the clocks there, which go forward; it is read as 03:30 on 2026-03-08.",
        ),
        (
            "America/New_York", "20260308T013000", "20260308T023000", ("06:30", "07:30"),
            "Its end, 02:30 on 2026-03-08, is left out by the clocks there",
        ),
        (
            "America/New_York", "20261101T013000", "20261101T023000", ("05:30", "07:30"),
            "01:30 on 2026-11-01, comes twice by the clocks there, which go back; the first is taken, 05:30 in UTC.",
        ),
        (
            "America/New_York", "20261101T003000", "20261101T013000", ("04:30", "05:30"),
            "Its end, 01:30 on 2026-11-01, comes twice by the clocks there",
        ),
        (
            "Europe/Dublin", "20260329T013000", "20260329T023000", ("01:30", "02:30"),
            "Its start, 01:30 on 2026-03-29, is left out by the clocks there",
        ),
        (
            "Pacific/Apia", "20111230T100000", "20111231T110000", ("20:00", "21:00"),
            "it is read as 10:00 on 2011-12-31.",
        ),
    ],
)  # fmt: skip
def test_a_time_at_which_the_clocks_are_turned_is_read_by_the_rule_and_says_so(
    zone: str, start: str, end: str, instants: tuple[str, str], words: str
) -> None:
    read = read_for_me(an_event(f"DTSTART;TZID={zone}:{start}", f"DTEND;TZID={zone}:{end}"))
    assert (f"{read.starts_at:%H:%M}", f"{read.ends_at:%H:%M}") == instants
    assert said(read, words)


@pytest.mark.parametrize(
    ("start", "instant", "words"),
    [
        ("20260308T023000", "2026-03-08T10:30:00Z", "it is read as 03:30 on 2026-03-08."),
        ("20261101T013000", "2026-11-01T08:30:00Z", "the first is taken, 08:30 in UTC."),
        ("20261101T023000", "2026-11-01T10:30:00Z", None),
        ("20260308T013000", "2026-03-08T09:30:00Z", None),
        ("20260308T033000", "2026-03-08T10:30:00Z", None),
    ],
)
def test_the_clocks_of_a_zone_of_its_own_are_turned_likewise(start: str, instant: str, words: str | None) -> None:
    text = corpus("customized-zone").replace("20260702T090000", start)
    text = "\n".join(line for line in text.splitlines() if not line.startswith("DTEND"))
    read = read_for_me(text)
    assert times(read)[0] == instant
    assert said(read, words or "by the clocks there") == (words is not None)


def test_a_time_beside_the_turn_of_clocks_is_read_silently() -> None:
    read = read_for_me(an_event("DTSTART;TZID=America/New_York:20260308T033000"))
    assert times(read)[0] == "2026-03-08T07:30:00Z"
    assert not said(read, "by the clocks there")


def test_a_length_that_is_wrong_by_a_turn_of_clocks_is_refused_with_it() -> None:
    zone = "TZID=America/New_York"
    message, line = refused(an_event(f"DTSTART;{zone}:20260308T023000", f"DTEND;{zone}:20260308T030000"))
    assert message.startswith("ends before it starts")
    assert "Its start, 02:30 on 2026-03-08, is left out by the clocks there" in message
    assert line == 7


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (";TZID=Europe/Berlin:20260309T100000", "20260309T090000Z"),
        (";TZID=W. Europe Standard Time:20260309T100000", "20260309T090000Z"),
        (";TZID=America/New_York:20260309T050000", "20260309T090000Z"),
        (":20260309T090000Z", "20260309T090000Z"),
        (";VALUE=DATE:20260309", "20260309"),
        (":20260309T100000", "20260309T100000"),
    ],
)
def test_an_occurrence_is_known_again_however_its_instant_is_written(written: str, told: str) -> None:
    read = read_for_me(an_event(f"RECURRENCE-ID{written}", BERLIN, "DTEND;TZID=Europe/Berlin:20260303T150000"))
    assert read.external_id == f"ics:1@acme.example#{told}"


def test_an_occurrence_in_an_unknown_zone_is_refused() -> None:
    message, line = refused(an_event("RECURRENCE-ID;TZID=Nowhere/Land:20260309T100000"))
    assert "“Nowhere/Land”, which is neither known nor described" in message
    assert line == 6
