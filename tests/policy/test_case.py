"""What rules ask of one another in one question, and that each answer is reckoned once."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from afterword.policy.case import Case
from afterword.policy.facts import Opportunity, Person
from afterword.policy.playbook import ChannelAdvice, Moment, Offset, Point, Repeat, Rule
from afterword.policy.settlement import Series
from afterword.policy.subject import Subject
from afterword.policy.timeline import Action
from support.small_facts import (
    ANA,
    BEN,
    case,
    counted_from,
    facts,
    hold_rule,
    interview,
    opportunity,
    outcome,
    reply,
    rule,
    sent,
    utc,
    when,
)

LATER = "2026-04-01 12:00"
FIRST, SECOND = interview("i1"), interview("i2", "2026-03-10 14:00")
FIVE_DAYS = Moment((Point("interview.end", Offset(days=5)),))
WEEKLY = Repeat(Offset(days=7), max=2)
THANKS = rule("thanks", "person")
ASK = rule("ask", "opportunity", opens=FIVE_DAYS, repeat=WEEKLY, message=True)
NO_TEXT = hold_rule("no-text", channel="text", spares=when("knows: email"))


def subject(made: Case, round: int | None = 0, person: Person | None = ANA) -> Subject:
    situation = made.situations[0]
    return made.about(situation, None if round is None else situation.rounds[round], person)


# Each answer once


def everything_asked(made: Case, asked: Rule) -> list[Any]:
    situation, about = made.situations[0], subject(made)
    hold = made.playbook.holds[0]
    return [
        about,
        made.subjects(asked, situation),
        made.words(about),
        made.resolve(asked, about),
        made.opening(asked, about),
        made.standing(hold, situation),
        made.spared(hold, situation),
        made.channel(asked, about),
        made._closures(situation),
        made.done_at(asked, about),
    ]


def test_what_was_asked_before_is_not_reckoned_again() -> None:
    asked = replace(THANKS, channel=(ChannelAdvice(("email",)),))
    told = opportunity(FIRST, touches=(sent("thanks", "2026-03-03 16:00"),))
    made = case(LATER, told, asked, NO_TEXT)
    once, again = everything_asked(made, asked), everything_asked(made, asked)
    assert all(one is other for one, other in zip(once, again, strict=True))
    assert all(one for one in once)


def test_a_window_that_is_the_same_for_a_whole_round_is_reckoned_once() -> None:
    made = case(LATER, opportunity(interview(people=("ana", "ben"))), THANKS)
    assert made.opening(THANKS, subject(made)) is made.opening(THANKS, subject(made, person=BEN))


def test_a_case_that_forgets_is_freed_without_the_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        made = case(LATER, opportunity(FIRST), THANKS, NO_TEXT)
        everything_asked(made, THANKS)
        made.forget()
        left = weakref.ref(made)
        del made
        assert left() is None
    finally:
        gc.enable()


# Subjects


def test_a_subject_is_told_apart_by_its_opportunity_round_and_person() -> None:
    made = case(LATER, facts(opportunity(FIRST, SECOND), opportunity(FIRST, key="globex")))
    situation, other = made.situations
    subjects = [
        made.about(situation, situation.rounds[0], ANA),
        made.about(situation, situation.rounds[1], ANA),
        made.about(situation, None, ANA),
        made.about(situation, situation.rounds[0], BEN),
        made.about(situation, situation.rounds[0], None),
        made.about(other, other.rounds[0], ANA),
    ]
    assert len({id(one) for one in subjects}) == 6
    assert [one.situation for one in subjects] == [*[situation] * 5, other]


def test_a_subject_is_read_in_the_zone_of_its_round() -> None:
    """The first interview was in Kolkata, the latest in New York, which stands for the opportunity as a whole."""
    kolkata, new_york = ZoneInfo("Asia/Kolkata"), ZoneInfo("America/New_York")
    made = case(LATER, opportunity(replace(FIRST, zone=kolkata), replace(SECOND, zone=new_york)))
    assert subject(made, 0).calendar.zone is kolkata
    assert subject(made, 1).calendar.zone is new_york
    assert subject(made, None).calendar.zone is new_york


# When a rule was done


def done(asked: Rule, told: Opportunity, round: int | None = 0, person: Person | None = ANA) -> Any:
    made = case(LATER, told, asked)
    return made.done_at(asked, subject(made, round, person))


def test_what_was_done_in_this_round_counts_before_what_was_done_in_another() -> None:
    of_first = sent("thanks", "2026-03-11 10:00", interview="i1")
    of_second = sent("thanks", "2026-03-12 10:00", interview="i2")
    both = opportunity(FIRST, SECOND, touches=(of_first, of_second))
    assert done(THANKS, both, 0) == utc("2026-03-11 10:00")
    assert done(THANKS, both, 1) == utc("2026-03-12 10:00")


def test_what_was_done_in_another_round_counts_where_nothing_was_in_this_one() -> None:
    first_only = opportunity(FIRST, SECOND, touches=(sent("thanks", "2026-03-04 10:00"),))
    second_only = opportunity(FIRST, SECOND, touches=(sent("thanks", "2026-03-11 10:00", interview="i2"),))
    assert done(THANKS, first_only, 1) == utc("2026-03-04 10:00")
    assert done(THANKS, second_only, 0) == utc("2026-03-11 10:00")
    assert done(THANKS, opportunity(FIRST, SECOND), 1) is None


def test_of_several_other_rounds_the_first_deed_counts() -> None:
    third = interview("i3", "2026-03-17 14:00")
    touches = (sent("thanks", "2026-03-12 10:00", interview="i2"), sent("thanks", "2026-03-13 10:00", interview="i1"))
    assert done(THANKS, opportunity(FIRST, SECOND, third, touches=touches), 2) == utc("2026-03-12 10:00")


def test_a_deed_for_somebody_else_is_not_theirs() -> None:
    told = opportunity(interview(people=("ana", "ben")), touches=(sent("thanks", "2026-03-04 10:00"),))
    assert done(THANKS, told, 0, ANA) == utc("2026-03-04 10:00")
    assert done(THANKS, told, 0, BEN) is None


def test_what_is_about_the_opportunity_is_done_whoever_is_asked_about() -> None:
    once = rule("ask", "opportunity", message=True)
    told = opportunity(FIRST, touches=(sent("ask", "2026-03-08 10:00", "ben"),))
    assert done(once, told, 0, ANA) == utc("2026-03-08 10:00")


def test_of_several_attempts_the_last_one_counts() -> None:
    twice = (sent("ask", "2026-03-08 10:00"), sent("ask", "2026-03-15 10:00"))
    assert done(ASK, opportunity(FIRST, touches=twice)) == utc("2026-03-15 10:00")
    assert done(ASK, opportunity(FIRST)) is None


def test_attempts_at_what_cannot_open_yet_are_none() -> None:
    told = opportunity(touches=(sent("ask", "2026-03-08 10:00"),))
    assert done(ASK, told, None) is None
    made = case(LATER, told, ASK)
    assert made.series(ASK, subject(made, None)) == Series(())


def test_an_opening_that_a_rule_has_not_is_none() -> None:
    made = case(LATER, opportunity(FIRST), THANKS)
    assert made.opening(replace(THANKS, opens=None), subject(made)) is None
    assert made.opening(replace(ASK, opens=None), subject(made)) is None


def test_deeds_count_from_the_end_of_the_round_or_from_what_the_window_counts_from() -> None:
    """A rule about the wait counts what was sent since the round, even before a reply that began a new wait."""
    told = opportunity(
        FIRST, touches=(reply("2026-03-06 10:00"),), outcome=outcome("rejected", "2026-03-20 10:00"),
    )  # fmt: skip
    about_wait = replace(ASK, opens=counted_from("wait", 24))
    about_outcome = replace(ASK, opens=counted_from("outcome.at", 24), when=when("outcome: rejected"))
    made = case(LATER, told, about_wait, about_outcome)
    assert made.since(about_wait, subject(made)) == utc("2026-03-03 15:00")
    assert made.since(about_outcome, subject(made)) == utc("2026-03-20 10:00")
    assert made.since(replace(ASK, opens=counted_from("last_contact", 24)), subject(made, None)) == utc(
        "2026-03-06 10:00"
    )
    bare = case(LATER, opportunity(), about_wait)
    assert bare.since(about_wait, subject(bare, None)) is None


# What is still to come


@pytest.mark.parametrize(("now", "is_upcoming"), [("2026-03-08 08:59", True), ("2026-03-08 09:00", False)])
def test_a_rule_is_still_to_come_until_it_opens(now: str, is_upcoming: bool) -> None:
    made = case(now, opportunity(FIRST), ASK)
    action = made.upcoming(ASK, subject(made))
    assert isinstance(action, Action) is is_upcoming
    assert made.moved_for_another(ASK, subject(made)) is False


def test_of_those_to_several_people_the_first_to_open_is_to_come() -> None:
    by_hand = Point("interview.end", Offset(days=9), when=when("knows: phone"))
    thanks = rule("thanks", "person", opens=Moment((by_hand, Point("interview.end", Offset(days=5)))))
    reached = replace(ANA, phone="+1 555 0100")
    told = opportunity(interview(people=("ana", "ben")), people=(reached, BEN))
    made = case("2026-03-04 12:00", told, thanks)
    action = made.upcoming(thanks, subject(made, None, None))
    assert action is not None
    assert (action.person, action.window and action.window.opens_at.day) == ("ben", 8)


def test_after_one_attempt_the_next_is_to_come() -> None:
    made = case("2026-03-09 12:00", opportunity(FIRST, touches=(sent("ask", "2026-03-08 10:00"),)), ASK)
    action = made.upcoming(ASK, subject(made))
    assert action is not None
    assert action.attempt == 2


# Why rules and holds are silent


def test_an_outcome_silences_what_it_does_not_open() -> None:
    told = opportunity(FIRST, outcome=outcome("rejected", "2026-03-20 10:00"))
    follows = rule("feedback", when=when("outcome: rejected"))
    outlives = rule("recap", outlives_outcome=True)
    made = case(LATER, told, THANKS, follows, outlives)
    said = [made.why_silent(each, subject(made)) for each in (THANKS, hold_rule("quiet"), follows, outlives)]
    assert said == ["the outcome is known", "the outcome is known", None, None]


def test_a_rule_that_another_ends_is_silent_once_that_fires() -> None:
    leave = rule("leave", "opportunity", when=when("accepted_elsewhere"), ends=("ask", "quiet"))
    accepted = opportunity(key="globex", outcome=outcome("accepted", "2026-03-06 10:00", start_date=utc(LATER).date()))
    before, after = (case(now, facts(opportunity(FIRST), accepted), ASK, leave) for now in ("2026-03-05 10:00", LATER))
    for one in (ASK, hold_rule("quiet")):
        assert before.why_silent(one, subject(before)) is None
        assert after.why_silent(one, subject(after)) == "leave ended it"


def test_a_hold_stands_for_those_of_whom_its_conditions_hold_and_spares_others() -> None:
    left_alone = replace(BEN, do_not_contact=True)
    hold = hold_rule("no-contact", "person", when=when("do_not_contact"), all_messages=True)
    spares = hold_rule("quiet", spares=when("held", "only_a: insider"), all_messages=True)
    made = case(LATER, opportunity(FIRST, people=(ANA, left_alone)), hold, spares)
    situation = made.situations[0]
    assert [one.person for one in made.standing(hold, situation)] == [left_alone]
    assert made.spared(spares, situation) == ("ana", "ben"), "the round they are asked about is the latest held one"
    assert made.spared(hold, situation) == ()


# Channels


def channel_to(person: Person, asked: Rule, *others: Any, **fields: Any) -> Any:
    told = opportunity(FIRST, **{"people": (person, BEN), **fields})
    made = case(LATER, told, asked, *others)
    found = made.channel(asked, subject(made, person=person))
    return found and found.recommended


BY_TEXT = replace(THANKS, channel=(ChannelAdvice(("text", "email")),))


def test_a_channel_that_a_hold_closes_is_not_recommended() -> None:
    assert channel_to(ANA, BY_TEXT) == "text"
    assert channel_to(ANA, BY_TEXT, hold_rule("no-text", channel="text")) == "email"
    assert channel_to(ANA, BY_TEXT, hold_rule("quiet", all_messages=True)) == "text", "a hold without a channel"
    assert channel_to(ANA, BY_TEXT, hold_rule("no-text", channel="text", when=when("outcome: offer"))) == "text"


def test_a_channel_is_closed_to_whom_and_for_what_the_hold_says() -> None:
    to_ben = hold_rule("no-text", "person", channel="text", when=when("only_a: interviewer"))
    assert channel_to(ANA, BY_TEXT, to_ben) == "text"
    assert channel_to(replace(ANA, roles=("interviewer",)), BY_TEXT, to_ben) == "email"
    assert channel_to(ANA, BY_TEXT, hold_rule("no-text", channel="text", forbids=("thanks",))) == "email"
    assert channel_to(ANA, BY_TEXT, hold_rule("no-text", channel="text", forbids=("ask",))) == "text"
    spares = hold_rule("no-text", channel="text", spares=when("only_a: hiring_manager"))
    assert channel_to(ANA, BY_TEXT, spares) == "text"
    assert channel_to(replace(ANA, roles=("recruiter",)), BY_TEXT, spares) == "email"


def test_a_channel_hold_may_be_ended_by_a_rule_that_goes_by_that_channel() -> None:
    """While the hold's own end is looked for, the channel counts as open."""
    call = rule("call", "opportunity", message=True, channel=(ChannelAdvice(("phone", "email")),), ends=("quiet",))
    quiet = hold_rule("quiet", channel="phone")
    told = opportunity(FIRST, people=(replace(ANA, phone="+1 555 0100"),))
    made = case(LATER, told, call, quiet)
    (action,) = made.resolve(call, made.subjects(call, made.situations[0])[0]).actions
    assert isinstance(action, Action)
    assert action.channel is not None
    assert action.channel.recommended == "phone"
    assert made.standing(quiet, made.situations[0]) == ()


def test_the_way_they_asked_for_is_that_of_the_round() -> None:
    asked = replace(THANKS, channel=(ChannelAdvice(("email",), as_asked=True),))
    told = {"interviews": (replace(FIRST, follow_up_channel="letter"),)}
    assert channel_to(ANA, asked, **told) == "letter"
    assert channel_to(ANA, BY_TEXT, **told) == "text"
    made = case(LATER, opportunity(), asked)
    found = made.channel(asked, subject(made, None))
    assert found is not None
    assert found.recommended == "email"


def test_the_way_they_wrote_is_that_of_the_reply_that_is_answered() -> None:
    answer = rule("answer", "opportunity", opens=counted_from("reply_to", rule="ask"), message=True,
                  channel=(ChannelAdvice(("email",), as_theirs=True),))  # fmt: skip
    asked = sent("ask", "2026-03-08 10:00")
    replied = reply("2026-03-09 10:00", channel="letter")
    assert channel_to(ANA, answer, ASK, touches=(asked, replied)) == "letter"
    assert channel_to(ANA, answer, ASK, touches=(asked,)) == "email"
    assert channel_to(ANA, answer, ASK, touches=(asked, replace(replied, channel=None))) == "email"


def test_somebody_is_unreachable_by_the_advice_that_holds_for_them() -> None:
    advice = (ChannelAdvice(("in_person",), when=when("only_a: hiring_manager")), ChannelAdvice(("email",)))
    asked = replace(THANKS, channel=advice)
    made = case(LATER, opportunity(FIRST), asked)
    nowhere = Person("eve", "Eve")
    assert made.unreachable(asked, subject(made, person=nowhere))
    assert not made.unreachable(asked, subject(made, person=replace(ANA, email=None)))
    assert not made.unreachable(asked, subject(made, person=BEN))
    assert not made.unreachable(THANKS, subject(made, person=nowhere))
    assert made.channel(THANKS, subject(made)) is None
