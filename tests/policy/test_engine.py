"""The whole answer: which actions are in it and in which order, advice to the account, when it changes by itself."""

from __future__ import annotations

import gc
from dataclasses import replace
from typing import Any

from afterword.policy.case import Case
from afterword.policy.engine import evaluate
from afterword.policy.facts import Facts, Opportunity
from afterword.policy.playbook import HoldRule, Moment, Offset, Point, Repeat, Rule
from afterword.policy.timeline import Citation, Timeline
from support.small_facts import (
    ANA,
    counted_from,
    facts,
    hold_rule,
    interview,
    mark,
    opportunity,
    outcome,
    playbook,
    reply,
    rule,
    sent,
    utc,
    when,
)

FIRST = interview("i1")
FIVE_DAYS = Moment((Point("interview.end", Offset(days=5)),))
RECAP = rule("recap", opens=counted_from("interview.end"), due=counted_from("interview.end", 3))


def answered(now: str, told: Opportunity | Facts, *rules: Rule | HoldRule, **asked: Any) -> Timeline:
    return evaluate(playbook(*rules), told if isinstance(told, Facts) else facts(told), utc(now), **asked)


def kinds(timeline: Timeline) -> list[str]:
    return [action.kind for action in timeline.actions]


# What is in the answer


def test_the_answer_says_when_it_was_given_and_by_which_playbook() -> None:
    found = answered("2026-03-03 16:00", opportunity(FIRST), RECAP, hold_rule("quiet"))
    assert (found.as_of, found.playbook, found.silences) == (utc("2026-03-03 16:00"), "mine", ())
    assert kinds(found) == ["recap"]
    assert [hold.kind for hold in found.holds] == ["quiet"]


def test_what_follows_an_outcome_or_a_lost_round_is_there_only_after_it() -> None:
    thank = rule("thank", "opportunity", opens=counted_from("outcome.at"), when=when("outcome: rejected"))
    again = rule("again", opens=counted_from("interview.status_at"), when=when("status: cancelled"))
    rejected = opportunity(FIRST, outcome=outcome("rejected", "2026-03-10 10:00"))
    cancelled = opportunity(replace(FIRST, status="cancelled", status_at=utc("2026-03-02 10:00")))
    assert kinds(answered("2026-03-11 10:00", rejected, thank, again)) == ["thank"]
    assert kinds(answered("2026-03-11 10:00", cancelled, thank, again)) == ["again"]
    assert kinds(answered("2026-03-11 10:00", opportunity(FIRST), thank, again)) == []
    both = facts(opportunity(FIRST), replace(cancelled, key="globex"), replace(rejected, key="initech"))
    assert kinds(answered("2026-03-11 10:00", both, again, thank)) == ["again", "thank"]


def test_every_subject_has_its_action() -> None:
    thanks = rule("thanks", "person")
    two = opportunity(interview("i1", people=("ana", "ben")), interview("i2", "2026-03-10 14:00"))
    found = answered("2026-03-11 10:00", facts(two, opportunity(FIRST, key="globex")), thanks)
    assert [(one.opportunity, one.person, one.interview) for one in found.actions] == [
        ("acme", "ana", "i1"),
        ("acme", "ana", "i2"),
        ("acme", "ben", "i1"),
        ("globex", "ana", "i1"),
    ]


def test_what_a_hold_forbids_is_left_out_and_what_waits_for_its_end_is_not() -> None:
    ask = rule("ask", "opportunity", opens=FIVE_DAYS, message=True)
    waits = hold_rule("wait", forbids=("ask",), when=when("upcoming: ask"), until_opening_of="ask")
    forbids = hold_rule("quiet", forbids=("ask",))
    assert kinds(answered("2026-03-05 10:00", opportunity(FIRST), ask, waits)) == ["ask"]
    assert kinds(answered("2026-03-05 10:00", opportunity(FIRST), ask, forbids)) == []


def test_a_rule_that_ends_others_has_an_action_for_everybody_too() -> None:
    thanks = rule("thanks", "person", ends=("card",))
    two = opportunity(interview("i1", people=("ana", "ben")))
    found = answered("2026-03-04 10:00", two, thanks)
    assert [action.person for action in found.actions] == ["ana", "ben"]


# Advice to the account


def test_standing_advice_is_open_without_a_window_until_its_conditions_fail() -> None:
    cited = (Citation("my-aunt", "by phone", "Keep looking.", False, "My aunt"),)
    search = rule("search", "account", opens=None, title="Look beyond {company}", why="{person} may say no.",
                  optional=True, message=True, sources=cited, checklist=("Read the paper",),
                  when=when("no_opportunity_has: offer"))  # fmt: skip
    (action,) = answered("2026-03-05 10:00", opportunity(FIRST), search).actions
    assert (action.rule, action.kind, action.attempt, action.state) == ("search", "search", 1, "open")
    assert (action.title, action.why) == ("Look beyond any employer", "them may say no.")
    assert (action.optional, action.message, action.checklist, action.sources) == (
        True,
        True,
        ("Read the paper",),
        cited,
    )
    about = (action.window, action.opportunity, action.interview, action.wait, action.person, action.channel)
    assert about == (None, None, None, None, None, None)
    offer = opportunity(FIRST, outcome=outcome("offer", "2026-03-04 10:00"))
    assert kinds(answered("2026-03-05 10:00", offer, search)) == []


def test_who_says_otherwise_stands_beside_standing_advice() -> None:
    otherwise = (Citation("my-uncle", "by post", "Wait.", False, "My uncle"),)
    search = rule("search", "account", opens=None, dissent=otherwise)
    (action,) = answered("2026-03-05 10:00", facts(), search).actions
    assert action.dissent == otherwise


# When it changes


def changes(now: str, told: Opportunity | Facts, *rules: Rule | HoldRule) -> str | None:
    at = answered(now, told, *rules).next_change_at
    return None if at is None else at.strftime("%m-%d %H:%M")


def test_it_changes_when_something_opens_is_due_or_lapses() -> None:
    asked = rule("recap", opens=counted_from("interview.end", 1), best=counted_from("interview.end", 2),
                 due=counted_from("interview.end", 3), expires=counted_from("interview.end", 4))  # fmt: skip
    times = ["2026-03-03 15:00", "2026-03-03 16:00", "2026-03-03 17:00", "2026-03-03 18:00", "2026-03-03 19:00"]
    assert [changes(now, opportunity(FIRST), asked) for now in times] == [
        "03-03 16:00", "03-03 18:00", "03-03 18:00", "03-03 19:00", None,
    ]  # fmt: skip


def test_what_is_over_changes_no_more() -> None:
    told = opportunity(FIRST, marks=(mark("recap", "done", "2026-03-03 15:30"),))
    assert changes("2026-03-03 16:00", told, RECAP) is None
    assert changes("2026-03-03 16:00", opportunity(FIRST), RECAP) == "03-03 18:00"


def test_it_changes_when_an_interview_starts_or_ends() -> None:
    nothing = hold_rule("quiet")
    told = facts(opportunity(FIRST), opportunity(interview("i1", "2026-03-03 14:30"), key="globex"))
    times = ["2026-03-03 13:00", "2026-03-03 14:00", "2026-03-03 14:30", "2026-03-03 15:00", "2026-03-03 15:30"]
    assert [changes(now, told, nothing) for now in times] == [
        "03-03 14:00", "03-03 14:30", "03-03 15:00", "03-03 15:30", None,
    ]  # fmt: skip
    assert changes("2026-03-03 13:00", opportunity(replace(FIRST, status="cancelled")), nothing) is None


def test_it_changes_when_a_snooze_ends() -> None:
    snoozed = mark("recap", "snoozed", "2026-03-03 15:30", until=utc("2026-03-03 17:30"))
    told = opportunity(FIRST, marks=(snoozed,))
    assert changes("2026-03-03 16:00", told, RECAP) == "03-03 17:30"
    assert changes("2026-03-03 16:00", told, RECAP, hold_rule("quiet", forbids=("recap",))) == "03-03 17:30"
    assert changes("2026-03-03 17:30", told, RECAP) == "03-03 18:00"
    never = replace(told, marks=(replace(snoozed, until=utc("2026-03-05 10:00")),))
    assert changes("2026-03-03 18:00", never, RECAP) == "03-05 10:00"


def test_a_snooze_of_what_has_lapsed_changes_nothing() -> None:
    lapses = replace(RECAP, expires=counted_from("interview.end", 4))
    snoozed = mark("recap", "snoozed", "2026-03-03 15:30", until=utc("2026-03-05 10:00"))
    assert changes("2026-03-04 10:00", opportunity(FIRST, marks=(snoozed,)), lapses) is None


def test_it_changes_when_a_hold_ends() -> None:
    """The hold ends as the action opens, at 09:00 on the 8th; what a hold hides changes nothing by itself."""
    ask = rule("ask", "opportunity", opens=FIVE_DAYS, message=True)
    wait = hold_rule("wait", forbids=("ask", "recap"), when=when("upcoming: ask"), until_opening_of="ask")
    assert changes("2026-03-05 10:00", opportunity(FIRST), ask, RECAP, wait) == "03-08 09:00"
    hidden = rule("recap", opens=counted_from("interview.end", 50))
    assert changes("2026-03-05 10:00", opportunity(FIRST), hidden, hold_rule("quiet", forbids=("recap",))) is None


def test_it_changes_when_what_gave_way_to_another_opportunity_would_have_opened() -> None:
    """Both open at 09:00 on the 8th, so that the second is put off to the 9th, also where both are held."""
    weekly = Repeat(Offset(days=7), max=2)
    ask = rule("ask", "opportunity", opens=FIVE_DAYS, message=True, one_a_day=True, repeat=weekly)
    told = facts(opportunity(FIRST), opportunity(FIRST, key="globex"))
    found = answered("2026-03-05 10:00", told, ask)
    assert [(one.opportunity, one.window and one.window.opens_at) for one in found.actions] == [
        ("acme", utc("2026-03-08 09:00")),
        ("globex", utc("2026-03-09 09:00")),
    ]
    assert found.actions[1].moved_from == utc("2026-03-08 09:00")
    quiet = hold_rule("quiet", all_messages=True, forbids=("ask",))
    assert answered("2026-03-05 10:00", told, ask, quiet).next_change_at == utc("2026-03-08 09:00")


def test_a_fact_that_is_dated_ahead_becomes_known_then() -> None:
    told = opportunity(
        replace(FIRST, scheduled_at=utc("2026-03-01 10:00"), status_at=utc("2026-03-06 10:00")),
        touches=(sent("thanks", "2026-03-05 10:00"), reply("2026-03-04 10:00")),
        marks=(mark("recap", "done", "2026-03-07 10:00"),),
        outcome=outcome("offer", "2026-03-08 10:00"),
    )
    times = ["2026-02-28 10:00", *(f"2026-03-0{day} 10:00" for day in (1, 4, 5, 6, 7, 8))]
    found = [answered(now, told).next_fact_at for now in times]
    assert found == [*(utc(f"2026-03-0{day} 10:00") for day in (1, 4, 5, 6, 7, 8)), None]


# The order


def test_overdue_comes_before_open_before_upcoming_and_what_is_due_first_before_the_rest() -> None:
    def lasting(id: str, opens: float, due: float | None, **fields: Any) -> Rule:
        ends = {} if due is None else {"due": counted_from("interview.end", due)}
        return rule(id, opens=counted_from("interview.end", opens), **ends, **fields)

    rules = (
        lasting("upcoming", 30, 40),
        lasting("without-due", 0, None),
        lasting("later", 0, 35),
        lasting("sooner", 0, 30),
        lasting("overdue", 0, 2),
        lasting("lapsed", 0, 2, expires=counted_from("interview.end", 3)),
        lasting("done", 0, 30),
        lasting("skipped", 0, 30),
        lasting("snoozed", 0, 30),
        rule("advice", "account", opens=None),
    )
    marks = (
        mark("done", "done", "2026-03-03 16:00"),
        mark("skipped", "skipped", "2026-03-03 16:00"),
        mark("snoozed", "snoozed", "2026-03-03 16:00", until=utc("2026-03-10 10:00")),
    )
    now = "2026-03-04 15:00"
    assert kinds(answered(now, opportunity(FIRST, marks=marks), *rules)) == [
        "overdue", "sooner", "later", "without-due", "advice", "upcoming", "snoozed", "done", "skipped", "lapsed",
    ]  # fmt: skip
    assert kinds(answered(now, opportunity(FIRST, marks=marks), *rules, past=False)) == [
        "overdue", "sooner", "later", "without-due", "advice", "upcoming", "snoozed",
    ]  # fmt: skip


def test_what_is_due_at_once_is_ordered_by_rule_then_opportunity_then_person() -> None:
    everybody = interview("i1", people=("ben", "ana"))
    told = facts(opportunity(everybody, key="globex"), opportunity(everybody))
    thanks, card = rule("thanks", "person"), rule("card", "person")
    found = answered("2026-03-03 16:00", told, thanks, rule("recap"), card)
    assert [(one.kind, one.opportunity, one.person) for one in found.actions] == [
        *(("thanks", place, person) for place in ("globex", "acme") for person in ("ana", "ben")),
        ("recap", "globex", None),
        ("recap", "acme", None),
        *(("card", place, person) for place in ("globex", "acme") for person in ("ana", "ben")),
    ]


def test_advice_to_the_account_comes_after_that_to_its_opportunities_by_the_same_rule_place() -> None:
    found = answered("2026-03-03 16:00", opportunity(FIRST), rule("recap"), rule("search", "account", opens=None))
    assert kinds(found) == ["recap", "search"]
    found = answered("2026-03-03 16:00", opportunity(FIRST), rule("search", "account", opens=None), rule("recap"))
    assert kinds(found) == ["search", "recap"]


def test_what_goes_to_nobody_yet_comes_before_what_goes_to_somebody() -> None:
    ana = replace(ANA, roles=())
    told = opportunity(FIRST, interview("i2", "2026-03-10 14:00", people=()), people=(ana,))
    found = answered("2026-03-11 10:00", told, rule("ask", to=("point_of_contact",)))
    assert [(action.interview, action.person) for action in found.actions] == [("i2", None), ("i1", "ana")]


# Why not


def test_why_not_is_told_only_where_it_is_asked_for() -> None:
    silent = rule("card", when=when("outcome: offer"))
    assert answered("2026-03-05 10:00", opportunity(FIRST), silent).silences == ()
    (told,) = answered("2026-03-05 10:00", opportunity(FIRST), silent, explain=True).silences
    assert (told.rule, told.because) == ("card", "there is no such outcome")


def test_why_not_names_the_hold_that_forbids_an_action() -> None:
    told = answered("2026-03-05 10:00", opportunity(FIRST), RECAP, hold_rule("quiet", forbids=("recap",)), explain=True)
    assert [(one.rule, one.because) for one in told.silences] == [("recap", "quiet forbids it")]


def cases_alive() -> int:
    return sum(isinstance(each, Case) for each in gc.get_objects())


def test_an_answer_leaves_nothing_for_the_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        before = cases_alive()
        answered("2026-03-03 16:00", opportunity(FIRST), RECAP, rule("thanks", "person"), hold_rule("quiet"))
        assert cases_alive() == before
    finally:
        gc.enable()
