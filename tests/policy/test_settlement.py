"""Which deeds settle what: attempts and allowances, rounds, and the latest word on an action."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from afterword.policy.case import Case
from afterword.policy.facts import Interview, Mark, Touch
from afterword.policy.playbook import Moment, Offset, Point, Repeat, Rule
from afterword.policy.settlement import Series, by_mark, settled, terms
from afterword.policy.timeline import Settlement
from support.small_facts import ANA, INSTANT, case, counted_from, interview, mark, opportunity, reply, rule, sent, utc

ENDED = utc("2026-03-03 15:00")
NOW = "2026-03-20 12:00"
THANK = rule("thank", "person", message=True)


def told(*deeds: Touch | Mark, rounds: tuple[Interview, ...] = (), rules: tuple[Rule, ...] = ()) -> Case:
    touches = tuple(each for each in deeds if isinstance(each, Touch))
    marks = tuple(each for each in deeds if isinstance(each, Mark))
    return case(NOW, opportunity(*(rounds or (interview(),)), touches=touches, marks=marks), *rules)


def about(asked: Case, person: Any = ANA, round: int = 0) -> Any:
    (situation,) = asked.situations
    return asked.about(situation, situation.rounds[round], person)


def settlement(own: Rule, *deeds: Touch | Mark, person: Any = ANA) -> Settlement | None:
    return settled(own, about(told(*deeds), person), ENDED)


def test_a_settlement_says_how_and_since_when() -> None:
    assert settlement(THANK, sent("thank", "2026-03-03 16:00")) == Settlement("done", utc("2026-03-03 16:00"))
    until = utc("2026-03-05 09:00")
    snoozed = mark("thank", "snoozed", "2026-03-03 16:00", until=until)
    assert settlement(THANK, snoozed) == Settlement("snoozed", utc("2026-03-03 16:00"), until)
    assert settlement(THANK) is None
    assert settlement(THANK, sent("other", "2026-03-03 16:00")) is None


def test_what_is_sent_to_a_person_settles_nothing_where_nobody_is_meant() -> None:
    assert settlement(THANK, sent("thank", "2026-03-03 16:00"), person=None) is None
    assert settlement(THANK, mark("thank", "done", "2026-03-03 16:00", person="ana"), person=None) is None


def test_only_marks_on_the_same_attempt_count_and_from_the_anchor_on() -> None:
    first, second = mark("thank", "skipped", "2026-03-03 15:00"), mark("thank", "done", "2026-03-04 16:00", attempt=2)
    subject = about(told(first, second))
    assert by_mark(THANK, subject, ENDED, 1) == Settlement("skipped", ENDED)
    assert by_mark(THANK, subject, ENDED, 2) == Settlement("done", utc("2026-03-04 16:00"))
    assert by_mark(THANK, subject, ENDED, 3) is None
    assert by_mark(THANK, subject, ENDED + INSTANT, 1) is None


def test_the_first_of_two_marks_of_done_is_when_it_was_done() -> None:
    subject = about(told(mark("thank", "done", "2026-03-05 10:00"), mark("thank", "done", "2026-03-04 10:00")))
    assert by_mark(THANK, subject, ENDED, 1) == Settlement("done", utc("2026-03-04 10:00"))


def test_a_deed_without_a_round_is_of_the_latest_round_for_which_it_was_owed() -> None:
    """Owed from the start here: a deed during the second round is already of that."""
    rounds = (interview(), interview("i2", "2026-03-05 14:00"))
    ask = rule("ask", opens=counted_from("interview.start"))
    for at, first, second in (("2026-03-05 13:59", True, False), ("2026-03-05 14:00", False, True)):
        asked = told(mark("ask", "done", at), rounds=rounds)
        starts = [round.interview.starts_at for round in asked.situations[0].rounds]
        found = [settled(ask, about(asked, None, place), starts[place]) for place in (0, 1)]
        assert [each is not None for each in found] == [first, second]


def test_a_rule_without_an_opening_is_owed_for_no_later_round() -> None:
    rounds = (interview(), interview("i2", "2026-03-05 14:00"))
    bare = rule("walk", opens=None)
    assert settled(bare, about(told(mark("walk", "done", "2026-03-06 10:00"), rounds=rounds), None), ENDED)


def test_where_there_is_no_round_every_deed_counts() -> None:
    asked = case(NOW, opportunity(touches=(sent("tell", "2026-03-04 10:00"),)))
    (situation,) = asked.situations
    tell = rule("tell", "reference", message=True)
    assert settled(tell, asked.about(situation, None, ANA), ENDED) == Settlement("done", utc("2026-03-04 10:00"))


# Series


def test_a_series_numbers_the_next_and_knows_when_the_last_was_sent() -> None:
    first, second = Settlement("done", utc("2026-03-04 10:00")), Settlement("skipped", utc("2026-03-05 10:00"))
    assert (Series(()).next, Series(()).last_sent) == (1, None)
    assert (Series((first,)).next, Series((first,)).last_sent) == (2, first.at)
    assert (Series((first, second)).next, Series((first, second)).last_sent) == (3, first.at)
    assert Series((second,)).last_sent == second.at
    third = Settlement("done", utc("2026-03-06 10:00"))
    assert Series((first, second, third)).last_sent == third.at
    assert (Series(()).used_up, Series(()).ended) == (False, False)


def asked_again(limit: int | None, anchor: str = "wait") -> Rule:
    opens = Moment((Point(anchor, Offset(days=2)),))
    return rule("ask", "opportunity", message=True, opens=opens, repeat=Repeat(Offset(days=3), limit))


def attempts(limit: int | None, *deeds: Touch | Mark, anchor: str = "wait") -> tuple[list[str], bool, bool]:
    """The states of the attempts dealt with, whether the allowance is used, and whether it has ended."""
    own = asked_again(limit, anchor)
    asked = told(*deeds, rules=(own,))
    found = asked.series(own, asked.subjects(own, asked.situations[0])[0])
    return [each.state for each in found.dealt_with], found.used_up, found.ended


SENT = sent("ask", "2026-03-06 10:00")
AGAIN = sent("ask", "2026-03-09 10:00")


def test_what_is_sent_is_counted_up_to_the_allowance() -> None:
    assert attempts(2) == ([], False, False)
    assert attempts(2, SENT) == (["done"], False, False)
    assert attempts(2, SENT, AGAIN) == (["done", "done"], True, True)
    assert attempts(1, SENT, AGAIN) == (["done", "done"], True, True), "more than allowed is more than allowed"
    assert attempts(None, SENT, AGAIN) == (["done", "done"], False, False)


def test_a_mark_counts_where_its_number_was_not_dealt_with_yet() -> None:
    late = mark("ask", "done", "2026-03-07 10:00")
    assert attempts(2, SENT, late) == (["done"], False, False)
    assert attempts(2, late) == (["done"], False, False)
    assert attempts(None, late) == (["done"], False, False)
    assert attempts(2, SENT, mark("ask", "done", "2026-03-07 10:00", attempt=2)) == (["done", "done"], True, True)


def test_deeds_count_in_the_order_of_their_dates() -> None:
    """The mark is of before the message: so they are two."""
    early = mark("ask", "done", "2026-03-05 10:00")
    assert attempts(3, SENT, early) == (["done", "done"], False, False)


def test_skipping_moves_on_without_a_limit_and_ends_a_limited_series() -> None:
    skipped = mark("ask", "skipped", "2026-03-08 10:00", attempt=2)
    assert attempts(None, SENT, skipped) == (["done", "skipped"], False, False)
    assert attempts(3, SENT, skipped) == (["done", "skipped"], False, True)
    assert attempts(3, skipped) == ([], False, False), "the second is not the next one"
    snoozed = mark("ask", "snoozed", "2026-03-09 10:00", attempt=2)
    assert attempts(3, SENT, skipped, snoozed) == (["done"], False, False)


def test_a_skip_is_forgotten_in_a_new_wait_only_by_what_waits() -> None:
    skipped, answer = mark("ask", "skipped", "2026-03-06 10:00"), reply("2026-03-07 10:00")
    assert attempts(2, skipped, answer) == ([], False, False)
    assert attempts(2, skipped, answer, anchor="interview.end") == (["skipped"], False, True)


@pytest.mark.parametrize(("limit", "used_up"), [(1, True), (2, False)])
def test_each_new_date_allows_one_more_to_what_waits(limit: int, used_up: bool) -> None:
    dated = reply("2026-03-07 10:00", decision_on=date(2026, 3, 13))
    assert attempts(limit, SENT, AGAIN, dated)[1] is used_up
    assert attempts(limit, SENT, AGAIN, dated, anchor="interview.end")[1] is True


# Whether an attempt is optional, and by when

ROW, LATER, LAST = counted_from("opens", 1), counted_from("opens", 2), counted_from("opens", 3)


def coming_again(limit: int | None = None, optional_from: int | None = None, optional: bool = False) -> Rule:
    again = Repeat(Offset(days=3), limit, optional_from, due=LATER, optional_due=LAST)
    return rule("ask", "opportunity", due=ROW, repeat=again, optional=optional)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (rule("ask", due=ROW), [(False, ROW)]),
        (rule("ask", due=ROW, optional=True), [(True, ROW)]),
        (coming_again(), [(False, ROW), (False, LATER), (False, LATER)]),
        (coming_again(optional_from=3), [(False, ROW), (False, LATER), (True, LAST), (True, LAST)]),
        (coming_again(3, 2), [(False, ROW), (True, LAST), (True, LAST), (True, LAST)]),
        (coming_again(2), [(False, ROW), (False, LATER), (True, LATER)]),
        (coming_again(1), [(False, ROW), (True, ROW), (True, ROW)]),
        (coming_again(2, optional=True), [(True, ROW), (True, LATER)]),
    ],
)
def test_each_attempt_has_the_terms_of_its_row_and_beyond_them_those_of_the_last(own: Rule, expected: Any) -> None:
    assert [terms(own, number) for number in range(1, len(expected) + 1)] == expected
