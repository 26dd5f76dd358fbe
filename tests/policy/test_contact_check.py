"""Whether a message may be sent: the holds of the answer, asked as a question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterword.formats.facts_document import FactsDocument
from afterword.formats.facts_reading import question
from afterword.playbooks.loader import BUILTIN, builtin, read_inline
from afterword.policy.contact_check import MOST_ALTERNATIVES, WAYS, Advised, Alternative, Answer, Message, answer
from afterword.policy.engine import evaluate
from afterword.policy.facts import Facts
from afterword.policy.holds import forbids
from support import golden
from support.facts_strategy import KEYS, facts, instants

KINDS = tuple(sorted({rule.kind for playbook in builtin().values() for rule in playbook.rules}))
every_playbook = pytest.mark.parametrize("name", BUILTIN)
examples = settings(max_examples=40)


def told_by(name: str, told: Facts) -> Callable[[datetime], Advised]:
    playbook = builtin()[name]
    judging = dict.fromkeys((one.key for one in told.opportunities), playbook)
    return lambda at: Advised(evaluate(playbook, told, at), told, judging)


def drawn(data: st.DataObject, advised: Advised) -> Message:
    """A message that a hold of the answer may speak of, if there is one of its kind."""
    of_each_kind = list({hold.kind: hold for hold in advised.timeline.holds}.values())
    hold = data.draw(st.sampled_from((None, *of_each_kind)))
    kinds = hold.forbids if hold and hold.forbids else KINDS
    spoken_of = tuple(key for key in KEYS if hold is None or key not in hold.spares)
    return Message(
        person=(hold and hold.person) or data.draw(st.sampled_from(spoken_of or KEYS)),
        opportunity=hold.opportunity if hold else data.draw(st.sampled_from((None, "acme"))),
        channel=data.draw(st.sampled_from((hold.channel if hold else None, None, *WAYS))),
        purpose=data.draw(st.sampled_from((*kinds, "other", None))),
    )


@every_playbook
@examples
@given(told=facts(KINDS), at=instants, data=st.data())
def test_an_alternative_is_itself_allowed(name: str, told: Facts, at: datetime, data: st.DataObject) -> None:
    ask = told_by(name, told)
    message = drawn(data, ask(at))
    found = answer(ask, message, at)
    assert len(found.alternatives) <= MOST_ALTERNATIVES
    for each in found.alternatives:
        assert not found.verdict.allowed
        assert each.at >= at
        assert answer(ask, each.message, each.at).verdict.allowed, each
        assert (each.message, each.at) != (message, at)


@every_playbook
@examples
@given(told=facts(KINDS), at=instants, data=st.data())
def test_only_holds_of_the_answer_speak_against_a_message(
    name: str, told: Facts, at: datetime, data: st.DataObject
) -> None:
    ask = told_by(name, told)
    message = drawn(data, ask(at))
    verdict = answer(ask, message, at).verdict
    assert set(verdict.against) <= set(ask(at).timeline.holds)
    assert verdict.allowed == (verdict.against == ()) == (verdict.why is None)
    if verdict.until is not None:
        assert verdict.until == max(hold.until for hold in verdict.against if hold.until)
        assert verdict.until > at
        assert all(hold.until for hold in verdict.against)


@every_playbook
@examples
@given(told=facts(KINDS), at=instants)
def test_what_is_to_be_done_now_is_allowed(name: str, told: Facts, at: datetime) -> None:
    """The same judgement: nothing that is open is forbidden, and no hold forbids it."""
    ask = told_by(name, told)
    timeline = ask(at).timeline
    for action in timeline.actions:
        if action.state not in ("open", "overdue") or action.person is None or not action.message:
            continue
        channel = action.channel.recommended if action.channel else None
        planned = Message(action.person, action.opportunity, channel, action.kind)
        assert answer(ask, planned, at).verdict.allowed
        assert not any(forbids(hold, action) for hold in timeline.holds)


@every_playbook
@examples
@given(told=facts(KINDS), at=instants, data=st.data())
def test_whoever_is_to_be_left_alone_is_left_alone(name: str, told: Facts, at: datetime, data: st.DataObject) -> None:
    """Whatever the purpose and the channel, and no alternative speaks to them."""
    ask = told_by(name, told)
    message = drawn(data, ask(at))
    found = answer(ask, message, at)
    if is_left_alone(told, message):
        assert not found.verdict.allowed
        assert found.verdict.until is None
    assert not any(is_left_alone(told, each.message) for each in found.alternatives)


def is_left_alone(told: Facts, message: Message) -> bool:
    places = [one for one in told.opportunities if message.opportunity in (None, one.key)]
    return any(person.key == message.person and person.do_not_contact for one in places for person in one.people)


def asked(at: str, message: Message, playbook: str = "balanced", **given: Any) -> Answer:
    """The answer on the facts of a golden case's `given`."""
    document = FactsDocument.model_validate(golden.facts({"at": at, "playbook": playbook, "given": given}))
    return answer(told_by(playbook, question(document).facts), message, datetime.fromisoformat(at).astimezone(UTC))


def offered(found: Answer) -> list[tuple[str, str, str | None, str | None]]:
    def line(each: Alternative) -> tuple[str, str, str | None, str | None]:
        return (each.type, each.message.person, each.message.channel, each.message.purpose)

    return [line(each) for each in found.alternatives]


NEXT_DAY = "2026-03-04T12:00:00-05:00"


def test_before_the_promised_day_a_follow_up_waits_and_anything_else_may_go() -> None:
    found = asked("2026-03-09T12:00:00-04:00", Message("ana", "acme", "email", "follow-up"), decision_on="2026-03-10")
    opening = datetime(2026, 3, 11, 13, tzinfo=UTC)  # 09:00 in New York on the day after
    assert [hold.kind for hold in found.verdict.against] == ["wait-for-timeline"]
    assert found.verdict.until == opening
    assert "early" in (found.verdict.why or "")
    (later,) = (each for each in found.alternatives if each.type == "later")
    assert (later.at, later.message.channel) == (opening, "email")
    assert later.action is not None
    assert (later.action.kind, later.action.attempt) == ("follow-up", 1)
    for purpose in ("tell-of-other-offer", "thank-you", "other", None):
        message = Message("ana", "acme", "email", purpose)
        assert asked("2026-03-09T12:00:00-04:00", message, decision_on="2026-03-10").verdict.allowed


def test_another_offer_may_be_told_of_while_a_follow_up_waits_and_is_what_to_do_instead() -> None:
    offer = {"status": "offer", "at": "2026-03-09T10:00:00-04:00", "answer_by": "2026-03-20"}
    document = golden.facts(
        {
            "at": "2026-03-09T12:00:00-04:00", "playbook": "balanced",
            "given": {"decision_on": "2026-03-10", "also": {"globex": {"people": ["ben"], "outcome": offer}}},
        }
    )  # fmt: skip
    ask = told_by("balanced", question(FactsDocument.model_validate(document)).facts)
    found = answer(ask, Message("ana", "acme", None, "follow-up"), datetime(2026, 3, 9, 16, tzinfo=UTC))
    assert ("action", "ana", "email", "tell-of-other-offer") in offered(found)


def test_once_the_follow_ups_are_used_up_there_is_no_later() -> None:
    sent = [
        {"kind": "follow-up", "person": "ana", "at": "2026-03-11T10:00:00-04:00"},
        {"kind": "follow-up", "person": "ana", "at": "2026-03-18T10:00:00-04:00"},
    ]
    found = asked(
        "2026-03-19T12:00:00-04:00", Message("ana", None, None, "follow-up"), decision_on="2026-03-10", sent=sent
    )
    assert [hold.kind for hold in found.verdict.against] == ["follow-ups-used-up"]
    assert found.verdict.until is None
    assert offered(found) == []


def test_a_text_message_becomes_an_email() -> None:
    found = asked("2026-03-03T16:00:00-05:00", Message("ana", "acme", "text", "thank-you"))
    assert [hold.kind for hold in found.verdict.against] == ["no-text-messages"]
    first = found.alternatives[0]
    assert (first.type, first.message) == ("another_channel", Message("ana", "acme", "email", "thank-you"))
    assert first.action is not None
    assert first.action.kind == "thank-you"
    assert ("action", "ana", "email", "thank-you") not in offered(found), "it is offered already"


def test_who_likes_text_messages_gets_them_for_logistics_only() -> None:
    def allowed(purpose: str | None) -> bool:
        message = Message("ben", "acme", "text", purpose)
        return asked(NEXT_DAY, message, prefer={"ben": "text"}, phone={"ben": "+1 555 0100"}).verdict.allowed

    assert allowed("other")
    assert not allowed("thank-you")
    assert not allowed(None), "who does not say what for is told of the hold"


def test_references_and_insiders_may_be_texted() -> None:
    others = [{"key": "joe", "role": "reference"}]
    assert asked(NEXT_DAY, Message("joe", "acme", "text", "notify-reference"), others=others).verdict.allowed
    assert not asked(NEXT_DAY, Message("ana", "acme", "text", "other"), others=others).verdict.allowed


@pytest.mark.parametrize("channel", ["linkedin", None])
def test_nobody_connects_before_the_decision_where_the_playbook_says_so(channel: str | None) -> None:
    message = Message("ana", "acme", channel, "connect")
    linkedin = {"ana": "in/ana"}
    found = asked(NEXT_DAY, message, "eight-steps", linkedin=linkedin)
    assert [hold.kind for hold in found.verdict.against] == ["no-connecting-before-decision"]
    assert all(each.message.purpose != "connect" for each in found.alternatives)
    assert asked(NEXT_DAY, message, "five-things", linkedin=linkedin).verdict.allowed
    assert asked(NEXT_DAY, Message("ana", "acme", "linkedin", "thank-you"), "eight-steps").verdict.allowed


def test_nothing_goes_to_the_public_but_to_the_person() -> None:
    found = asked(NEXT_DAY, Message("ana", "acme", "public_post", None))
    assert [hold.kind for hold in found.verdict.against] == ["no-public-mention"]
    assert offered(found)[0] == ("another_channel", "ana", "email", None)
    assert asked(NEXT_DAY, Message("ana", "acme", "public_post", None), "three-things").verdict.allowed


def test_who_is_to_be_left_alone_is_not_written_to_and_somebody_else_may_be() -> None:
    others = [{"key": "rita", "role": "recruiter"}]
    given = {"do_not_contact": ["ana"], "others": others, "email": {"rita": "rita@acme.example"}}
    for purpose in (None, "other", "thank-you", "kind-nobody-has-seen"):
        found = asked(NEXT_DAY, Message("ana", "acme", None, purpose), **given)
        assert [hold.kind for hold in found.verdict.against] == ["no-contact"]
        assert offered(found) == [("another_person", "rita", "email", purpose)]
    assert offered(asked(NEXT_DAY, Message("ana", "acme", None, "other"), do_not_contact=["ana", "ben"])) == []


def test_without_an_opportunity_each_one_counts() -> None:
    closed = {"outcome": {"status": "closed", "at": NEXT_DAY}}
    document = golden.facts(
        {
            "at": "2026-03-09T12:00:00-04:00", "playbook": "balanced",
            "given": {"decision_on": "2026-03-10", "also": {"globex": closed}},
        }
    )  # fmt: skip
    ask = told_by("balanced", question(FactsDocument.model_validate(document)).facts)
    at = datetime(2026, 3, 9, 16, tzinfo=UTC)
    assert answer(ask, Message("ana", "globex", None, "follow-up"), at).verdict.allowed
    assert not answer(ask, Message("ana", None, None, "follow-up"), at).verdict.allowed


def test_what_no_rule_advises_is_meant_to_go_the_way_in_which_it_is_forbidden() -> None:
    """A coach drops the rules for connecting and forbids it on LinkedIn: then it is no e-mail that is asked about."""
    hold = {
        "id": "not-yet",
        "kind": "not-yet",
        "for": "opportunity",
        "forbids": ["connect"],
        "channel": "linkedin",
        "when": ["no_outcome"],
        "cite": [{"source": "me", "locator": "1", "says": "Not before the decision."}],
    }
    mine = read_inline(
        {"id": "mine", "extends": "balanced", "without": ["connect", "connect-after-rejection"], "rules": [hold]}
    )
    told = question(
        FactsDocument.model_validate(golden.facts({"playbook": "balanced", "at": "2026-03-05T12:00:00-05:00"}))
    )
    advised = Advised(evaluate(mine, told.facts, told.at), told.facts, {told.facts.opportunities[0].key: mine})
    verdict = advised.verdict(Message("ana", None, None, "connect"))
    assert (verdict.allowed, verdict.channel, [held.kind for held in verdict.against]) == (
        False,
        "linkedin",
        ["not-yet"],
    )
