"""A rule's actions for a subject: states, attempts, what is over, and what may be left out of an answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from afterword.policy.engine import evaluate
from afterword.policy.facts import Calendar, Opportunity
from afterword.policy.playbook import ChannelAdvice, Moment, Offset, Point, Repeat, Rule
from afterword.policy.resolution import state_of
from afterword.policy.timeline import Action, Citation, Literal, Settlement, Window
from support.small_facts import (
    ANA,
    BEN,
    INSTANT,
    case,
    counted_from,
    facts,
    hold_rule,
    interview,
    mark,
    opportunity,
    playbook,
    rule,
    sent,
    utc,
    when,
)

OPENS, DUE, LAPSES = (utc(f"2026-03-03 {hour}:00") for hour in (15, 16, 17))
WHOLE = Window(OPENS, None, DUE, LAPSES)
NOW = "2026-03-04 12:00"


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (OPENS - INSTANT, "upcoming"),
        (OPENS, "open"),
        (DUE - INSTANT, "open"),
        (DUE, "overdue"),
        (LAPSES - INSTANT, "overdue"),
        (LAPSES, "lapsed"),
    ],
)
def test_a_window_at_its_own_instants(at: Any, state: str) -> None:
    assert state_of(WHOLE, None, False, at) == state
    for dealt_with in ("done", "skipped"):
        assert state_of(WHOLE, Settlement(dealt_with, OPENS), False, at) == dealt_with
        assert state_of(WHOLE, Settlement(dealt_with, OPENS), True, at) == dealt_with


def test_a_window_without_ends_stays_open() -> None:
    assert state_of(Window(OPENS), None, False, LAPSES + timedelta(days=999)) == "open"
    assert state_of(Window(OPENS, None, DUE), None, False, LAPSES) == "overdue"


def test_what_waits_for_another_is_to_come_until_it_lapses() -> None:
    assert [state_of(WHOLE, None, True, at) for at in (OPENS, DUE, LAPSES)] == ["upcoming", "upcoming", "lapsed"]


def test_a_snooze_lasts_until_its_end_and_not_beyond_the_windows() -> None:
    def state(at: Any, until: Any, waiting: bool = False) -> str:
        return state_of(WHOLE, Settlement("snoozed", OPENS, until), waiting, at)

    assert state(DUE - INSTANT, DUE) == "snoozed"
    assert state(DUE, DUE) == "overdue"
    assert state(LAPSES, LAPSES + INSTANT) == "lapsed"
    assert state(OPENS - INSTANT, DUE) == "snoozed"
    assert state(OPENS, DUE, waiting=True) == "snoozed"
    assert state(OPENS, None) == "open"


def actions(*rules: Rule, at: str = NOW, past: bool = True, told: Opportunity | None = None) -> tuple[Action, ...]:
    return evaluate(playbook(*rules), facts(told or opportunity(interview())), utc(at), past=past).actions


def test_an_action_says_all_that_its_rule_and_its_subject_say() -> None:
    says, objects = Citation("aunt", "here", "Do.", False, "Aunt"), Citation("uncle", "there", "Do not.", True, "Uncle")
    thank = rule(
        "gratitude",
        "person",
        kind="thank",
        title="Thank {person}",
        why="{company} remembers.",
        message=True,
        optional=True,
        checklist=("Be short",),
        sources=(says,),
        dissent=(objects,),
        channel=(ChannelAdvice(("email",), ("letter",), ("text",)),),
    )
    (found,) = actions(thank)
    assert (found.rule, found.kind, found.attempt, found.title) == ("gratitude", "thank", 1, "Thank Ana Ruiz")
    assert (found.state, found.optional, found.message, found.why) == ("open", True, True, "Acme remembers.")
    assert (found.opportunity, found.interview, found.person, found.wait) == ("acme", "i1", "ana", None)
    assert (found.checklist, found.sources, found.dissent) == (("Be short",), (says,), (objects,))
    assert found.channel == ("email", ("email", "letter"), ("text",))
    assert (found.settlement, found.moved_from) == (None, None)


def test_what_a_rule_leaves_out_its_actions_do_not_have() -> None:
    (found,) = actions(rule("walk"))
    assert (found.optional, found.message, found.channel, found.person) == (False, False, None, None)
    assert (found.checklist, found.sources, found.dissent) == ((), (), ())
    assert found.window == Window(OPENS)


def test_an_action_tells_what_settled_it() -> None:
    until = utc("2026-03-05 12:00")
    snoozed = mark("walk", "snoozed", "2026-03-04 10:00", until=until)
    (found,) = actions(rule("walk"), told=opportunity(interview(), marks=(snoozed,)))
    assert found.settlement == Settlement("snoozed", utc("2026-03-04 10:00"), until)


def test_what_is_said_of_two_attempts_is_said_of_each() -> None:
    again = Repeat(Offset(elapsed=timedelta(hours=1)))
    ask = rule("ask", "opportunity", message=True, opens=counted_from("wait"), repeat=again, title="No. {attempt}")
    told = opportunity(interview(), touches=(sent("ask", "2026-03-03 16:00"), sent("ask", "2026-03-03 20:00")))
    found = [(each.attempt, each.title, each.state, each.window and each.window.opens_at.hour) for each in
             actions(ask, told=told)]  # fmt: skip
    assert found == [(3, "No. 3", "open", 21), (1, "No. 1", "done", 15), (2, "No. 2", "done", 17)]


@pytest.mark.parametrize("past", [True, False])
def test_what_is_over_may_be_left_out_and_still_lets_others_go_on(past: bool) -> None:
    first = rule("first", expires=counted_from("interview.end", 2))
    second = rule("second", after="first")
    third = rule("third", after="second")
    done = mark("second", "done", "2026-03-03 20:00")
    found = actions(first, second, third, past=past, told=opportunity(interview(), marks=(done,)))
    live = [(each.kind, each.window and each.window.opens_at) for each in found if each.state == "open"]
    assert live == [("third", utc("2026-03-03 20:00"))]
    over = [(each.kind, each.state) for each in found if each.state != "open"]
    assert over == ([("second", "done"), ("first", "lapsed")] if past else [])


def test_a_call_has_its_channel_and_every_other_message_too() -> None:
    call = rule("call", "person", message=True, channel=(ChannelAdvice(("phone",)),))
    note = rule("note", "person", message=True, channel=(ChannelAdvice(("letter",)),))
    found = actions(call, note, rule("walk"))
    assert [each.channel and each.channel.recommended for each in found] == ["phone", "letter", None]


def test_everybody_in_a_round_has_the_same_window_and_those_of_another_round_their_own() -> None:
    thank = rule("thank", "person", due=counted_from("interview.end", 24), expires=counted_from("due", 1))
    two = opportunity(interview(people=("ana", "ben")), interview("i2", "2026-03-04 09:00"))
    found = [(each.person, each.interview, each.window and each.window.due_at) for each in actions(thank, told=two)]
    assert sorted(found) == [
        ("ana", "i1", utc("2026-03-04 15:00")),
        ("ana", "i2", utc("2026-03-05 10:00")),
        ("ben", "i1", utc("2026-03-04 15:00")),
    ]


def test_those_who_were_thanked_at_different_times_do_not_share_a_window() -> None:
    first, join = (
        rule("first", "person", message=True),
        rule("join", "person", after="first", due=counted_from("opens", 2)),
    )
    thanked = (sent("first", "2026-03-04 10:00"), sent("first", "2026-03-04 11:00", "ben"))
    told = opportunity(interview(people=("ana", "ben")), touches=thanked)
    found = [(each.person, each.window and each.window.due_at) for each in actions(first, join, told=told, past=False)]
    assert found == [("ana", utc("2026-03-04 12:00")), ("ben", utc("2026-03-04 13:00"))]


def test_a_person_is_met_again_only_in_a_later_round_that_was_held() -> None:
    thank = rule("thank", "person", newest_round_only=True)
    rounds = (
        interview(people=("ana", "ben")),
        interview("i2", "2026-03-04 09:00"),
        interview("i3", "2026-03-04 11:30"),
    )
    found = [(each.person, each.interview) for each in actions(thank, told=opportunity(*rounds))]
    assert found == [("ana", "i2"), ("ben", "i1"), ("ana", "i3")]
    assert [each.kind for each in actions(rule("walk", newest_round_only=True), told=opportunity(*rounds))] == [
        "walk"
    ] * 3


def test_two_opportunities_take_turns_and_one_alone_does_not() -> None:
    opens = Moment((Point("wait", Offset(days=1)),))
    ask = rule("ask", "opportunity", message=True, one_a_day=True, opens=opens, repeat=Repeat(Offset(days=7), 2))
    hush = hold_rule("hush", forbids=("ask",), when=when("moved_for_another: ask"), until_opening_of="ask")
    two = facts(opportunity(interview()), opportunity(interview(), key="globex"))
    answer = evaluate(playbook(ask, hush), two, utc(NOW))
    assert [(each.opportunity, each.window and each.window.opens_at, each.moved_from) for each in answer.actions] == [
        ("acme", utc("2026-03-04 09:00"), None),
        ("globex", utc("2026-03-05 09:00"), utc("2026-03-04 09:00")),
    ]
    assert [(each.opportunity, each.until) for each in answer.holds] == [("globex", utc("2026-03-05 09:00"))]
    (alone,) = actions(ask)
    assert (alone.moved_from, alone.state) == (None, "open")
    often = rule("often", "opportunity", message=True, opens=opens, repeat=Repeat(Offset(days=7), 2))
    assert [each.state for each in evaluate(playbook(often), two, utc(NOW)).actions] == ["open", "open"]


def test_what_gives_way_to_another_keeps_the_literal_instant_it_had_before_the_calendar_moved_it() -> None:
    opens = Moment((Point("wait", Offset(days=4)),))
    ask = rule("ask", "opportunity", message=True, one_a_day=True, opens=opens, repeat=Repeat(Offset(days=7), 2))
    # Tuesday and four days is nine on Saturday 7 March (rule 3); Monday the 9th is the first's, the 10th the second's.
    weekdays = Calendar(working_days=frozenset(range(5)))
    two = facts(opportunity(interview()), opportunity(interview(), key="globex"), calendar=weekdays)
    found = [each.window for each in evaluate(playbook(ask), two, utc(NOW)).actions]
    assert [window and (window.opens_at, window.literal and window.literal.opens_at) for window in found] == [
        (utc("2026-03-09 09:00"), utc("2026-03-07 09:00")),
        (utc("2026-03-10 09:00"), utc("2026-03-07 09:00")),
    ]


def test_what_gives_way_to_another_is_due_counted_from_the_day_it_gave_way_to() -> None:
    opens, due = Moment((Point("wait", Offset(days=2)),)), Moment((Point("opens", Offset(days=1)),))
    ask = rule(
        "ask", "opportunity", message=True, one_a_day=True, opens=opens, due=due, repeat=Repeat(Offset(days=7), 2)
    )
    # Thursday the 5th is the first's; the second's is Friday, due on Saturday, which the calendar makes Monday.
    weekdays = Calendar(working_days=frozenset(range(5)))
    two = facts(opportunity(interview()), opportunity(interview(), key="globex"), calendar=weekdays)
    first, second = (each.window for each in evaluate(playbook(ask), two, utc("2026-03-03 16:00")).actions)
    assert (first.opens_at, first.due_at, first.literal) == (utc("2026-03-05 09:00"), utc("2026-03-06 17:00"), None)
    assert (second.opens_at, second.due_at) == (utc("2026-03-06 09:00"), utc("2026-03-09 17:00"))
    assert second.literal == Literal(utc("2026-03-06 09:00"), utc("2026-03-07 17:00"))


def test_of_many_the_opportunity_waits_for_the_last_and_a_person_for_their_own() -> None:
    first = rule("first", "person", message=True)
    done = (sent("first", "2026-03-04 10:00", "ben"), sent("first", "2026-03-04 09:00"))
    told = opportunity(interview(people=("ana", "ben")), touches=done, people=(ANA, BEN))
    after = [rule(subject, subject, after="first") for subject in ("opportunity", "interview", "person")]
    asked = case(NOW, told, first, *after)
    (situation,) = asked.situations
    opened = {
        (own.id, one.person and one.person.key): asked.resolve(own, one).actions[0].window.opens_at.hour
        for own in after
        for one in asked.subjects(own, situation)
    }
    assert opened == {("opportunity", None): 10, ("interview", None): 10, ("person", "ana"): 9, ("person", "ben"): 10}
