"""The answer: what is listed, when to look again, and what a hold speaks of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from afterword.policy.engine import evaluate
from afterword.policy.playbook import Rule
from afterword.policy.timeline import STATES, Action, Hold, Timeline, Window
from support.small_facts import INSTANT, counted_from, facts, interview, mark, opportunity, playbook, rule, utc

NOW = utc("2026-03-04 12:00")
SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(days=1)


def action(kind: str = "call", **fields: Any) -> Action:
    usual: dict[str, Any] = {
        "attempt": 1, "title": "Call", "state": "open", "optional": False, "message": True, "window": Window(NOW),
        "opportunity": "acme", "interview": "i1", "wait": None, "person": "ana", "channel": None, "why": "",
        "checklist": (), "sources": (), "dissent": (),
    }  # fmt: skip
    return Action(kind, kind, **{**usual, **fields})


def hold(**fields: Any) -> Hold:
    usual: dict[str, Any] = {
        "forbids": (), "channel": None, "person": None, "opportunity": "acme", "until": None, "why": "", "sources": (),
    }  # fmt: skip
    return Hold("quiet", "quiet", **{**usual, **fields})


def answered(*actions: Action, change: Any = None, fact: Any = None) -> Timeline:
    return Timeline(NOW, change, "mine", actions, (), next_fact_at=fact)


def test_the_most_pressing_comes_first_and_what_is_over_last() -> None:
    hours = {"lapsed": (0, 1, 2), "overdue": (0, 1, None), "open": (0, None, None), "upcoming": (99, None, None)}
    kinds = ("lapsed", "skipped", "done", "snoozed", "upcoming", "open", "overdue")
    rules = [windowed(kind, *hours.get(kind, (0, None, None))) for kind in kinds]
    marks = [mark(kind, kind, "2026-03-03 16:00", until=LATER) for kind in ("skipped", "done", "snoozed")]
    told = facts(opportunity(interview(), marks=tuple(marks)))
    states = [each.state for each in evaluate(playbook(*rules), told, NOW).actions]
    assert states == ["overdue", "open", "upcoming", "snoozed", "done", "skipped", "lapsed"]


def windowed(kind: str, opens: int, due: int | None, expires: int | None) -> Rule:
    """A rule with its window in hours from the end of the interview."""
    ends = {"opens": opens, "due": due, "expires": expires}
    moments = {name: counted_from("interview.end", hours) for name, hours in ends.items() if hours is not None}
    return rule(kind, **moments)


@pytest.mark.parametrize(
    ("change", "fact", "again"),
    [(SOON, LATER, SOON), (LATER, SOON, SOON), (None, SOON, SOON), (SOON, None, SOON), (None, None, None)],
)
def test_look_again_at_whatever_comes_first(change: Any, fact: Any, again: Any) -> None:
    assert answered(change=change, fact=fact).look_again_at == again


def test_only_what_is_to_be_done_is_listed_unless_more_is_asked_for() -> None:
    told = answered(*(action(state, state=state) for state in STATES))
    assert [each.state for each in told.listed()] == ["overdue", "open", "upcoming"]
    assert [each.state for each in told.listed(("snoozed", "lapsed"))] == ["snoozed", "lapsed"]


def test_until_hides_only_what_is_to_come_and_opens_later() -> None:
    def hidden(**fields: Any) -> bool:
        return answered(action(**fields)).listed(STATES, until=SOON) == ()

    assert hidden(state="upcoming", window=Window(SOON + INSTANT))
    assert not hidden(state="upcoming", window=Window(SOON))
    assert not hidden(state="snoozed", window=Window(LATER))
    assert not hidden(state="open", window=None)
    assert not hidden(state="upcoming", window=None)
    everything = answered(action(state="upcoming", window=Window(LATER)))
    assert len(everything.listed()) == 1


def test_an_obligation_is_named_by_its_wait_else_by_its_interview() -> None:
    assert action(attempt=2).obligation == ("call", "acme", "i1", "ana", 2)
    assert action(wait="t1").obligation == ("call", "acme", "t1", "ana", 1)
    assert hold(person="ana").obligation == ("quiet", "acme", "ana")


@pytest.mark.parametrize(
    ("fields", "asked", "concerned"),
    [
        ({}, ("acme", "ana", "email"), True),
        ({}, ("acme", None, None), True),
        ({}, ("globex", "ana", "email"), False),
        ({}, (None, "ana", "email"), False),
        ({"person": "ana"}, ("acme", "ana", None), True),
        ({"person": "ana"}, ("acme", "ben", None), False),
        ({"person": "ana"}, ("acme", None, None), False),
        ({"spares": ("ben",)}, ("acme", "ana", None), True),
        ({"spares": ("ben",)}, ("acme", "ben", None), False),
        ({"channel": "text"}, ("acme", "ana", "text"), True),
        ({"channel": "text"}, ("acme", "ana", "email"), False),
        ({"channel": "text"}, ("acme", "ana", None), False),
    ],
)
def test_a_hold_concerns_its_opportunity_person_and_channel(
    fields: dict[str, Any], asked: tuple[str | None, str | None, str | None], concerned: bool
) -> None:
    assert hold(**fields).concerns(*asked) is concerned


@pytest.mark.parametrize(
    ("fields", "closes", "forbids_call"),
    [
        ({"forbids": ("call",)}, False, True),
        ({"forbids": ("write",)}, False, False),
        ({"forbids": ("write",), "channel": "text"}, False, False),
        ({"forbids": ("call",), "channel": "text"}, False, True),
        ({"channel": "text"}, True, True),
        ({}, False, False),
    ],
)
def test_a_hold_forbids_its_kinds_or_else_all_on_its_channel(
    fields: dict[str, Any], closes: bool, forbids_call: bool
) -> None:
    assert hold(**fields).closes_channel is closes
    assert hold(**fields).forbids_kind("call") is forbids_call
