"""Zones that an invitation describes: as the IANA's read the same rules, and refused where their day never comes."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.invitations import an_event, corpus
from support.readings import read_for_me, refused, times

SPRING = "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3"
#: Turns of clocks as they have been since 2007 or longer, and the zone that the IANA names so.
DESCRIPTIONS = {
    "America/New_York": (("BYMONTH=3;BYDAY=2SU", "BYMONTH=11;BYDAY=1SU"), ("-0500", "-0400"), ("02", "02")),
    "Europe/Berlin": (("BYMONTH=3;BYDAY=-1SU", "BYMONTH=10;BYDAY=-1SU"), ("+0100", "+0200"), ("02", "03")),
    "Europe/Dublin": (
        ("BYMONTH=3;BYDAY=SU;BYMONTHDAY=25,26,27,28,29,30,31", "BYDAY=-1SU;BYMONTH=10;UNTIL=20991231T000000Z"),
        ("+0000", "+0100"),
        ("01", "02"),
    ),
    "Australia/Sydney": (("BYMONTH=10;BYDAY=1SU", "BYMONTH=4;BYDAY=1SU"), ("+1000", "+1100"), ("02", "03")),
}


def described(name: str, kinds: tuple[str, str]) -> str:
    """The text of a VTIMEZONE; `kinds` is what its two parts call themselves."""
    (forward, back), (less, more), (forward_at, back_at) = DESCRIPTIONS[name]
    return "\n".join([
        "BEGIN:VTIMEZONE", "TZID:Its own",
        f"BEGIN:{kinds[0]}", f"DTSTART:19700101T{forward_at}0000", f"RRULE:FREQ=YEARLY;{forward}",
        f"TZOFFSETFROM:{less}", f"TZOFFSETTO:{more}", f"END:{kinds[0]}",
        f"BEGIN:{kinds[1]}", f"DTSTART:19700101T{back_at}0000", f"RRULE:FREQ=YEARLY;{back}",
        f"TZOFFSETFROM:{more}", f"TZOFFSETTO:{less}", f"END:{kinds[1]}",
        "END:VTIMEZONE",
    ])  # fmt: skip


def in_zone(name: str, local: str, kinds: tuple[str, str] | None = None) -> tuple[str, tuple[str, ...]]:
    zone = "Its own" if kinds else name
    text = an_event(f"DTSTART;TZID={zone}:{local}")
    if kinds:
        text = text.replace("BEGIN:VEVENT", described(name, kinds) + "\nBEGIN:VEVENT")
    read = read_for_me(text)
    return times(read)[0], tuple(each for each in read.readings if "by the clocks there" in each)


TURNING_DAYS = {
    "America/New_York": ("20260308", "20261101"),
    "Europe/Berlin": ("20260329", "20261025"),
    "Europe/Dublin": ("20260329", "20261025"),
    "Australia/Sydney": ("20260405", "20261004"),
}
ANY_LOCAL = st.datetimes(datetime(2010, 1, 1), datetime(2036, 12, 31)).map(lambda local: f"{local:%Y%m%dT%H%M%S}")  # noqa: DTZ001
LATE = {"RECURRENCE-ID": "21000303T190000", "DTSTART": "21000303T190000", "DTEND": "21000303T200000"}
KINDS = st.sampled_from([("DAYLIGHT", "STANDARD"), ("STANDARD", "STANDARD"), ("STANDARD", "DAYLIGHT")])


@pytest.mark.parametrize("name", DESCRIPTIONS)
@given(data=st.data(), kinds=KINDS, hour=st.integers(0, 5), minute=st.sampled_from([0, 30, 59]))
def test_a_description_is_read_as_the_zone_that_it_describes(
    name: str, data: st.DataObject, kinds: tuple[str, str], hour: int, minute: int
) -> None:
    turning = st.sampled_from(TURNING_DAYS[name]).map(lambda day: f"{day}T{hour:02}{minute:02}00")
    local = data.draw(turning | ANY_LOCAL)
    assert in_zone(name, local, kinds) == in_zone(name, local)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;UNTIL=21001231T000000",
        "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=-31",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=9MO",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=0SU",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=2XX",
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=0",
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=32",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU;BYMONTHDAY=20",
        "FREQ=YEARLY;BYMONTH=0;BYDAY=2SU",
        "FREQ=YEARLY;BYMONTH=13;BYDAY=2SU",
        "FREQ=YEARLY;BYMONTH=3;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYDAY=2SU",
        "BYMONTH=3;BYDAY=2SU",
    ],
)
def test_a_turn_of_clocks_that_never_comes_is_refused_at_once(rule: str) -> None:
    started = time.process_time()
    message, line = refused(corpus("customized-zone").replace(SPRING, f"RRULE:{rule}"))
    assert time.process_time() - started < 0.1
    assert message.startswith("describes a time zone whose clocks ")
    assert message.endswith("; name one of IANA's (line 15)")
    assert line == 15


def test_a_turn_on_the_day_of_its_start_has_to_be_one_of_its_month() -> None:
    rule = "RRULE:FREQ=YEARLY;BYMONTH=2"
    text = corpus("customized-zone").replace(SPRING, rule)
    assert times(read_for_me(text))[0] == "2026-07-02T16:00:00Z"
    assert "on a day that never comes" in refused(text.replace("DTSTART:16010311", "DTSTART:16010330"))[0]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU;",
        "freq=yearly;interval=1;wkst=su;bymonth=03;byday=+2su",
        "FREQ=YEARLY;BYMONTH=2;BYDAY=5SU",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=-25",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14;UNTIL=99991231T000000Z",
    ],
)
def test_a_turn_that_comes_now_and_then_is_read_in_bounded_time(rule: str) -> None:
    started = time.process_time()
    read_for_me(corpus("customized-zone").replace(SPRING, f"RRULE:{rule}"))
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("rule", ["BYMONTH=2;BYMONTHDAY=29;BYDAY=SU", "BYMONTH=2;BYDAY=-5SU", "BYMONTH=3;BYDAY=SU"])
@pytest.mark.parametrize("first", ["00010101", "00040229", "16010101", "20990101", "99990101"])
def test_the_longest_descriptions_take_bounded_time(rule: str, first: str) -> None:
    started = time.process_time()
    read_for_me(longest(rule, first))
    assert time.process_time() - started < 1


def longest(rule: str, first: str) -> str:
    """Each time in a zone of its own, of eight turns each."""
    text = an_event(*[f"{name};TZID={name}:{hour}" for name, hour in LATE.items()])
    turns = "\n".join([
        line
        for number in range(8)
        for line in ("BEGIN:STANDARD", f"DTSTART:{first}T020000", f"RRULE:FREQ=YEARLY;{rule}",
                     f"TZOFFSETFROM:+0{number}00", "TZOFFSETTO:-0215", "END:STANDARD")
    ])  # fmt: skip
    zones = [f"BEGIN:VTIMEZONE\nTZID:{name}\n{turns}\nEND:VTIMEZONE\n" for name in LATE]
    return text.replace("BEGIN:VEVENT", "".join(zones) + "BEGIN:VEVENT")


def test_the_turning_days_are_those_of_the_zones() -> None:
    for name, days in TURNING_DAYS.items():
        for day in days:
            noon = datetime.strptime(f"{day}T12", "%Y%m%dT%H").replace(tzinfo=ZoneInfo(name))
            assert noon.replace(hour=0).utcoffset() != noon.astimezone(UTC).astimezone(ZoneInfo(name)).utcoffset()
