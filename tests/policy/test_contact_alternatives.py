"""What a contact check reads from holds and actions that are put together by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from afterword.policy.contact_check import Advised, Alternative, Answer, Message, answer
from afterword.policy.facts import Calendar, Facts, Opportunity, Person
from afterword.policy.playbook import ChannelAdvice, Playbook, Rule
from afterword.policy.timeline import Action, Channel, Hold, Timeline, Window

NOW, SOON, LATER = (datetime(2026, 3, day, 12, tzinfo=UTC) for day in (3, 5, 9))
ANA = Person("ana", "Ana", email="ana@acme.example", phone="1", linkedin="in/ana", postal_address="1 Main Street")
BEN = Person("ben", "Ben", ("recruiter",), email="ben@acme.example")


def hold(kind: str = "quiet", **fields: Any) -> Hold:
    usual = {"forbids": (), "channel": None, "person": None, "opportunity": "acme", "until": None, "why": f"{kind}."}
    return Hold(rule=kind, kind=kind, sources=(), **{**usual, **fields})


def action(kind: str, **fields: Any) -> Action:
    usual: dict[str, Any] = {
        "attempt": 1, "title": f"Do {kind}", "state": "open", "optional": False, "message": True, "window": Window(NOW),
        "opportunity": "acme", "interview": None, "wait": None, "person": "ana",
        "channel": Channel("email", ("email",)), "why": "", "checklist": (), "sources": (), "dissent": (),
    }  # fmt: skip
    return Action(rule=kind, kind=kind, **{**usual, **fields})


def rule(kind: str, **channels: tuple[str, ...]) -> Rule:
    return Rule(kind, kind, "person", kind, kind, (), channel=(ChannelAdvice(**channels),))


def checked(
    message: Message,
    *holds: Hold,
    then: tuple[Hold, ...] = (),
    actions: tuple[Action, ...] = (),
    people: tuple[Person, ...] = (ANA, BEN),
    rules: tuple[Rule, ...] = (),
) -> Answer:
    """The answer now, where `then` are the holds that stand at any later time."""
    facts = Facts(
        Calendar(), (Opportunity("acme", "Acme", people=people), Opportunity("globex", "Globex", people=people))
    )
    judging = dict.fromkeys(("acme", "globex"), Playbook("mine", "1", "Mine", rules, ()))

    def ask(at: datetime) -> Advised:
        return Advised(Timeline(at, None, "mine", actions, holds if at == NOW else then), facts, judging)

    return answer(ask, message, NOW)


def of_type(found: Answer, name: str) -> list[Alternative]:
    return [each for each in found.alternatives if each.type == name]


TEXT = hold("no-text", channel="text")
ALONE = hold("alone", all_messages=True, forbids=("thanks",), person="ana")


def test_the_last_of_the_holds_says_until_when_and_each_reason_is_said_once() -> None:
    message = Message("ana", "acme", "email", "thanks")
    early, late = hold(forbids=("thanks",), until=SOON), hold("calm", forbids=("thanks",), until=LATER)
    verdict = checked(message, late, early, early).verdict
    assert (verdict.until, verdict.why) == (LATER, "calm. quiet.")
    assert checked(message, late, hold("ever", forbids=("thanks",))).verdict.until is None
    free = checked(message).verdict
    assert (free.allowed, free.until, free.why, free.channel) == (True, None, None, "email")


def test_any_channel_is_the_one_that_is_free_or_frees_itself_first() -> None:
    def closed(until: dict[str, datetime | None]) -> tuple[Hold, ...]:
        return tuple(hold(way, channel=way, until=at) for way, at in until.items())

    every = dict.fromkeys(("email", "phone", "linkedin", "letter", "handwritten", "in_person"))
    message = Message("ana", "acme")
    assert checked(message, *closed({"email": SOON})).verdict.channel == "phone"
    found = checked(message, *closed({**every, "phone": LATER, "linkedin": SOON}))
    assert (found.verdict.allowed, found.verdict.channel, found.verdict.until) == (False, "linkedin", SOON)
    (later,) = of_type(found, "later")
    assert (later.at, later.title) == (SOON, "Wait, and say it then")


def test_the_usual_ways_lead_with_the_preferred_one_and_leave_out_what_is_not_known() -> None:
    def first(person: Person, *closed: str) -> str:
        return checked(Message("ana", "acme"), *(hold(channel=way) for way in closed), people=(person,)).verdict.channel

    bare = Person("ana", "Ana")
    assert first(ANA) == "email"
    assert first(Person("ana", "Ana", email="a@b", preferred_channel="letter")) == "letter"
    assert first(bare) == "letter"
    assert first(bare, "letter", "handwritten") == "in_person"
    assert first(Person("ana", "Ana", linkedin="in/ana")) == "linkedin"


def test_the_same_by_every_other_channel_that_is_known() -> None:
    found = of_type(checked(Message("ana", "acme", "text", "other"), TEXT), "another_channel")
    assert [(each.message.channel, each.title) for each in found] == [
        ("email", "Say it by e-mail"), ("phone", "Say it by phone"), ("linkedin", "Say it on LinkedIn"),
        ("letter", "Say it by letter"), ("handwritten", "Say it by hand, on paper"),
    ]  # fmt: skip
    assert {(each.at, each.message.purpose, each.message.opportunity, each.action) for each in found} == {
        (NOW, "other", "acme", None)
    }
    bare = checked(Message("ben", "acme", "text", "other"), TEXT)
    assert [each.message.channel for each in of_type(bare, "another_channel")] == ["email"]


@pytest.mark.parametrize(("phone", "offered"), [("1", ["text", "phone"]), (None, [])])
def test_text_is_offered_to_who_prefers_it_and_has_a_number(phone: str | None, offered: list[str]) -> None:
    person = Person("ana", "Ana", phone=phone, preferred_channel="text")
    answered = checked(Message("ana", "acme", "email", "other"), hold(channel="email"), people=(person,))
    found = of_type(answered, "another_channel")
    assert [each.message.channel for each in found] == offered
    assert [each.title for each in found][:1] == ["Say it by text message"][: len(offered)]


def test_a_purpose_goes_by_the_channels_it_is_advised_on() -> None:
    advised = rule("card", recommended=("handwritten", "linkedin"), allowed=("in_person", "letter"))
    bare = Person("ana", "Ana")
    found = checked(Message("ana", "acme", "text", "card"), TEXT, rules=(advised, rule("note", allowed=("phone",))))
    others = of_type(found, "another_channel")
    assert [each.message.channel for each in others] == ["handwritten", "linkedin", "in_person", "letter"]
    assert others[2].title == "Say it in person"
    unknown = checked(Message("ana", "acme", "text", "card"), TEXT, rules=(advised,), people=(bare,))
    known = [each.message.channel for each in of_type(unknown, "another_channel")]
    assert known == ["handwritten", "in_person", "letter"]
    only = rule("join", recommended=("linkedin",))
    assert checked(Message("ana", "acme", None, "join"), rules=(only,), people=(bare,)).verdict.channel == "linkedin"


def test_what_an_action_recommends_comes_before_what_its_rule_does() -> None:
    asked = action("card", channel=Channel("phone", ("phone", "letter")))
    advised = rule("card", recommended=("email",))
    found = checked(Message("ana", "acme", "text", "card"), TEXT, actions=(asked,), rules=(advised,))
    others = of_type(found, "another_channel")
    assert [each.message.channel for each in others] == ["phone", "letter", "email"]
    assert {each.action for each in others} == {asked}
    assert of_type(found, "action") == [], "the same action is not offered a second time"


def test_later_goes_another_way_where_the_own_one_stays_closed() -> None:
    wait = hold("wait", forbids=("ask",), until=SOON)
    asked = action("ask", state="open")
    found = checked(Message("ana", "acme", "text", "ask"), TEXT, wait, then=(TEXT,), actions=(asked,))
    (later,) = of_type(found, "later")
    assert (later.at, later.message.channel, later.action) == (SOON, "email", asked)
    assert of_type(checked(Message("ana", "acme", "text", "ask"), TEXT, wait, then=(TEXT, wait)), "later") == []


def test_later_goes_the_advised_way_that_leads_to_the_person() -> None:
    wait = hold("wait", forbids=("ask",), until=SOON)
    bare = Person("ana", "Ana", phone="1")
    advised = rule("ask", recommended=("email", "phone"))
    message = Message("ana", "acme", "text", "ask")
    (later,) = of_type(checked(message, TEXT, wait, then=(TEXT,), rules=(advised,), people=(bare,)), "later")
    assert later.message.channel == "phone"


def test_somebody_else_is_offered_only_in_place_of_who_must_be_left_alone() -> None:
    message = Message("ana", "acme", "email", "thanks")
    found = checked(message, ALONE)
    (instead,) = of_type(found, "another_person")
    assert instead.message == Message("ben", "acme", "email", "thanks")
    assert (instead.title, instead.at) == ("Write to Ben instead", NOW)
    personal_channel = hold(channel="email", person="ana")
    assert of_type(checked(message, personal_channel), "another_person") == []
    assert of_type(checked(message, hold(forbids=("thanks",))), "another_person") == []


@pytest.mark.parametrize(
    ("others", "actions"),
    [
        ((Person("ben", "Ben", ("recruiter",), email="ANA@acme.example"),), ()),
        ((), ()),
        ((Person("ben", "Ben", ("recruiter",), do_not_contact=True),), ()),
        ((BEN,), (action("thanks", person="ben", state="done"),)),
        ((BEN,), (action("thanks", person="ben", state="upcoming"),)),
    ],
)
def test_nor_is_the_same_mailbox_nobody_or_who_was_written_to(
    others: tuple[Person, ...], actions: tuple[Action, ...]
) -> None:
    found = checked(Message("ana", "acme", None, "thanks"), ALONE, people=(ANA, *others), actions=actions)
    assert of_type(found, "another_person") == []


def test_what_they_are_to_be_sent_anyway_is_offered_with_its_action() -> None:
    theirs = action("thanks", person="ben", channel=Channel("phone", ("phone",)))
    ben = Person("ben", "Ben", ("recruiter",), email="ben@acme.example", phone="2")
    found = checked(Message("ana", "acme", None, "thanks"), ALONE, people=(ANA, ben), actions=(theirs,))
    (instead,) = of_type(found, "another_person")
    assert (instead.action, instead.message.channel) == (theirs, "phone")


def test_what_else_is_to_be_done_for_them_now() -> None:
    now, late = action("now"), action("late", state="overdue", channel=None)
    others = (
        action("next", state="upcoming"), action("done", state="done"), action("away", opportunity="globex"),
        action("his", person="ben"), action("held"), action("nobody", person=None),
    )  # fmt: skip
    wait = hold("wait", forbids=("ask", "held"))
    found = checked(Message("ana", "acme", "email", "ask"), wait, actions=(now, late, *others))
    assert [(each.action, each.title, each.at) for each in of_type(found, "action")] == [
        (now, "Do now", NOW),
        (late, "Do late", NOW),
    ]
    assert [each.message for each in of_type(found, "action")] == [
        Message("ana", "acme", "email", "now"),
        Message("ana", "acme", None, "late"),
    ]
    everywhere = checked(Message("ana", None, "email", "ask"), wait, actions=(now, *others))
    assert [each.message.opportunity for each in of_type(everywhere, "action")] == ["acme", "globex"]


def test_no_more_than_twenty_are_offered() -> None:
    many = tuple(action(f"kind-{number}", attempt=number) for number in range(30))
    found = checked(Message("ana", "acme", "email", "ask"), hold(forbids=("ask",)), actions=many)
    assert [each.action for each in found.alternatives] == list(many[:20])


def test_a_hold_of_another_opportunity_or_person_says_nothing() -> None:
    message = Message("ana", "acme", "email", "ask")
    elsewhere, for_ben = hold(forbids=("ask",), opportunity="globex"), hold(forbids=("ask",), person="ben")
    spared = hold(forbids=("ask",), spares=("ana",))
    assert checked(message, elsewhere, for_ben, spared).verdict.allowed
    assert not checked(Message("ana", None, "email", "ask"), elsewhere).verdict.allowed


def test_what_is_allowed_needs_no_alternative() -> None:
    assert checked(Message("ana", "acme", "email", "thanks"), actions=(action("now"),)).alternatives == ()


def test_who_is_in_no_opportunity_may_be_written_to_by_the_usual_ways() -> None:
    verdict = checked(Message("eve", "acme"), ALONE).verdict
    assert (verdict.allowed, verdict.channel) == (True, "email")


@pytest.mark.parametrize(("channel", "allowed"), [(None, False), ("text", True)])
def test_every_message_is_forbidden_whatever_for_but_on_one_channel_only_what_rules_know(
    channel: str | None, allowed: bool
) -> None:
    every = hold(all_messages=True, forbids=("thanks",), channel=channel)
    assert checked(Message("ana", "acme", "text", "other"), every).verdict.allowed is allowed
    assert not checked(Message("ana", "acme", "text", "thanks"), every).verdict.allowed
