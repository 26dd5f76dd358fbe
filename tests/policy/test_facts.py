"""What is not said is not known, and what is dated becomes known on its date."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from afterword.policy.calendar import LocalCalendar
from afterword.policy.facts import Calendar, Interview, Mark, Opportunity, Outcome, Person, Touch, latest_end, usual_end
from support.small_facts import mark, outcome, reply, sent, utc

THEN = utc("2026-03-03 14:00")
HARDLY_ANYTHING = (
    Person("ana", "Ana"),
    Interview("i1", THEN, usual_end(THEN)),
    Touch("t1", "ana", "inbound", THEN),
    Mark("thank", "done", THEN),
    Outcome("offer", THEN),
    Opportunity("acme", "Acme"),
)


@pytest.mark.parametrize("told", HARDLY_ANYTHING, ids=lambda told: type(told).__name__)
def test_what_nobody_said_is_not_known(told: Any) -> None:
    """Whatever may be left out is unknown, empty or not so."""
    for field in dataclasses.fields(told):
        value = getattr(told, field.name)
        if "None" in str(field.type):
            assert value is None, field.name
        elif str(field.type) == "bool":
            assert value is False, field.name
        elif str(field.type).startswith("tuple"):
            assert value == (), field.name


def test_an_interview_is_the_first_on_site_and_stands_unless_said_otherwise() -> None:
    told = Interview("i1", THEN, usual_end(THEN))
    assert (told.zone, told.round, told.format, told.status) == (UTC, 1, "onsite", "scheduled")
    assert Mark("thank", "done", THEN).attempt == 1


def test_an_interview_lasts_an_hour_where_only_its_start_is_known() -> None:
    assert usual_end(datetime(2026, 3, 3, 23, 30, tzinfo=UTC)) == datetime(2026, 3, 4, 0, 30, tzinfo=UTC)


def test_a_round_lasts_a_day_at_most() -> None:
    assert latest_end(datetime(2026, 3, 3, 23, 30, tzinfo=UTC)) == datetime(2026, 3, 4, 23, 30, tzinfo=UTC)


def test_people_are_at_work_from_nine_to_five_on_every_day_unless_said_otherwise() -> None:
    usual = Calendar()
    local = LocalCalendar.of(usual, usual.zone, None)
    week = [date(2026, 3, 2) + timedelta(days=ahead) for ahead in range(7)]
    assert all(local.is_working(day) for day in week)
    assert local.opening(date(2026, 3, 3)) == utc("2026-03-03 09:00")
    assert local.closing(date(2026, 3, 3)) == utc("2026-03-03 17:00")
    assert usual.working_days == frozenset(day.weekday() for day in week)
    assert (usual.contact_from, usual.contact_until) == (time(9), time(17))


def test_every_date_on_which_something_becomes_known() -> None:
    later = utc("2026-03-09 10:00")
    moved = Interview("i1", THEN, usual_end(THEN), status="cancelled", status_at=later, scheduled_at=THEN)
    told = Opportunity(
        "acme",
        "Acme",
        interviews=(moved,),
        touches=(sent("thank", "2026-03-04 10:00"), reply("2026-03-05 10:00")),
        marks=(mark("recap", "done", "2026-03-06 10:00"),),
        outcome=outcome("offer", "2026-03-07 10:00"),
    )
    days = sorted(instant.day for instant in told.instants() if instant)
    assert days == [3, 4, 5, 6, 7, 9]
    assert [instant for instant in Opportunity("acme", "Acme").instants() if instant] == []
