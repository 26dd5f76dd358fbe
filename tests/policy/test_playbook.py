"""What follows from how a rule is written: whom it is about, whether it may be a call, what it waits for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from afterword.policy.engine import evaluate
from afterword.policy.playbook import ChannelAdvice, Condition, Moment, Offset, Point, Repeat
from support.small_facts import (
    case,
    counted_from,
    facts,
    hold_rule,
    interview,
    opportunity,
    outcome,
    playbook,
    reply,
    rule,
    sent,
    utc,
    when,
)

NOW = "2026-03-05 12:00"


def test_a_condition_is_written_with_its_arguments() -> None:
    assert str(Condition("held")) == "held"
    assert str(Condition("format", ("video", "phone"))) == "format: video, phone"


@pytest.mark.parametrize(
    ("offset", "back"),
    [
        (Offset(days=-1), True),
        (Offset(days=0), False),
        (Offset(days=1), False),
        (Offset(working_days=-1), True),
        (Offset(working_days=0), False),
        (Offset(working_days=2), False),
        (Offset(elapsed=timedelta(hours=-5)), False),
    ],
)
def test_days_count_back_where_they_are_less_than_none(offset: Offset, back: bool) -> None:
    assert offset.counts_back is back


def test_an_outcome_opens_only_what_asks_for_one() -> None:
    assert rule("thank", when=when("held", "outcome: rejected")).follows_outcome
    assert not rule("thank", when=when("held", "no_outcome")).follows_outcome
    assert hold_rule("quiet", when=when("outcome: rejected")).follows_outcome is False


@pytest.mark.parametrize("condition", ["status: cancelled", "missed_by: me"])
def test_a_dropped_round_yields_only_what_asks_for_it(condition: str) -> None:
    sorry, walk = rule("sorry", when=when(condition)), rule("walk")
    assert (sorry.asks_status, walk.asks_status) == (True, False)
    status = "missed" if "missed" in condition else "cancelled"
    told = facts(opportunity(interview(status=status, missed_by="me")))
    assert [each.kind for each in evaluate(playbook(sorry, walk), told, utc(NOW)).actions] == ["sorry"]


@pytest.mark.parametrize(
    ("advice", "may_be"),
    [
        (ChannelAdvice(("email",), ("letter",), avoid=("phone",)), False),
        (ChannelAdvice(("phone",)), True),
        (ChannelAdvice(("email",), ("phone",)), True),
        (ChannelAdvice(("email",), prefer=("letter", "phone")), True),
        (ChannelAdvice(("email",), as_asked=True), True),
        (ChannelAdvice(("email",), as_theirs=True), True),
    ],
)
def test_when_it_may_be_a_call(advice: ChannelAdvice, may_be: bool) -> None:
    assert rule("ask", channel=(advice,)).may_be_phoned is may_be
    assert rule("ask", channel=(ChannelAdvice(("text",)), advice)).may_be_phoned is may_be


def test_channels_are_good_enough_in_the_order_of_the_rule() -> None:
    assert ChannelAdvice(("email", "letter"), ("phone",), ("text",)).own == ("email", "letter", "phone")


@pytest.mark.parametrize(
    ("subject", "message", "to", "addressees"),
    [
        ("opportunity", True, (), ("point_of_contact",)),
        ("opportunity", False, (), ()),
        ("interview", True, (), ()),
        ("person", True, (), ()),
        ("interview", True, ("recruiter", "point_of_contact"), ("recruiter", "point_of_contact")),
        ("opportunity", True, ("replier",), ("replier",)),
    ],
)
def test_whom_a_message_goes_to(subject: str, message: bool, to: tuple[str, ...], addressees: tuple[str, ...]) -> None:
    assert rule("ask", subject, message=message, to=to).addressees == addressees


@pytest.mark.parametrize("subject", ["person", "reference", "insider"])
def test_some_rules_are_about_one_person_each_time(subject: str) -> None:
    assert rule("ask", subject).personal
    assert not rule("ask", "opportunity").personal
    assert not rule("ask", "interview").personal


@pytest.mark.parametrize(
    ("anchor", "waits"),
    [
        ("wait", True),
        ("promise", True),
        ("last_done", True),
        ("last_reply", True),
        ("last_contact", True),
        ("interview.end", False),
        ("outcome.at", False),
        ("reply_to", False),
        ("other_offer.at", False),
    ],
)
def test_what_is_counted_from_the_wait_is_owed_anew_in_a_new_one(anchor: str, waits: bool) -> None:
    own = rule("ask", "opportunity", opens=counted_from(anchor, rule="thank"))
    assert own.answers_wait is waits
    assert not rule("ask", "interview", opens=counted_from(anchor, rule="thank")).answers_wait
    assert not rule("ask", "opportunity", opens=None).answers_wait


def test_one_point_that_counts_from_the_wait_is_enough_and_the_wait_is_named() -> None:
    points = counted_from("promise").points + counted_from("interview.end").points
    ask = rule("ask", "opportunity", opens=Moment(points))
    walk = rule("walk", "opportunity")
    told = opportunity(interview(), touches=(reply("2026-03-04 10:00"),))
    found = evaluate(playbook(ask, walk), facts(told), utc(NOW)).actions
    assert [(each.kind, each.wait, each.interview) for each in found] == [
        ("ask", "reply 2026-03-04 10:00", "i1"),
        ("walk", None, "i1"),
    ]


def test_the_rule_that_is_answered() -> None:
    points = counted_from("wait").points + counted_from("reply_to", rule="ask").points
    assert rule("thank", "opportunity", opens=Moment(points)).answers == "ask"
    assert rule("thank", "opportunity", opens=counted_from("last_done", rule="ask")).answers is None
    assert rule("thank", "opportunity", opens=None).answers is None


@pytest.mark.parametrize(
    ("fields", "shared"),
    [
        ({}, True),
        ({"due": counted_from("opens", 2), "expires": counted_from("due")}, True),
        ({"best": counted_from("interview.start")}, True),
        ({"opens": counted_from("interview.scheduled_at")}, True),
        ({"opens": counted_from("last_done", rule="ask")}, False),
        ({"due": counted_from("outcome.at")}, False),
        ({"best": counted_from("promise")}, False),
        ({"expires": counted_from("last_reply")}, False),
        ({"due": Moment((Point("interview.end", Offset(days=3), when=when("prefers: letter")),))}, False),
        ({"repeat": Repeat(Offset(days=3))}, False),
    ],
)
def test_a_window_is_the_same_for_everybody_where_nothing_in_it_is_of_a_person(
    fields: dict[str, Any], shared: bool
) -> None:
    assert rule("thank", "person", **fields).timed_by_round is shared
    assert not rule("thank", "interview", **fields).timed_by_round


def test_a_window_that_depends_on_the_person_differs_from_one_to_the_next() -> None:
    thank = rule("thank", "person", message=True)
    join = rule("join", "person", opens=counted_from("last_done", 1, "thank"), due=counted_from("opens", 2))
    told = opportunity(
        interview(people=("ana", "ben")),
        touches=(sent("thank", "2026-03-03 16:00"), sent("thank", "2026-03-04 10:00", "ben")),
    )
    found = evaluate(playbook(thank, join), facts(told), utc(NOW)).listed()
    assert [(each.person, each.window and each.window.opens_at) for each in found] == [
        ("ana", utc("2026-03-03 17:00")),
        ("ben", utc("2026-03-04 11:00")),
    ]


@pytest.mark.parametrize(
    ("fields", "covers_ask", "covers_other"),
    [
        ({"forbids": ("ask",)}, True, False),
        ({"forbids": ("ask",), "channel": "text"}, True, False),
        ({"channel": "text"}, True, True),
        ({"all_messages": True, "forbids": ("ask",)}, True, True),
    ],
)
def test_what_a_hold_covers(fields: dict[str, Any], covers_ask: bool, covers_other: bool) -> None:
    hold = hold_rule("quiet", **fields)
    assert (hold.covers("ask"), hold.covers("other")) == (covers_ask, covers_other)


def test_a_playbook_knows_its_rules() -> None:
    ask, thank = rule("ask", "opportunity", message=True), rule("thank", "person", message=True, ends=("walk", "ask"))
    again, walk = rule("again", "opportunity", kind="ask", message=True, ends=("ask",)), rule("walk")
    search = rule("search", "account", opens=None)
    book = playbook(ask, thank, again, walk, search)
    assert book.by_id == {"ask": ask, "thank": thank, "again": again, "walk": walk, "search": search}
    assert book.dated == (ask, thank, again, walk)
    assert book.standing == (search,)
    assert sorted(book.order, key=book.order.__getitem__) == ["ask", "thank", "again", "walk", "search"]
    assert book.enders == {"walk": (thank,), "ask": (thank, again)}
    assert book.message_kinds == ("ask", "thank")


def test_rules_that_are_about_different_people_have_audiences_of_their_own() -> None:
    told = opportunity(
        interview(people=("ana",)),
        interview("i2", "2026-03-04 14:00", people=("ana",)),
        outcome=outcome("rejected", "2026-03-05 10:00"),
    )
    each, once = rule("each", "person", outlives_outcome=True), rule("once", "person", once=True, outlives_outcome=True)
    after = rule("after", "person", when=when("outcome: rejected"))
    asked = case(NOW, told, each, once, after)
    (situation,) = asked.situations
    rounds = [[one.round.interview.key for one in asked.subjects(own, situation) if one.round] for own in (each, once)]
    assert rounds == [["i1", "i2"], ["i1"]]
    assert [one.round and one.round.interview.key for one in asked.subjects(after, situation)] == ["i2"]
