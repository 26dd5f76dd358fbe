"""What must be left alone: how a hold is shown, and which actions it holds back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from afterword.policy.engine import evaluate
from afterword.policy.holds import Holds, forbids
from afterword.policy.playbook import ChannelAdvice, HoldRule, Moment, Offset, Point, Repeat, Rule
from afterword.policy.timeline import Action, Channel, Hold, Timeline, Window
from support.small_facts import ANA, BEN, facts, hold_rule, interview, opportunity, playbook, rule, utc, when

NOW = utc("2026-03-04 12:00")
THEN = NOW + timedelta(days=1)


def action(kind: str = "call", channel: str | None = "email", **fields: Any) -> Action:
    usual: dict[str, Any] = {
        "attempt": 1, "title": "Call", "state": "open", "optional": False, "message": True, "window": Window(NOW),
        "opportunity": "acme", "interview": "i1", "wait": None, "person": "ana", "why": "",
        "channel": Channel(channel) if channel else None, "checklist": (), "sources": (), "dissent": (),
    }  # fmt: skip
    return Action(kind, kind, **{**usual, **fields})


def hold(kind: str = "quiet", **fields: Any) -> Hold:
    usual: dict[str, Any] = {
        "forbids": (), "channel": None, "person": None, "opportunity": "acme", "until": None, "why": "", "sources": (),
    }  # fmt: skip
    return Hold(kind, kind, **{**usual, **fields})


QUIET = hold(forbids=("call",))
NO_MAIL = hold("no-mail", channel="email")


def test_a_hold_holds_back_its_kinds_and_a_closed_channel_everything_on_it() -> None:
    assert Holds([QUIET]).against(action()) is QUIET
    assert Holds([QUIET]).against(action("write")) is None
    assert Holds([NO_MAIL]).against(action("write")) is NO_MAIL
    assert Holds([NO_MAIL]).against(action("write", channel="phone")) is None
    assert Holds([NO_MAIL]).against(action("write", channel=None)) is None
    assert Holds([]).against(action()) is None


def test_one_hold_that_speaks_of_it_is_enough() -> None:
    spares_her = hold("spares", forbids=("call",), spares=("ana",))
    on_paper = hold("paper", forbids=("call",), channel="letter")
    assert Holds([spares_her, on_paper, NO_MAIL]).against(action()) is NO_MAIL
    assert Holds([spares_her, QUIET]).against(action()) is QUIET
    assert Holds([spares_her, on_paper]).against(action()) is None
    assert Holds([NO_MAIL, QUIET]).against(action()) in (QUIET, NO_MAIL)


def test_a_hold_of_another_opportunity_holds_nothing_back() -> None:
    assert Holds([QUIET, NO_MAIL]).against(action(opportunity="globex")) is None


@pytest.mark.parametrize("state", ["done", "skipped"])
def test_what_was_dealt_with_is_told_in_spite_of_a_hold(state: str) -> None:
    assert Holds([QUIET]).against(action(state=state)) is None


@pytest.mark.parametrize("state", ["overdue", "open", "upcoming", "snoozed", "lapsed"])
def test_everything_else_is_held_back(state: str) -> None:
    assert Holds([QUIET]).against(action(state=state)) is QUIET


def test_standing_advice_is_never_held_back() -> None:
    assert Holds([QUIET]).against(action(window=None)) is None


@pytest.mark.parametrize(
    ("opens", "state", "is_held"),
    [
        (THEN, "upcoming", False),
        (THEN + timedelta(hours=1), "upcoming", False),
        (THEN - timedelta(microseconds=1), "upcoming", True),
        (THEN, "snoozed", True),
        (NOW, "open", True),
    ],
)
def test_what_only_waits_for_the_end_of_a_hold_is_told(opens: Any, state: str, is_held: bool) -> None:
    waiting = hold(forbids=("call",), until=THEN)
    found = Holds([waiting]).against(action(state=state, window=Window(opens)))
    assert found is (waiting if is_held else None)


def test_a_hold_without_an_end_holds_back_what_is_to_come() -> None:
    assert Holds([QUIET]).against(action(state="upcoming", window=Window(THEN))) is QUIET


def test_whether_one_hold_forbids_one_action() -> None:
    assert forbids(QUIET, action())
    assert not forbids(QUIET, action("write"))
    assert forbids(NO_MAIL, action("write"))
    assert not forbids(NO_MAIL, action("write", channel=None))
    assert not forbids(hold(forbids=("call",), person="ben"), action())


# As a playbook's rules are shown

WAIT = Moment((Point("wait", Offset(days=7)),))
ASK = rule("ask", "opportunity", opens=WAIT, message=True, repeat=Repeat(Offset(days=7), 2))
NOTE = rule("note", "person", message=True, channel=(ChannelAdvice(recommended=("email",)),))
PONDER = rule("ponder")


def told(*rules: Rule | HoldRule, **fields: Any) -> Timeline:
    return evaluate(playbook(*rules), facts(opportunity(interview(people=("ana", "ben")), **fields)), NOW)


def test_a_hold_on_every_message_forbids_the_kinds_that_are_messages() -> None:
    alone = hold_rule("alone", all_messages=True)
    (found,) = told(ASK, NOTE, PONDER, alone).holds
    assert (found.forbids, found.all_messages, found.channel, found.person) == (("ask", "note"), True, None, None)
    assert [each.kind for each in told(ASK, NOTE, PONDER, alone).actions] == ["ponder"]


def test_a_hold_for_each_person_names_them_and_says_why() -> None:
    alone = hold_rule("alone", "person", forbids=("note",), when=when("prefers: text"), why="{person} likes it short.")
    answer = told(NOTE, alone, people=(ANA, replace(BEN, preferred_channel="text")))
    (found,) = answer.holds
    assert (found.rule, found.kind, found.person, found.opportunity) == ("alone", "alone", "ben", "acme")
    assert (found.why, found.forbids, found.all_messages) == ("Ben Ode likes it short.", ("note",), False)
    assert [(each.kind, each.person) for each in answer.actions] == [("note", "ana")]


def test_a_hold_says_whom_it_spares_and_until_when_it_stands() -> None:
    patience = hold_rule(
        "patience",
        forbids=("ask",),
        when=when("upcoming: ask"),
        until_opening_of="ask",
        spares=when("has_role: nobody", "only_a: interviewer"),
    )
    (found,) = told(ASK, patience).holds
    assert (found.spares, found.until) == (("ben",), utc("2026-03-10 09:00"))


def test_a_hold_until_something_that_is_not_to_come_has_no_end_of_its_own() -> None:
    patience = hold_rule("patience", forbids=("note",), until_opening_of="ask")
    silent = rule("ask", "opportunity", message=True, when=when("long_process"))
    (found,) = told(silent, NOTE, patience).holds
    assert found.until is None


def test_holds_are_shown_opportunity_by_opportunity_in_the_order_of_the_playbook() -> None:
    first, second = hold_rule("first", forbids=("ask",)), hold_rule("second", channel="text")
    two = facts(opportunity(interview()), opportunity(interview(), key="globex"))
    answer = evaluate(playbook(ASK, first, second), two, NOW)
    assert [(each.opportunity, each.kind, each.channel) for each in answer.holds] == [
        ("acme", "first", None),
        ("acme", "second", "text"),
        ("globex", "first", None),
        ("globex", "second", "text"),
    ]
