"""Facts documents: what is read into what, and what is refused with its field and the remedy."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from afterword.errors import InvalidInput
from afterword.formats.facts_reading import Question, parse, question

AT = "2026-03-03T15:10:00-05:00"
START = "2026-03-03T14:00:00-05:00"


def read(document: dict[str, Any]) -> Question:
    return question(parse({"at": AT, **document}))


def one(**opportunity: Any) -> dict[str, Any]:
    return {"opportunities": [{"company": "Acme", **opportunity}]}


def refusals(document: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        read(document)
    return {problem.path: problem.message for problem in refused.value.problems}


def test_nothing_but_the_instant_must_be_there() -> None:
    asked = read({})
    assert asked.at == datetime(2026, 3, 3, 20, 10, tzinfo=UTC)
    assert asked.playbook == "balanced"
    assert asked.states == ("overdue", "open", "upcoming")
    assert asked.facts.opportunities == ()


def test_a_calendar_left_out_is_every_day_from_nine_to_five() -> None:
    calendar = read({}).facts.calendar
    assert calendar.working_days == frozenset(range(7))
    assert calendar.holidays == frozenset()
    assert (calendar.contact_from, calendar.contact_until) == (time(9), time(17))


def test_an_interview_ends_an_hour_after_its_start_unless_it_says_when() -> None:
    interview = read(one(interviews=[{"starts_at": START}])).facts.opportunities[0].interviews[0]
    assert interview.starts_at == datetime(2026, 3, 3, 19, tzinfo=UTC)
    assert interview.ends_at == datetime(2026, 3, 3, 20, tzinfo=UTC)


def test_an_interview_has_its_own_zone_else_the_calendars_else_the_offset_it_was_written_with() -> None:
    def zone(calendar: dict[str, Any], **interview: Any) -> Any:
        document = one(interviews=[{"starts_at": START, **interview}])
        return read({**document, "calendar": calendar}).facts.opportunities[0].interviews[0].zone

    assert zone({"time_zone": "Europe/Paris"}, time_zone="America/New_York") == ZoneInfo("America/New_York")
    assert zone({"time_zone": "Europe/Paris"}) == ZoneInfo("Europe/Paris")
    assert zone({}) == timezone(timedelta(hours=-5))


def test_rounds_count_by_their_start_unless_they_are_numbered() -> None:
    later, earlier = {"starts_at": "2026-03-09T14:00:00Z"}, {"starts_at": "2026-03-02T14:00:00Z"}
    interviews = read(one(interviews=[later, earlier, {**later, "round": 7}])).facts.opportunities[0].interviews
    assert [interview.round for interview in interviews] == [2, 1, 7]


def test_keys_that_are_left_out_are_given() -> None:
    touch = {"direction": "inbound", "at": AT}
    opportunity = read(one(interviews=[{"starts_at": START}], touches=[touch])).facts.opportunities[0]
    assert (opportunity.key, opportunity.interviews[0].key) == ("opportunity-1", "interview-1")
    assert opportunity.touches[0].key == "touch-1"


def test_a_touch_without_a_person_is_the_only_persons_where_there_is_one() -> None:
    touch = {"direction": "inbound", "at": AT}
    alone = read(one(people=[{"key": "ana"}], touches=[touch])).facts.opportunities[0]
    several = read(one(people=[{"key": "ana"}, {"key": "ben"}], touches=[touch])).facts.opportunities[0]
    assert alone.touches[0].person == "ana"
    assert several.touches[0].person == ""


def test_holidays_are_those_of_the_years_that_the_facts_touch() -> None:
    document = one(interviews=[{"starts_at": "2026-03-03T14:00:00Z"}], holidays="GB")
    asked = read({**document, "calendar": {"holidays": "US"}})
    own = asked.facts.opportunities[0].holidays or frozenset()
    assert date(2026, 7, 3) in asked.facts.calendar.holidays
    assert date(2026, 4, 6) in own
    assert date(2026, 7, 3) not in own
    assert {day.year for day in own} == {2025, 2026, 2027, 2028}


@pytest.mark.parametrize(
    ("document", "path", "says"),
    [
        ({"at": "2026-03-03T15:10:00"}, "at", "offset"),
        ({"at": "2026-02-30T15:10:00Z"}, "at", "not a possible time"),
        ({"at": "9999-12-31T23:59:59Z"}, "at", "2000 to 2100"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at", "2000 to 2100"),
        ({"at": 1772548200}, "at", "RFC 3339"),
        ({"colour": "red"}, "colour", "not a field here"),
        ({"explain": "yes"}, "explain", "true or false"),
        ({"states": ["asleep"]}, "states.0", "one of"),
        ({"playbook": 7}, "playbook", "neither the id"),
        ({"opportunities": [{}]}, "opportunities.0.company", "missing"),
        ({"opportunities": [{"company": "A"}] * 51}, "opportunities", "at most 50"),
        ({"calendar": {"working_days": []}}, "calendar.working_days", "empty"),
        ({"calendar": {"time_zone": "Mars/Olympus"}}, "calendar.time_zone", "IANA"),
        ({"calendar": {"time_zone": "localtime"}}, "calendar.time_zone", "IANA"),
        ({"calendar": {"holidays": "ZZ"}}, "calendar.holidays", "ISO 3166"),
        ({"calendar": {"holidays": "US-ZZ"}}, "calendar.holidays", "region"),
        ({"calendar": {"contact_hours": ["9:00", "17:00"]}}, "calendar.contact_hours.0", "09:00"),
        ({"calendar": {"contact_hours": ["17:00", "09:00"]}}, "calendar.contact_hours", "begin before"),
        (one(holidays="XX"), "opportunities.0.holidays", "ISO 3166"),
        (one(people=[{"key": "a"}, {"key": "a"}]), "opportunities.0.people.1.key", "twice"),
        (one(people=[{"key": str(n)} for n in range(31)]), "opportunities.0.people", "at most 30"),
        (one(people=[{"key": "a", "email": "nobody"}]), "opportunities.0.people.0.email", "ana@acme.example"),
        (one(people=[{"key": "a", "roles": ["boss"]}]), "opportunities.0.people.0.roles.0", "hiring_manager"),
        (one(interviews=[{}]), "opportunities.0.interviews.0.starts_at", "missing"),
        (one(interviews=[{"starts_at": START}] * 21), "opportunities.0.interviews", "at most 20"),
        (one(interviews=[{"starts_at": START, "ends_at": START}]), "opportunities.0.interviews.0.ends_at", "later"),
        (one(interviews=[{"starts_at": START, "people": ["x"]}]), "opportunities.0.interviews.0.people.0", "keys are"),
        (
            one(interviews=[{"starts_at": START, "decision_on": "2026-02-30"}]),
            "opportunities.0.interviews.0.decision_on",
            "not a day",
        ),
        (one(touches=[{"direction": "sideways", "at": AT}]), "opportunities.0.touches.0.direction", "one of"),
        (one(touches=[{"direction": "inbound", "at": AT, "person": "x"}]), "opportunities.0.touches.0.person", "keys"),
        (
            one(touches=[{"direction": "outbound", "at": AT, "decision_on": "2026-03-09"}]),
            "opportunities.0.touches.0.decision_on",
            "inbound",
        ),
        (one(marks=[{"kind": "recap", "state": "snoozed", "at": AT}]), "opportunities.0.marks.0.until", "until when"),
        (one(marks=[{"kind": "No Kind", "state": "done", "at": AT}]), "opportunities.0.marks.0.kind", "thank-you"),
        ({"opportunities": [{"key": "a", "company": "A"}] * 2}, "opportunities.1.key", "twice"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_field(document: dict[str, Any], path: str, says: str) -> None:
    found = refusals(document)
    assert path in found
    assert says in found[path]


@pytest.mark.parametrize("document", [None, [], "text", 5])
def test_what_is_no_document_is_refused(document: object) -> None:
    with pytest.raises(InvalidInput):
        parse(document)
