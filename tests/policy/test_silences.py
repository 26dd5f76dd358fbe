"""Why not: the one thing that stopped each rule, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from afterword.policy.engine import evaluate
from afterword.policy.facts import Interview, Opportunity, Person
from afterword.policy.playbook import HoldRule, Moment, Offset, Point, Repeat, Rule
from afterword.policy.timeline import Silence
from support.small_facts import (
    ANA,
    BEN,
    counted_from,
    facts,
    hold_rule,
    interview,
    mark,
    opportunity,
    outcome,
    playbook,
    rule,
    sent,
    utc,
    when,
)

NOW = "2026-03-05 12:00"
ASK = rule(
    "ask",
    "opportunity",
    message=True,
    opens=Moment((Point("wait", Offset(days=1)),)),
    repeat=Repeat(Offset(days=3), 1),
)


def silent(*rules: Rule | HoldRule, told: Opportunity | None = None) -> list[Silence]:
    return [*evaluate(playbook(*rules), facts(told or opportunity(interview())), utc(NOW), explain=True).silences]


def reasons(*rules: Rule | HoldRule, **fields: Any) -> list[str]:
    rounds: tuple[Interview, ...] = fields.pop("rounds", (interview(),))
    return [each.because for each in silent(*rules, told=opportunity(*rounds, **fields))]


def test_what_fires_is_not_silent() -> None:
    assert silent(rule("walk"), hold_rule("quiet", channel="text")) == []


def test_a_hold_that_does_not_stand_says_why() -> None:
    quiet = hold_rule("no-text", kind="quiet", channel="text", when=when("long_process"))
    assert silent(rule("walk"), quiet) == [
        Silence("no-text", "quiet", "acme", "i1", None, "the process is not known to be a long one", "long_process")
    ]


def test_nobody_asks_and_nothing_is_explained() -> None:
    walk = rule("walk", when=when("long_process"))
    assert evaluate(playbook(walk), facts(opportunity(interview())), utc(NOW)).silences == ()


def test_the_condition_that_does_not_hold_is_named_as_it_is_written() -> None:
    walk = rule("walk", "person", when=when("held", "format: video, phone", "long_process"))
    assert silent(walk) == [
        Silence("walk", "walk", "acme", "i1", "ana", "the interview was of another kind", "format: video, phone")
    ]


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("reference", opportunity(interview())),
        ("insider", opportunity(interview())),
        ("interview", opportunity()),
        ("person", opportunity(interview(people=()))),
    ],
)
def test_there_is_nobody_that_it_could_be_about(subject: str, told: Opportunity) -> None:
    (found,) = silent(rule("walk", subject), told=told)
    assert (found.rule, found.kind, found.opportunity, found.person) == ("walk", "walk", "acme", None)
    assert (found.because, found.condition) == (f"there is no {subject} it could be about", None)


def test_where_there_is_nobody_it_is_told_first_that_there_is_no_outcome() -> None:
    part = rule("part", "person", when=when("outcome: rejected"))
    (found,) = silent(part, told=opportunity(interview(people=())))
    assert (found.because, found.condition, found.interview) == ("there is no such outcome", "outcome: rejected", "i1")
    over = outcome("rejected", "2026-03-04 10:00")
    assert reasons(part, rounds=(interview(people=()),), outcome=over) == ["there is no person it could be about"]
    walk = rule("walk", "person", when=when("long_process"))
    assert reasons(walk, rounds=(interview(people=()),)) == ["there is no person it could be about"]


def test_a_hold_for_each_person_where_there_is_none() -> None:
    quiet = hold_rule("quiet", "person", channel="text", when=when("outcome: rejected"))
    assert reasons(quiet, people=()) == ["there is no person it could be about"]


def test_what_it_counts_from_is_not_known() -> None:
    (found,) = silent(rule("walk", opens=counted_from("promise")))
    assert (found.because, found.condition) == ("it opens from promise, which is not known", None)
    points = counted_from("last_done", rule="ask").points + counted_from("last_reply").points * 2
    assert reasons(ASK, rule("walk", "opportunity", opens=Moment(points))) == [
        "it opens from last_done(ask) or last_reply, which is not known"
    ]


def test_there_is_nobody_left_to_write_to() -> None:
    alone = tuple(Person(one.key, one.name, do_not_contact=True) for one in (ANA, BEN))
    assert reasons(rule("write", "opportunity", message=True), people=alone) == ["there is nobody to write to"]
    assert reasons(rule("walk", "opportunity"), people=alone) == []
    assert reasons(rule("post", "interview", message=True), people=alone) == []
    assert reasons(rule("write", "opportunity", message=True), rounds=(interview(people=()),), people=()) == [
        "there is nobody to write to"
    ]


def test_about_an_interview_somebody_may_be_written_to_who_is_not_named_yet() -> None:
    """But not where one of those who are there asked to be left alone."""
    post = rule("post", "interview", message=True, to=("recruiter",))
    assert reasons(post) == []
    one_alone = (ANA, Person(BEN.key, BEN.name, do_not_contact=True))
    assert reasons(post, people=one_alone) == ["there is nobody to write to"]
    assert reasons(rule("walk", "interview", to=("recruiter",)), people=one_alone) == []
    recruiter = Person("eve", "Eve", ("recruiter",))
    assert reasons(post, people=(*one_alone, recruiter)) == []


def test_the_outcome_is_known() -> None:
    over = outcome("rejected", "2026-03-04 10:00")
    assert reasons(rule("walk"), outcome=over) == ["the outcome is known"]
    assert reasons(rule("walk", outlives_outcome=True), outcome=over) == []
    assert reasons(rule("walk", when=when("outcome: rejected")), outcome=over) == []
    assert reasons(hold_rule("quiet", channel="text"), outcome=over) == ["the outcome is known"]
    assert reasons(hold_rule("quiet", channel="text", outlives_outcome=True), outcome=over) == []


def test_another_rule_ended_it() -> None:
    ender = rule("leave", "opportunity", ends=("walk", "quiet"))
    quiet = hold_rule("quiet", channel="text")
    assert reasons(rule("walk"), ender, quiet) == ["leave ended it", "leave ended it"]
    idle = rule("leave", "opportunity", ends=("walk", "quiet"), when=when("long_process"))
    assert reasons(rule("walk"), idle, quiet) == ["the process is not known to be a long one"]


def test_a_later_round_took_its_place() -> None:
    rounds = (interview(), interview("i2", "2026-03-04 14:00"))
    thank = rule("thank", "person", newest_round_only=True)
    (found,) = silent(thank, told=opportunity(*rounds))
    assert (found.because, found.interview) == ("a later round with the same person took its place", "i1")


def test_the_allowance_is_used_or_the_next_one_skipped() -> None:
    assert reasons(ASK, touches=(sent("ask", "2026-03-04 10:00"),)) == ["as many were sent as are well received"]
    assert reasons(ASK, marks=(mark("ask", "skipped", "2026-03-04 10:00"),)) == ["you skipped the next one"]
    assert reasons(ASK) == []
    rarely = rule("ask", "opportunity", repeat=ASK.repeat, when=when("long_process"))
    assert reasons(rarely) == ["the process is not known to be a long one"]


def test_a_hold_forbids_it() -> None:
    told = silent(rule("walk", "person"), hold_rule("quiet", forbids=("walk",)))
    assert told == [Silence("walk", "walk", "acme", "i1", "ana", "quiet forbids it")]


def test_standing_advice_is_silent_about_no_opportunity() -> None:
    search = rule("search", "account", opens=None, when=when("no_opportunity_has: offer"))
    offer = outcome("offer", "2026-03-04 10:00", answer_by=date(2026, 3, 20))
    assert silent(search, told=opportunity(outcome=offer)) == [
        Silence("search", "search", None, None, None, "an opportunity has that outcome", "no_opportunity_has: offer")
    ]
    assert silent(search) == []


def test_each_opportunity_has_its_own_silences_rules_before_holds() -> None:
    walk, quiet = rule("walk", when=when("long_process")), hold_rule("quiet", channel="text", when=when("long_process"))
    two = facts(opportunity(interview()), opportunity(interview(), key="globex"))
    told = evaluate(playbook(walk, quiet), two, utc(NOW), explain=True).silences
    assert [(each.opportunity, each.rule) for each in told] == [
        ("acme", "walk"),
        ("acme", "quiet"),
        ("globex", "walk"),
        ("globex", "quiet"),
    ]


def test_a_hold_for_each_person_is_silent_for_each() -> None:
    quiet = hold_rule("quiet", "person", channel="text", when=when("prefers: text"))
    told = silent(quiet)
    assert [(each.kind, each.person, each.because) for each in told] == [
        ("quiet", "ana", "they have not asked for that"),
        ("quiet", "ben", "they have not asked for that"),
    ]
