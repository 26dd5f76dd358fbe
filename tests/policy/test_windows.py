"""From offsets to instants: openings, dues, bests, and what the working calendar and contact hours move."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from afterword.policy.calendar import LocalCalendar
from afterword.policy.facts import Calendar
from afterword.policy.playbook import Moment, Offset, Point
from afterword.policy.subject import Subject
from afterword.policy.timeline import Literal, Window
from afterword.policy.windows import (
    Due,
    Opening,
    best_of,
    counted,
    due_of,
    in_contact_hours,
    instant_of,
    later_of,
    literal_opening,
    moved_by_calendar,
    opening_at,
    reached,
    window,
)
from support.small_facts import case, counted_from, facts, interview, opportunity, outcome, rule, utc, when

#: Monday to Friday, nine to five, UTC. The third of March 2026 is a Tuesday.
WEEK = LocalCalendar(UTC, frozenset(range(5)), frozenset(), time(9), time(17))
AFTERNOON = utc("2026-03-03 15:00")
NOW = "2026-03-20 12:00"
NOTE, PONDER = rule("note", message=True), rule("ponder")


def hours(count: float) -> Offset:
    return Offset(elapsed=timedelta(hours=count))


def days(count: int) -> Offset:
    return Offset(days=count)


def moment(*points: tuple[str, Offset] | Point, **fields: Any) -> Moment:
    return Moment(tuple(one if isinstance(one, Point) else Point(*one) for one in points), **fields)


def subject(**fields: Any) -> Subject:
    """An opportunity with a round that ended on the afternoon of the third, in a week of five days."""
    told = facts(opportunity(interview(**fields)), calendar=Calendar(working_days=WEEK.working_days))
    asked = case(NOW, told)
    (situation,) = asked.situations
    return asked.about(situation, situation.governing, None)


def opened(text: str, day: date | None = None, **fields: Any) -> Opening:
    return Opening(utc(text), utc(text), utc(text), day, **fields)


def march(day: int) -> date:
    return date(2026, 3, day)


# Openings


@pytest.mark.parametrize(
    ("offset", "reached_on"),
    [
        (days(0), 3),
        (days(4), 7),
        (days(-1), 2),
        (Offset(working_days=4), 9),
        (Offset(working_days=-2), -1),
        (Offset(working_days=0), 3),
    ],
)
def test_days_and_working_days_are_counted_from_a_day(offset: Offset, reached_on: int) -> None:
    assert counted(offset, march(3), WEEK) == march(1) + timedelta(days=reached_on - 1)


@pytest.mark.parametrize(
    ("offset", "at", "day"),
    [
        (hours(2), "2026-03-03 17:00", None),
        (hours(-20), "2026-03-02 19:00", None),
        (days(0), "2026-03-03 15:00", 3),
        (days(1), "2026-03-04 09:00", 4),
        (days(-1), "2026-03-02 09:00", 2),
        (Offset(working_days=4), "2026-03-09 09:00", 9),
        (Offset(working_days=-1), "2026-03-02 09:00", 2),
    ],
)
def test_an_opening_so_far_from_an_instant(offset: Offset, at: str, day: int | None) -> None:
    found = opening_at(offset, AFTERNOON, WEEK, "Because.")
    assert found == Opening(utc(at), utc(at), AFTERNOON, march(day) if day else None, "Because.")


@pytest.mark.parametrize(
    ("offset", "at"),
    [(hours(2), "2026-03-10 11:00"), (days(0), "2026-03-10 09:00"), (days(2), "2026-03-12 09:00")],
)
def test_an_opening_so_far_from_a_day_may_be_settled_from_its_first_minute(offset: Offset, at: str) -> None:
    found = opening_at(offset, march(10), WEEK)
    assert (found.at, found.anchored, found.why) == (utc(at), utc("2026-03-10 00:00"), None)


def test_a_window_opens_as_contact_hours_begin_where_that_is_its_anchor() -> None:
    assert opening_at(days(0), utc("2026-03-03 09:00"), WEEK).at == utc("2026-03-03 09:00")
    assert opening_at(days(0), utc("2026-03-03 08:00"), WEEK).at == utc("2026-03-03 09:00")


def test_an_instant_is_reached_after_hours_or_as_contact_hours_begin() -> None:
    assert reached(hours(3), AFTERNOON, WEEK) == utc("2026-03-03 18:00")
    assert reached(hours(3), march(3), WEEK) == utc("2026-03-03 12:00")
    assert reached(days(2), AFTERNOON, WEEK) == utc("2026-03-05 09:00")


def test_of_two_openings_the_later_from_the_later_of_their_anchors() -> None:
    one = Opening(utc("2026-03-05 09:00"), utc("2026-03-05 09:00"), utc("2026-03-03 15:00"), why="One.")
    other = Opening(utc("2026-03-04 09:00"), utc("2026-03-04 09:00"), utc("2026-03-04 09:00"), why="Other.")
    for pair in ((one, other), (other, one)):
        found = later_of(*pair)
        assert (found.at, found.why, found.anchored) == (one.at, "One.", other.anchored)
    assert later_of(one, one._replace(why="Same.")).why == "One."


def test_the_first_known_point_opens_and_with_latest_the_latest() -> None:
    points = (("promise", days(0)), ("interview.end", days(2)), ("interview.end", days(1)))
    found = literal_opening(moment(*points), subject())
    assert found is not None
    assert found.at == utc("2026-03-05 09:00")
    latest = literal_opening(moment(*reversed(points), latest=True), subject(decision_on=march(4)))
    assert latest is not None
    assert (latest.at, latest.anchored) == (utc("2026-03-05 09:00"), utc("2026-03-04 00:00"))
    assert literal_opening(moment(("promise", days(0))), subject()) is None
    assert literal_opening(moment(("promise", days(0)), latest=True), subject()) is None


def test_a_point_whose_conditions_do_not_hold_is_passed_over() -> None:
    by_video = Point("interview.end", days(1), when=when("format: video"), why="Seen.")
    points = moment(by_video, ("interview.end", days(5)))
    at_home, seen = literal_opening(points, subject()), literal_opening(points, subject(format="video"))
    assert at_home is not None
    assert seen is not None
    assert (at_home.at, at_home.why) == (utc("2026-03-08 09:00"), None)
    assert (seen.at, seen.why) == (utc("2026-03-04 09:00"), "Seen.")


# What moves


def test_only_days_of_a_message_that_is_not_fixed_move_to_a_working_day() -> None:
    saturday, in_hours = opened("2026-03-07 09:00", march(7)), opened("2026-03-07 09:00")
    moved = moved_by_calendar(NOTE, saturday, WEEK)
    assert moved == saturday._replace(at=utc("2026-03-09 09:00"), moved=True)
    assert moved_by_calendar(PONDER, saturday, WEEK) is saturday
    assert moved_by_calendar(rule("note", message=True, fixed=True), saturday, WEEK) is saturday
    assert moved_by_calendar(NOTE, in_hours, WEEK) is in_hours
    friday = opened("2026-03-06 15:00", march(6))
    assert moved_by_calendar(NOTE, friday, WEEK) is friday


def test_a_call_is_put_into_contact_hours() -> None:
    noon = opened("2026-03-03 12:00")
    assert in_contact_hours(noon, WEEK) is noon
    evening = in_contact_hours(opened("2026-03-03 18:00"), WEEK)
    next_day = utc("2026-03-04 09:00")
    assert (evening.at, evening.literal_at, evening.day) == (next_day, next_day, march(3))
    counted_in_days = in_contact_hours(opened("2026-03-03 18:00", march(2)), WEEK)
    assert counted_in_days.day == march(2)
    moved = in_contact_hours(opened("2026-03-03 18:00", march(1), moved=True), WEEK)
    assert (moved.at, moved.literal_at) == (next_day, utc("2026-03-03 18:00"))


# Due


def due(made: Moment, opening: Opening, own: Any = PONDER, **fields: Any) -> Due | None:
    return due_of(made, opening, own, subject(**fields))


OPEN = opened("2026-03-03 15:00")


@pytest.mark.parametrize(
    ("point", "at"),
    [
        (("interview.end", hours(5)), "2026-03-03 20:00"),
        (("interview.end", days(1)), "2026-03-04 17:00"),
        (("interview.end", Offset(working_days=4)), "2026-03-09 17:00"),
        (("promise", hours(1)), "2026-03-10 18:00"),
        (("promise", days(0)), "2026-03-10 17:00"),
        (("promise", Offset(working_days=-1)), "2026-03-09 17:00"),
        (("opens", hours(1)), "2026-03-03 16:00"),
        (("opens", days(0)), "2026-03-03 17:00"),
    ],
)
def test_a_due_in_hours_days_or_working_days(point: tuple[str, Offset], at: str) -> None:
    assert due(moment(point), OPEN, decision_on=march(10)) == Due(utc(at), utc(at))


def test_a_due_in_days_from_the_opening_is_counted_from_its_unmoved_day() -> None:
    moved = Opening(utc("2026-03-09 09:00"), utc("2026-03-07 09:00"), AFTERNOON, march(7), moved=True)
    assert due(moment(("opens", days(1))), moved) == Due(utc("2026-03-09 10:00"), utc("2026-03-08 17:00"))
    monday = utc("2026-03-09 17:00")
    assert due(moment(("opens", days(1))), moved, NOTE) == Due(monday, utc("2026-03-08 17:00"), moved=True)
    assert due(moment(("interview.end", days(1))), moved, NOTE) == Due(utc("2026-03-09 10:00"), utc("2026-03-04 17:00"))


def test_a_due_that_is_not_known_and_the_latest_of_those_that_are() -> None:
    assert due(moment(("promise", days(0))), OPEN) is None
    several = (("promise", days(0)), ("interview.end", hours(9)), ("interview.end", hours(5)))
    first, latest = due(moment(*several), OPEN), due(moment(*reversed(several), latest=True), OPEN)
    assert (first, latest) == (Due(utc("2026-03-04 00:00"), utc("2026-03-04 00:00")),) * 2
    seen = Point("interview.end", hours(2), when=when("format: video"))
    assert due(moment(seen, ("interview.end", hours(4))), OPEN) == Due(utc("2026-03-03 19:00"), utc("2026-03-03 19:00"))


@pytest.mark.parametrize(
    ("after", "at_least", "at"),
    [(2, None, "17:00"), (0, None, "16:00"), (-3, None, "16:00"), (2, 5, "20:00"), (5, 2, "20:00"), (-3, 2, "17:00")],
)
def test_a_due_lies_after_the_opening(after: float, at_least: int | None, at: str) -> None:
    least = timedelta(hours=at_least) if at_least else None
    found = due(moment(("interview.end", hours(after)), at_least=least), OPEN)
    assert found is not None
    assert found.at == utc(f"2026-03-03 {at}")


def test_another_s_deadline_moves_back_and_every_other_due_of_a_message_on() -> None:
    told = opportunity(interview(), outcome=outcome("offer", "2026-03-10 10:00", answer_by=march(15)))
    asked = case(NOW, facts(told, calendar=Calendar(working_days=WEEK.working_days)))
    (situation,) = asked.situations
    own = asked.about(situation, situation.governing, None)
    opening, literal = opened("2026-03-10 10:00"), utc("2026-03-15 17:00")
    friday, monday = utc("2026-03-13 17:00"), utc("2026-03-16 17:00")
    by_then = moment(("outcome.answer_by", days(0)))
    assert due_of(by_then, opening, NOTE, own) == Due(friday, literal, moved=True)
    assert due_of(by_then, opening, PONDER, own) == Due(literal, literal)
    assert due_of(by_then, opening, rule("note", message=True, fixed=True), own) == Due(literal, literal)
    assert due_of(moment(("opens", days(5))), opening, NOTE, own) == Due(monday, literal, moved=True)


# Best and expires


def at(made: Moment, due_at: datetime | None = None, **fields: Any) -> datetime | None:
    return instant_of(made, OPEN, Due(due_at, due_at) if due_at else None, subject(**fields))


def test_an_end_may_be_counted_from_the_windows_own_opening_or_due() -> None:
    evening = utc("2026-03-03 20:00")
    assert at(moment(("opens", hours(2)))) == utc("2026-03-03 17:00")
    assert at(moment(("due", hours(2))), evening) == utc("2026-03-03 22:00")
    assert at(moment(("due", hours(2)))) is None
    assert at(moment(("due", hours(2)), ("interview.end", hours(1)))) == utc("2026-03-03 16:00")
    assert at(moment(("interview.end", hours(1)), ("interview.end", hours(3)))) == utc("2026-03-03 16:00")
    assert at(moment(("interview.end", hours(3)), ("interview.end", hours(1)), latest=True)) == utc("2026-03-03 18:00")
    seen = Point("interview.end", hours(2), when=when("format: video"))
    assert at(moment(seen, ("interview.end", hours(4)))) == utc("2026-03-03 19:00")


@pytest.mark.parametrize(
    ("after", "best"),
    [(6, "03 21:00"), (6.5, "04 07:00"), (15.5, "04 07:00"), (16, "04 07:00"), (16.5, "04 07:30")],
)
def test_the_best_moment_is_not_in_the_night(after: float, best: str) -> None:
    made = counted_from("interview.end", after)
    assert best_of(made, OPEN, None, subject()) == utc(f"2026-03-{best}")


def test_nor_is_it_past_due_and_it_may_be_unknown() -> None:
    late, night = counted_from("interview.end", 10), utc("2026-03-04 02:00")
    assert best_of(late, OPEN, Due(night, night), subject()) == night
    soon = utc("2026-03-03 20:59")
    assert best_of(counted_from("interview.end", 1), OPEN, Due(soon, soon), subject()) == utc("2026-03-03 16:00")
    assert best_of(counted_from("promise"), OPEN, Due(night, night), subject()) is None


# The whole window


def test_what_it_was_before_it_moved_is_told_only_where_something_moved() -> None:
    nine, five = utc("2026-03-09 09:00"), utc("2026-03-09 17:00")
    saturday, sunday = utc("2026-03-07 09:00"), utc("2026-03-08 17:00")
    moved, still = Opening(nine, saturday, AFTERNOON, march(7), moved=True), Opening(nine, nine, AFTERNOON, march(9))
    late, own = Due(five, sunday, moved=True), subject()
    put_off = Due(five, sunday)
    assert window(NOTE, still, None, own) == Window(nine)
    assert window(NOTE, still, put_off, own) == Window(nine, due_at=five)
    assert window(NOTE, still, late, own) == Window(nine, due_at=five, literal=Literal(nine, sunday))
    assert window(NOTE, moved, put_off, own) == Window(nine, due_at=five, literal=Literal(saturday, five))
    assert window(NOTE, moved, late, own) == Window(nine, due_at=five, literal=Literal(saturday, sunday))
    assert window(NOTE, moved, None, own) == Window(nine, literal=Literal(saturday, None))


def test_a_window_has_the_best_and_the_end_that_its_rule_gives() -> None:
    whole = rule("walk", best=counted_from("opens", 1), expires=counted_from("due", 2))
    six = AFTERNOON + timedelta(hours=3)
    assert window(whole, OPEN, Due(six, six), subject()) == Window(
        AFTERNOON, utc("2026-03-03 16:00"), six, utc("2026-03-03 20:00")
    )
