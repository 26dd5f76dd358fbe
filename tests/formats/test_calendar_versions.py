"""Which of several events is meant: the newest version, one occurrence, and never an answer to an invitation."""

from __future__ import annotations

import pytest

from support.invitations import an_event
from support.readings import read_for_me, refused, said

AT_TWO, AT_FOUR = "DTSTART:20260303T140000Z", "DTSTART:20260303T160000Z"


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (["SEQUENCE:2"], ["SEQUENCE:10"]),
        (["SEQUENCE:0", "DTSTAMP:20260202T080000Z"], ["SEQUENCE:1", "DTSTAMP:20260201T080000Z"]),
        (["SEQUENCE:1", "DTSTAMP:20260201T080000Z"], ["SEQUENCE:1", "DTSTAMP:20260202T080000Z"]),
        (["DTSTAMP:20260201T080000Z"], ["DTSTAMP:20260202T080000Z"]),
        (["LAST-MODIFIED:20260201T080000Z"], ["LAST-MODIFIED:20260202T080000Z"]),
        (
            ["DTSTAMP:20260203T080000Z", "LAST-MODIFIED:20260201T080000Z"],
            ["DTSTAMP:20260203T080000Z", "LAST-MODIFIED:20260202T080000Z"],
        ),
    ],
)
@pytest.mark.parametrize("newer_first", [True, False])
def test_of_two_versions_the_newer_is_read(older: list[str], newer: list[str], newer_first: bool) -> None:
    texts = [an_event(*newer, AT_FOUR, "SUMMARY:Newer"), an_event(*older, AT_TWO, "SUMMARY:Older")]
    read = read_for_me("".join(texts if newer_first else reversed(texts)))
    assert read.summary == "Newer"
    assert read.starts_at.hour == 16
    assert said(read, "It has 2 versions of the event; the newest is read.")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([], []),
        (["DTSTAMP:20260201T080000Z"], ["DTSTAMP:20260201T080000Z"]),
        (["DTSTAMP:20260201T080000Z"], []),
        (["DTSTAMP:20260201T080000Z"], ["DTSTAMP:20260202T080000"]),
        (["DTSTAMP:20260201T080000Z"], ["LAST-MODIFIED:20260202T080000Z"]),
    ],
)
def test_versions_that_are_equally_new_are_refused_when_their_times_differ(one: list[str], other: list[str]) -> None:
    message, line = refused(an_event(*one, AT_TWO) + an_event(*other, AT_FOUR))
    assert message.startswith("has versions of the event that differ in when it is")
    assert "send the newest alone" in message
    assert line == 3 + len(an_event(*one, AT_TWO).splitlines())


def test_versions_that_are_equally_new_are_refused_when_one_is_called_off() -> None:
    assert "called off" in refused(an_event() + an_event("STATUS:CANCELLED"))[0]
    assert "called off" in refused(an_event() + an_event().replace("VERSION:2.0", "METHOD:CANCEL"))[0]


def test_of_versions_that_are_equally_new_and_at_the_same_time_the_first_is_read() -> None:
    read = read_for_me(an_event("SUMMARY:First") + an_event("SUMMARY:Second"))
    assert read.summary == "First"
    assert said(read, "It has 2 versions of the event, equally new and at the same time; the first is read.")


def test_several_occurrences_of_a_series_are_too_many() -> None:
    text = an_event("RECURRENCE-ID:20260303T190000Z") + an_event("RECURRENCE-ID:20260310T190000Z")
    assert refused(text)[0].startswith("has several occurrences of a series")


def test_of_two_versions_of_one_occurrence_the_newer_is_read() -> None:
    occurrence = "RECURRENCE-ID:20260303T190000Z"
    series = an_event("RRULE:FREQ=WEEKLY", "SEQUENCE:9")
    read = read_for_me(series + an_event(occurrence, "SEQUENCE:1", AT_FOUR) + an_event(occurrence, AT_TWO))
    assert read.starts_at.hour == 16
    assert said(read, "It is one occurrence of a series; the series is left alone.")
    assert said(read, "It has 2 versions of the event; the newest is read.")


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("REPLY", "is somebody's answer to an invitation (METHOD:REPLY); send the invitation itself"),
        ("reply", "is somebody's answer to an invitation (METHOD:REPLY); send the invitation itself"),
        ("REFRESH", "asks for an invitation to be sent again (METHOD:REFRESH)"),
        ("DECLINECOUNTER", "turns down another time that was proposed (METHOD:DECLINECOUNTER)"),
    ],
)
def test_a_message_about_an_invitation_is_none(method: str, words: str) -> None:
    message, line = refused(an_event().replace("VERSION:2.0", f"METHOD:{method}"))
    assert words in message
    assert line == 2


def test_an_answer_beside_the_invitation_is_left_out() -> None:
    answer = an_event("SEQUENCE:3", AT_FOUR).replace("VERSION:2.0", "METHOD:REPLY")
    read = read_for_me(answer + an_event(AT_TWO))
    assert read.starts_at.hour == 14
    assert said(read, "A part of it is somebody's answer to an invitation (METHOD:REPLY), and is left out.")
