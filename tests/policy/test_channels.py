"""The channel to use: the way they wrote, the way they asked for, what they prefer, then what the rule recommends."""

from __future__ import annotations

from typing import Any

import pytest

from afterword.policy.channels import ADDRESSES, Closure, advice_for, best, candidates, choose, known
from afterword.policy.facts import Person
from afterword.policy.playbook import ChannelAdvice, HoldRule
from afterword.policy.subject import Subject
from afterword.policy.timeline import Channel
from support.small_facts import ANA, BEN, case, hold_rule, interview, opportunity, rule, when

BARE = Person("ana", "Ana")
#: E-mail and telephone are known, LinkedIn is not; letters are preferred.
KNOWN = Person("ana", "Ana", email="ana@acme.example", phone="+1 555 0100", preferred_channel="letter")


def chosen(
    person: Person | None = KNOWN, asked: str | None = None, theirs: str | None = None, held: tuple[str, ...] = (),
    **advice: Any,
) -> tuple[Channel, bool]:  # fmt: skip
    return choose(ChannelAdvice(**advice), person, asked, theirs, held)


def test_what_is_recommended_comes_before_what_is_allowed() -> None:
    assert chosen(recommended=("email",), allowed=("phone", "letter")) == (
        Channel("email", ("email", "phone", "letter")),
        True,
    )


def test_how_they_wrote_leads_then_how_they_asked_then_what_they_prefer() -> None:
    advice = ChannelAdvice(recommended=("email",), allowed=("phone",), prefer=("letter", "handwritten"))
    assert candidates(advice, KNOWN, "phone", "in_person") == ("in_person", "phone", "letter", "email", "phone")
    assert candidates(advice, KNOWN, "phone", None) == ("phone", "letter", "email", "phone")
    assert candidates(advice, KNOWN, None, None) == ("letter", "email", "phone")
    assert candidates(advice, BARE, None, None) == ("email", "phone")
    assert candidates(advice, None, None, None) == ("email", "phone")


def test_a_preference_counts_only_where_the_rule_lists_it() -> None:
    assert candidates(ChannelAdvice(recommended=("email",)), KNOWN, None, None) == ("email",)
    only_by_hand = ChannelAdvice(recommended=("email",), prefer=("handwritten",))
    assert candidates(only_by_hand, KNOWN, None, None) == ("email",)


def test_each_channel_is_named_once() -> None:
    channel, _ = chosen(asked="phone", recommended=("email", "phone"), allowed=("email",))
    assert channel == Channel("phone", ("phone", "email"))


@pytest.mark.parametrize("way", sorted(ADDRESSES))
def test_what_needs_an_address_is_used_where_there_is_one(way: str) -> None:
    assert not known(way, BARE)
    assert known(way, Person("ana", "Ana", **{way: "there"}))
    assert known(way, None), "where nobody is addressed, nothing is missing"


@pytest.mark.parametrize("way", ["letter", "handwritten", "in_person"])
def test_paper_and_meeting_need_no_address(way: str) -> None:
    assert known(way, BARE)


def test_the_first_known_channel_is_the_best() -> None:
    assert best(("linkedin", "phone", "email"), KNOWN, None) == "phone"
    assert best(("linkedin", "phone"), KNOWN, "linkedin") == "linkedin", "they wrote that way, so it leads to them"
    assert best(("linkedin",), KNOWN, "email") is None
    assert best((), KNOWN, None) is None


def test_where_no_address_is_known_the_first_recommended_channel_is_named_all_the_same() -> None:
    assert chosen(BARE, recommended=("email",), allowed=("phone",)) == (Channel("email", ("email", "phone")), False)
    assert chosen(BARE, recommended=("email",), allowed=("letter",)) == (Channel("letter", ("letter", "email")), True)
    assert chosen(BARE, allowed=("phone",)) == (Channel("phone", ("phone",)), False)
    channel, usable = chosen(BARE, asked="linkedin", recommended=("email",))
    assert (channel, usable) == (Channel("email", ("email", "linkedin")), False), "and before what they asked for"


def test_where_all_are_held_the_first_is_named_and_none_is_allowed() -> None:
    assert chosen(held=("email",), recommended=("email",)) == (Channel("email", (), ("email",)), False)
    assert chosen(BARE, held=("email",), recommended=("email", "phone")) == (
        Channel("email", ("phone",), ("email",)),
        False,
    )


def test_advice_that_recommends_nothing_names_nothing() -> None:
    assert chosen(avoid=("text",)) == (Channel(None, (), ("text",)), False)
    assert chosen(BARE, asked="phone", as_asked=True) == (Channel(None, ("phone",)), False)


def test_what_is_to_be_avoided_or_held_is_not_used() -> None:
    channel, usable = chosen(
        asked="text", held=("text", "linkedin"), recommended=("linkedin", "phone"), allowed=("text",), avoid=("text",)
    )
    assert (channel, usable) == (Channel("phone", ("phone",), ("text", "linkedin")), True)


def at_onsite(*advice: ChannelAdvice) -> ChannelAdvice | None:
    made = case("2026-03-03 16:00", opportunity(interview(format="onsite")))
    subject = made.about(made.situations[0], made.situations[0].rounds[0], ANA)
    return advice_for(rule("ask", channel=advice), subject)


def test_of_several_pieces_of_advice_the_first_that_holds_is_taken() -> None:
    by_video = ChannelAdvice(recommended=("email",), when=when("format: video"))
    on_site = ChannelAdvice(recommended=("in_person",), when=when("format: onsite"))
    otherwise = ChannelAdvice(recommended=("letter",))
    assert at_onsite(by_video, on_site, otherwise) is on_site
    assert at_onsite(by_video, otherwise) is otherwise
    assert at_onsite(by_video) is None
    assert at_onsite() is None


def closure(hold: HoldRule, *people: Person, spared: tuple[str, ...] = ()) -> Closure:
    made = case("2026-03-03 16:00", opportunity(interview()))
    about: list[Subject] = [made.about(made.situations[0], None, person) for person in people]
    return Closure.of(hold, about or [made.about(made.situations[0], None, None)], spared)


def is_open(closed: Closure, key: str | None, kind: str) -> bool:
    return closed.closed_to(key, kind) is False


def test_a_hold_on_a_channel_closes_it_to_everybody_but_the_spared() -> None:
    closed = closure(hold_rule("no-text", channel="text"), spared=("ben",))
    assert closed.channel == "text"
    assert closed.closed_to("ana", "thanks")
    assert closed.closed_to(None, "thanks"), "where nobody is addressed, too"
    assert is_open(closed, "ben", "thanks")


def test_a_hold_about_a_person_closes_the_channel_to_them_alone() -> None:
    closed = closure(hold_rule("no-text", "person", channel="text"), ANA)
    assert closed.closed_to("ana", "thanks")
    assert is_open(closed, "ben", "thanks")
    assert is_open(closed, None, "thanks")
    both = closure(hold_rule("no-text", "person", channel="text"), ANA, BEN, spared=("ana",))
    assert is_open(both, "ana", "thanks")
    assert both.closed_to("ben", "thanks")


def test_a_hold_on_some_kinds_closes_the_channel_to_these() -> None:
    closed = closure(hold_rule("no-chatter", channel="text", forbids=("thanks",)))
    assert closed.closed_to("ana", "thanks")
    assert is_open(closed, "ana", "ask")
    every = closure(hold_rule("silence", channel="text", forbids=("thanks",), all_messages=True))
    assert every.closed_to("ana", "ask")
