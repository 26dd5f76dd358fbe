"""Whom and what a rule is about, and whom its message goes to."""

from __future__ import annotations

from dataclasses import replace

from afterword.policy import audience
from afterword.policy.case import Case
from afterword.policy.facts import Opportunity, Person
from afterword.policy.playbook import Rule
from afterword.policy.situation import Round
from afterword.policy.subject import Subject
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
    when,
)

LATER = "2026-04-01 12:00"
JOE = Person("joe", "Joe", ("reference",))
IDA = Person("ida", "Ida", ("insider",))
RITA = Person("rita", "Rita", ("recruiter",))
FIRST, SECOND = interview("i1"), interview("i2", "2026-03-10 14:00", people=("ben", "ana"))


def about(asked: Rule, told: Opportunity, now: str = LATER) -> list[tuple[str | None, str | None]]:
    """The round and the person of each subject."""
    made = case(now, told, asked)
    subjects = audience.subjects(made, asked, made.situations[0])
    return [(one.round and one.round.interview.key, one.person and one.person.key) for one in subjects]


def addressee(asked: Rule, told: Opportunity, *others: Rule, round: int | None = None) -> str | None:
    made = case(LATER, told, asked, *others)
    situation = made.situations[0]
    person = audience.addressed(made, asked, situation, None if round is None else situation.rounds[round]).person
    return person and person.key


def test_an_interview_rule_is_about_each_round_that_stands() -> None:
    cancelled = replace(FIRST, status="cancelled")
    assert about(rule("recap"), opportunity(FIRST, SECOND)) == [("i1", None), ("i2", None)]
    assert about(rule("recap"), opportunity(cancelled, SECOND)) == [("i2", None)]
    asks_status = rule("ask", when=when("status: cancelled"))
    assert about(asks_status, opportunity(cancelled, SECOND)) == [("i1", None), ("i2", None)]


def test_an_opportunity_rule_is_about_the_latest_held_round() -> None:
    assert about(rule("ask", "opportunity"), opportunity(FIRST, SECOND)) == [("i2", None)]
    assert about(rule("ask", "opportunity"), opportunity(FIRST, SECOND), "2026-03-05 12:00") == [("i1", None)]
    assert about(rule("ask", "opportunity"), opportunity()) == [(None, None)]
    assert about(rule("ask", "opportunity", message=True), opportunity(FIRST)) == [("i1", "ana")]


def test_whoever_asks_for_a_round_asks_those_of_that_round_and_else_everybody() -> None:
    thanks = rule("thanks", "person")
    made = case(LATER, opportunity(FIRST, SECOND), thanks)
    (situation,) = made.situations

    def asking(round: Round | None) -> Subject:
        return made.about(situation, round, None)

    found = [
        [one.person and one.person.key for one in audience.everybody(made, thanks, asking(round)) or ()]
        for round in (*situation.rounds, None)
    ]
    assert found == [["ana"], ["ben", "ana"], ["ana", "ben", "ana"]]


def test_a_personal_rule_is_about_everybody_in_every_round() -> None:
    told = opportunity(FIRST, SECOND)
    assert about(rule("thanks", "person"), told) == [("i1", "ana"), ("i2", "ben"), ("i2", "ana")]
    assert about(rule("thanks", "person"), opportunity(interview(people=("somebody", "ana")))) == [("i1", "ana")]


def test_what_is_owed_once_is_owed_for_the_round_that_was_held_first() -> None:
    long = interview("i1", minutes=240)
    short = interview("i2", "2026-03-03 15:00", people=("ben", "ana"))
    ahead = interview("i3", "2026-04-20 14:00", people=("ana", "rita"))
    told = opportunity(long, short, ahead, people=(ANA, BEN, RITA))
    assert about(rule("connect", "person", once=True), told) == [("i2", "ben"), ("i2", "ana"), ("i3", "rita")]
    assert about(rule("thanks", "person"), told)[0] == ("i1", "ana"), "what is owed each time goes round by round"


def test_what_follows_an_outcome_is_about_who_was_met_as_of_the_latest_round() -> None:
    ahead = interview("i3", "2026-04-20 14:00", people=("rita",))
    told = opportunity(FIRST, SECOND, ahead, people=(ANA, BEN, RITA))
    asked = rule("connect", "person", when=when("outcome: rejected"))
    assert about(asked, told) == [("i2", "ana"), ("i2", "ben")]
    assert about(asked, opportunity(FIRST, replace(SECOND, people=()))) == [("i2", "ana")]


def test_a_reference_is_seen_in_their_own_first_round_or_else_in_the_first() -> None:
    def joe_in(*rounds: str, now: str = LATER) -> str | None:
        first, second = (
            replace(one, people=(*one.people, *(("joe",) if one.key in rounds else ()))) for one in (FIRST, SECOND)
        )
        told = opportunity(first, second, people=(ANA, IDA, JOE))
        ((seen_in, person),) = about(rule("notify", "reference"), told, now)
        assert person == "joe"
        return seen_in

    assert joe_in("i1", "i2") == "i1"
    assert joe_in("i2") == "i2"
    assert joe_in() == "i1"
    assert joe_in(now="2026-03-01 12:00") == "i1", "nothing is held yet"
    bare = opportunity(people=(ANA, IDA, JOE))
    assert about(rule("ask", "insider"), bare) == [(None, "ida")]


def test_a_hold_is_about_the_opportunity_or_each_person_in_it_as_of_the_latest_round() -> None:
    made = case(LATER, opportunity(FIRST, SECOND))
    situation = made.situations[0]

    def seen(subject: str) -> list[tuple[str | None, str | None]]:
        subjects = audience.of_hold(made, hold_rule("quiet", subject), situation)
        return [(one.round and one.round.interview.key, one.person and one.person.key) for one in subjects]

    assert seen("opportunity") == [("i2", None)]
    assert seen("person") == [("i2", "ana"), ("i2", "ben")]


def test_another_rule_is_seen_from_the_same_round_or_from_the_latest() -> None:
    recap, ask = rule("recap"), rule("ask", "opportunity")
    made = case(LATER, opportunity(FIRST, SECOND), recap, ask)
    situation = made.situations[0]
    subject = made.about(situation, situation.rounds[0], ANA)
    assert audience.seen_from(made, recap, subject) is made.about(situation, situation.rounds[0], None)
    assert audience.seen_from(made, ask, subject) is made.about(situation, situation.rounds[1], None)


def test_a_message_goes_to_the_first_who_can_be_found() -> None:
    def told(*people: Person) -> Opportunity:
        return opportunity(interview(people=("ben",)), people=people)

    asked = rule("ask", to=("recruiter", "point_of_contact"))
    assert addressee(asked, told(BEN, ANA, RITA), round=0) == "rita"
    assert addressee(asked, told(BEN, ANA), round=0) == "ana", "the hiring manager"
    assert addressee(asked, told(BEN), round=0) == "ben", "who took part"
    assert addressee(asked, told(replace(BEN, do_not_contact=True)), round=0) is None
    assert addressee(rule("ask", to=("recruiter",)), told(BEN, ANA), round=0) is None
    assert addressee(asked, told(BEN, replace(RITA, do_not_contact=True)), round=0) == "ben"
    assert addressee(rule("ask"), told(BEN, ANA, RITA), round=0) is None


def test_who_took_part_is_asked_of_the_round_in_question() -> None:
    told = opportunity(interview("i1", people=("ben",)), SECOND, people=(replace(ANA, roles=()), BEN))
    asked = rule("ask", to=("point_of_contact",))
    assert addressee(asked, told, round=0) == "ben"
    told = opportunity(FIRST, SECOND, people=(replace(ANA, roles=()), BEN))
    assert addressee(asked, told, round=0) == "ana"
    assert addressee(asked, told, round=1) == "ben"


def test_an_answer_goes_to_whoever_replied() -> None:
    ask = rule("ask", "opportunity", message=True)
    thank = rule("thank", "opportunity", opens=counted_from("reply_to", rule="ask"), to=("replier", "point_of_contact"))
    unanswered = opportunity(FIRST, touches=(sent("ask", "2026-03-04 09:00"),))
    answered = replace(unanswered, touches=(*unanswered.touches, reply("2026-03-05 09:00", "ben")))
    assert addressee(thank, answered, ask, round=0) == "ben"
    assert addressee(thank, unanswered, ask, round=0) == "ana"
    by_nobody_known = replace(unanswered, touches=(*unanswered.touches, reply("2026-03-05 09:00", "eve")))
    assert addressee(thank, by_nobody_known, ask, round=0) == "ana"
    assert addressee(rule("thank", to=("replier",)), answered, ask, round=0) is None, "it answers nothing"


def test_a_round_of_another_opportunity_says_nothing_here() -> None:
    made: Case = case(LATER, facts(opportunity(), opportunity(FIRST, key="globex", outcome=outcome("offer", LATER))))
    asked = rule("ask", "opportunity")
    assert [one.round for one in audience.subjects(made, asked, made.situations[0])] == [None]
