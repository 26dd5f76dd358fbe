"""What is known of one opportunity at an instant: rounds, replies, the wait in force, whom to write to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from afterword.policy.facts import Calendar, Interview, Opportunity, Person
from afterword.policy.situation import Situation
from support.small_facts import ANA, BEN, INSTANT, interview, mark, opportunity, outcome, reply, sent, utc

NEW_YORK, TOKYO = ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")
#: A round of the third of March, two to three o'clock.
ENDED = utc("2026-03-03 15:00")
LATER = "2026-03-20 12:00"


def seen(told: Opportunity, at: Any = LATER, calendar: Calendar | None = None) -> Situation:
    return Situation(told, calendar or Calendar(), utc(at) if isinstance(at, str) else at)


def keys(rounds: Any) -> list[str]:
    return [round.interview.key for round in rounds]


# Rounds


def test_a_round_is_over_as_it_ends() -> None:
    told = opportunity(interview())
    before, after = seen(told, ENDED - INSTANT), seen(told, ENDED)
    assert (keys(before.ahead), keys(before.held), before.governing) == (["i1"], [], None)
    assert (keys(after.ahead), keys(after.held)) == ([], ["i1"])
    (before_it, after_it) = (before.rounds[0], after.rounds[0])
    assert (before_it.over, before_it.held, before_it.ahead) == (False, False, True)
    assert (after_it.over, after_it.held, after_it.ahead) == (True, True, False)


def test_an_interview_is_known_once_it_is_scheduled() -> None:
    told = opportunity(interview(scheduled_at=utc("2026-02-20 12:00")))
    assert keys(seen(told, utc("2026-02-20 12:00") - INSTANT).rounds) == []
    assert keys(seen(told, "2026-02-20 12:00").rounds) == ["i1"]


def test_a_change_of_status_is_known_from_its_date_and_always_where_it_has_none() -> None:
    at = utc("2026-03-01 12:00")
    told = opportunity(interview(status="cancelled", status_at=at))
    before = seen(told, at - INSTANT)
    assert (keys(before.live), keys(before.dropped)) == (["i1"], [])
    dropped = seen(told, at)
    assert (keys(dropped.live), keys(dropped.dropped), keys(dropped.ahead)) == ([], ["i1"], [])
    undated = seen(opportunity(interview(status="missed")), at)
    assert [round.status for round in undated.dropped] == ["missed"]


def test_what_did_not_take_place_is_neither_held_nor_ahead() -> None:
    told = opportunity(interview(status="missed"))
    for at in (ENDED - INSTANT, ENDED):
        (round,) = seen(told, at).rounds
        assert (round.held, round.ahead) == (False, False)


def test_rounds_come_by_their_start_and_the_one_that_ends_last_governs() -> None:
    long = interview("long", "2026-03-03 14:00", minutes=180)
    short = interview("short", "2026-03-03 15:00", minutes=60)
    known = seen(opportunity(short, long))
    assert keys(known.rounds) == ["long", "short"]
    assert keys(known.held) == ["short", "long"]
    assert known.governing is not None
    assert known.governing.interview.key == "long"


@pytest.mark.parametrize(
    ("number", "dropped", "further"),
    [(1, (), False), (2, (), True), (2, (1,), False), (2, (2,), True), (2, (3,), True), (3, (1,), True)],
)
def test_a_round_is_a_further_one_when_another_of_a_lower_number_stands(
    number: int, dropped: tuple[int, ...], further: bool
) -> None:
    others = [interview(f"d{one}", "2026-03-01 10:00", round=one, status="cancelled") for one in dropped]
    known = seen(opportunity(*others, interview(round=number)))
    assert [round.further for round in known.live] == [further]


def test_the_calendar_is_that_of_the_round_that_counts() -> None:
    held, ahead = interview(zone=NEW_YORK), interview("i2", "2026-04-03 14:00", zone=TOKYO)
    account = Calendar(zone=ZoneInfo("Europe/London"))
    assert seen(opportunity(held, ahead), calendar=account).calendar.zone == NEW_YORK
    assert seen(opportunity(held, ahead), "2026-03-01 12:00", account).calendar.zone == TOKYO
    assert seen(opportunity(), calendar=account).calendar.zone == account.zone
    both = seen(opportunity(held, ahead), calendar=account).rounds
    assert [round.calendar.zone for round in both] == [NEW_YORK, TOKYO]


def test_an_opportunitys_own_holidays_replace_the_accounts() -> None:
    monday, tuesday = date(2026, 3, 9), date(2026, 3, 10)
    account = Calendar(holidays=frozenset({monday}))
    for rounds in ((), (interview(),)):
        own = seen(opportunity(*rounds, holidays=frozenset({tuesday})), calendar=account).calendar
        assert (own.is_working(monday), own.is_working(tuesday)) == (True, False)
        usual = seen(opportunity(*rounds), calendar=account).calendar
        assert (usual.is_working(monday), usual.is_working(tuesday)) == (False, True)


def test_the_held_rounds_of_each_person() -> None:
    told = opportunity(
        interview(people=("ana", "ben")),
        interview("i2", "2026-03-05 14:00", people=("ana",)),
        interview("i3", "2026-04-05 14:00", people=("ana",)),
        interview("i4", "2026-03-06 14:00", people=("ana",), status="cancelled"),
    )
    known = seen(told)
    assert keys(known.rounds_with("ana")) == ["i1", "i2"]
    assert keys(known.rounds_with("ben")) == ["i1"]
    assert known.rounds_with("cy") == ()


# What happened


def test_nothing_is_known_before_its_date() -> None:
    at = "2026-03-04 10:00"
    told = opportunity(
        interview(),
        touches=(sent("thank", at), reply(at)),
        marks=(mark("recap", "done", at),),
        outcome=outcome("offer", at),
    )
    before, then = seen(told, utc(at) - INSTANT), seen(told, at)
    assert (before.sent, before.marks, before.replies, before.outcome) == ({}, {}, [], None)
    assert before.last_contact is None
    assert {*before.kinds_dealt_with} == set()
    assert ([*then.sent], [*then.marks], len(then.replies), then.outcome is not None) == (["thank"], ["recap"], 1, True)
    assert then.last_contact == utc(at)
    assert {*then.kinds_dealt_with} == {"thank", "recap"}


def test_what_was_sent_is_known_by_its_purpose_and_person_first_to_last() -> None:
    told = opportunity(
        interview(),
        touches=(
            sent("thank", "2026-03-05 10:00"),
            sent("thank", "2026-03-04 10:00", "ben"),
            sent("thank", "2026-03-03 16:00"),
            replace(sent("", "2026-03-06 10:00"), purpose=None),
            replace(reply("2026-03-06 11:00"), purpose="thank"),
        ),
    )
    known = seen(told)
    assert [touch.at.day for touch in known.sent["thank"]] == [3, 4, 5]
    assert [touch.at.day for touch in known.sent_to["thank", "ana"]] == [3, 5]
    assert [touch.at.day for touch in known.sent_to["thank", "ben"]] == [4]
    assert {*known.sent} == {"thank"}


def test_marks_come_first_to_last() -> None:
    told = opportunity(marks=(mark("a", "done", "2026-03-05 10:00"), mark("a", "skipped", "2026-03-04 10:00")))
    assert [each.state for each in seen(told).marks["a"]] == ["skipped", "done"]


REFERENCE, INSIDER = Person("joe", "Joe", ("reference",)), Person("ida", "Ida", ("insider", "reference"))
BOTH = Person("kim", "Kim", ("reference", "recruiter"))


@pytest.mark.parametrize(
    ("person", "rounds", "counts"),
    [
        ("ana", (), True),
        ("joe", (), False),
        ("ida", (), False),
        ("kim", (), True),
        ("sam", (), True),
        ("nobody-known", (), True),
        ("joe", (interview(people=("joe",)),), True),
        ("joe", (interview(people=("joe",), status="cancelled"),), False),
        ("ida", (interview(starts="2026-04-09 10:00", people=("ida",)),), True),
    ],
)
def test_a_reply_is_from_anybody_who_is_more_than_a_reference_or_an_insider(
    person: str, rounds: tuple[Interview, ...], counts: bool
) -> None:
    people = (ANA, BEN, REFERENCE, INSIDER, BOTH, Person("sam", "Sam"))
    known = seen(opportunity(*rounds, people=people, touches=(reply("2026-03-05 10:00", person),)))
    assert bool(known.replies) is counts
    assert (known.last_contact is not None) is counts


def test_a_machine_replies_to_nobody() -> None:
    known = seen(opportunity(interview(), touches=(reply("2026-03-05 10:00", automatic=True),)))
    assert (known.replies, known.last_contact) == ([], None)
    receipt, answer = reply("2026-03-05 10:00", automatic=True), reply("2026-03-06 10:00")
    assert seen(opportunity(interview(), touches=(receipt, answer))).replies == [answer]


def test_the_last_contact_is_the_last_either_way() -> None:
    told = opportunity(touches=(sent("thank", "2026-03-06 10:00"), reply("2026-03-05 10:00")))
    assert seen(told).last_contact == utc("2026-03-06 10:00")


# Waiting


def waits(*replies: Any, decision_on: date | None = None, at: Any = LATER) -> list[tuple[str, int | None]]:
    """What began each wait, and the day of March that counts in it."""
    told = opportunity(interview(decision_on=decision_on, decision_said_by="ben"), touches=replies)
    return [(wait.key, wait.promise.day if wait.promise else None) for wait in seen(told, at).waits]


def march(day: int) -> date:
    return date(2026, 3, day)


def test_there_is_no_wait_before_a_round_is_over() -> None:
    known = seen(opportunity(interview(), touches=(reply("2026-03-02 10:00"),)), ENDED - INSTANT)
    assert (known.waits, known.wait, known.new_dates, [*known.replies_of_round()]) == ((), None, 0, [])


def test_a_wait_begins_with_the_end_of_the_round() -> None:
    known = seen(opportunity(interview(decision_on=march(10), decision_said_by="ben")))
    assert known.wait is not None
    assert tuple(known.wait) == ("i1", ENDED, march(10), "ben", march(10))


@pytest.mark.parametrize(("named", "counts"), [(1, 4), (3, 4), (4, 4), (5, 5)])
def test_a_day_before_the_day_after_counts_as_that_day(named: int, counts: int) -> None:
    assert waits(decision_on=march(named)) == [("i1", counts)]
    assert waits(reply("2026-03-03 16:00", decision_on=march(named)))[-1][1] == counts


def test_the_day_is_counted_where_the_interview_was() -> None:
    """At two in the morning UTC it is still the day before in New York."""
    told = opportunity(interview(starts="2026-03-04 01:00", zone=NEW_YORK, decision_on=march(1)))
    (wait,) = seen(told).waits
    assert wait.promise == march(4)


def test_a_new_day_begins_a_new_wait_and_the_same_day_none() -> None:
    new, same = reply("2026-03-06 10:00", decision_on=march(13)), reply("2026-03-07 10:00", decision_on=march(13))
    assert waits(new, same, decision_on=march(10)) == [("i1", 10), ("reply 2026-03-06 10:00", 13)]


def test_a_reply_without_a_day_begins_a_wait_only_once_the_promised_day_has_come() -> None:
    eve, day = reply("2026-03-09 23:59"), reply("2026-03-10 00:00")
    assert waits(eve, decision_on=march(10)) == [("i1", 10)]
    assert waits(day, decision_on=march(10)) == [("i1", 10), ("reply 2026-03-10 00:00", None)]


def test_where_no_day_was_named_each_reply_begins_a_new_wait() -> None:
    first, second = reply("2026-03-05 10:00"), reply("2026-03-06 10:00")
    assert waits(first, second) == [("i1", None), (first.key, None), (second.key, None)]


def test_replies_count_from_the_end_of_the_round() -> None:
    early, just = replace(reply("2026-03-03 15:00"), key="early", at=ENDED - INSTANT), reply("2026-03-03 15:00")
    assert waits(early) == [("i1", None)]
    assert waits(just) == [("i1", None), (just.key, None)]


def test_which_wait_was_in_force_when() -> None:
    answer = reply("2026-03-06 10:00", decision_on=march(13))
    known = seen(opportunity(interview(), touches=(answer,)))

    def in_force(at: Any) -> str | None:
        wait = known.wait_at(at)
        return wait.key if wait else None

    assert in_force(ENDED - INSTANT) is None
    assert in_force(ENDED) == "i1"
    assert in_force(answer.at - INSTANT) == "i1"
    assert in_force(answer.at) == answer.key
    assert known.wait is not None
    assert (known.wait.key, known.wait.said_by, known.wait.named) == (answer.key, "ana", march(13))


def test_only_replies_with_a_new_day_are_counted_as_such() -> None:
    told = opportunity(
        interview(decision_on=march(10)),
        touches=(
            reply("2026-03-04 10:00", decision_on=march(12)),
            reply("2026-03-12 10:00"),
            reply("2026-03-13 10:00", decision_on=march(19)),
        ),
    )
    assert seen(told).new_dates == 2
    assert seen(told, "2026-03-03 16:00").new_dates == 0


# Whom to write to

EVE, MAX = Person("eve", "Eve", ("recruiter",)), Person("max", "Max", ("recruiter",))
KAI, LEA = Person("kai", "Kai", ("hiring_manager",)), Person("lea", "Lea", ("interviewer",))
DAN = Person("dan", "Dan", ("interviewer",))


def written_to(*people: Person, **fields: Any) -> str | None:
    found = seen(opportunity(interview(people=("lea", "dan"), **fields), people=people)).point_of_contact(None)
    return found.key if found else None


def test_the_point_of_contact_in_each_rank() -> None:
    marked = replace(DAN, point_of_contact=True)
    said = {"decision_on": march(10), "decision_said_by": "kai"}
    everybody = (LEA, KAI, MAX, EVE)
    assert written_to(*everybody, marked, **said) == "dan"
    assert written_to(*everybody, DAN, **said) == "kai"
    assert written_to(*everybody, DAN) == "max"
    assert written_to(LEA, KAI, DAN) == "kai"
    assert written_to(DAN, LEA) == "lea", "who comes first in the interview"
    assert written_to(DAN) == "dan", "lea is nobody of the opportunity"
    assert written_to() is None


def test_who_named_a_day_counts_only_while_a_day_is_in_force() -> None:
    assert written_to(LEA, KAI, EVE, decision_said_by="kai") == "eve"


def test_nobody_is_written_to_who_must_not_be() -> None:
    def alone(person: Person, **fields: Any) -> Person:
        return replace(person, do_not_contact=True, **fields)

    assert written_to(LEA, alone(DAN, point_of_contact=True), EVE) == "eve"
    assert written_to(LEA, alone(EVE), MAX, DAN) == "max"
    assert written_to(alone(KAI), alone(LEA), DAN) == "dan"
    assert written_to(alone(KAI), alone(LEA), alone(DAN)) is None


def test_of_a_round_it_is_who_took_part_in_that_round() -> None:
    told = opportunity(
        interview(people=("dan",)), interview("i2", "2026-03-05 14:00", people=("lea",)), people=(DAN, LEA)
    )
    known = seen(told)
    first, second = known.rounds
    assert [known.point_of_contact(each) for each in (first, second, None)] == [DAN, LEA, LEA]
    assert known.point_of_contact(first) is DAN, "the same when asked again"


def test_before_any_round_was_held_it_is_who_will_take_part_in_the_last() -> None:
    told = opportunity(
        interview(people=("dan",)), interview("i2", "2026-03-05 14:00", people=("lea",)), people=(DAN, LEA)
    )
    assert seen(told, "2026-03-01 12:00").point_of_contact(None) is LEA
    assert seen(opportunity(people=(DAN,))).point_of_contact(None) is None


def test_who_may_be_written_to_in_the_order_asked_for() -> None:
    known = seen(opportunity(people=(DAN, LEA, replace(EVE, do_not_contact=True))))
    assert [person.key for person in known.reachable(("lea", "eve", "nobody", "dan"))] == ["lea", "dan"]


def test_people_have_their_place_in_the_order_given() -> None:
    known = seen(opportunity(people=(DAN, LEA)))
    assert (known.place, [*known.people]) == ({"dan": 0, "lea": 1}, ["dan", "lea"])


def test_an_outcome_counts_from_its_instant() -> None:
    told = opportunity(outcome=outcome("rejected", "2026-03-05 10:00"))
    assert seen(told, utc("2026-03-05 10:00") - timedelta(seconds=1)).outcome is None
    assert seen(told, "2026-03-05 10:00").outcome is not None
