"""Each condition with an example in which it holds and one in which it does not, and the sentence that is said then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from afterword.playbooks.checks import condition_problems
from afterword.policy.conditions import CONDITIONS, HOLDS, first_failure, is_any, why_not
from afterword.policy.facts import Interview, Opportunity, Outcome, Person
from afterword.policy.playbook import ChannelAdvice, Moment, Offset, Point, Repeat, Rule
from afterword.policy.subject import Subject
from support.small_facts import (
    ANA,
    BEN,
    case,
    facts,
    hold_rule,
    interview,
    mark,
    opportunity,
    outcome,
    rule,
    sent,
    utc,
    when,
)

LATER = "2026-04-01 12:00"
RITA = Person("rita", "Rita", ("recruiter",))
BARE = Person("ana", "Ana")
HELD = interview("i1")
FIVE_DAYS = Moment((Point("interview.end", Offset(days=5)),))
THANKS = rule("thanks", "person", channel=(ChannelAdvice(("email",)),))
CARD = rule("card", "person", channel=(ChannelAdvice(("handwritten",)),))
RECAP = rule("recap")
ASK = rule("ask", "opportunity", opens=FIVE_DAYS, repeat=Repeat(Offset(days=7), max=1), message=True, one_a_day=True)
RULES = (THANKS, CARD, RECAP, ASK)


def seen(
    told: Opportunity | Interview = HELD,
    *others: Opportunity,
    round: int | None = 0,
    person: Person | None = ANA,
    now: str = LATER,
    rules: tuple[Rule, ...] = RULES,
) -> Subject:
    """What a condition is asked about: the first round of the first opportunity, and Ana."""
    first = opportunity(told) if isinstance(told, Interview) else told
    made = case(now, facts(first, *others), *rules)
    situation = made.situations[0]
    return made.about(situation, None if round is None else situation.rounds[round], person)


def holds(condition: str, subject: Subject) -> bool:
    (each,) = when(condition)
    found: bool = HOLDS[each.name](subject, *each.arguments)
    assert isinstance(found, bool)
    return found


def ended(status: str, **fields: Any) -> Opportunity:
    return opportunity(HELD, outcome=outcome(status, "2026-03-20 10:00", **fields))


def elsewhere(status: str, **fields: Any) -> Opportunity:
    return replace(ended(status, **fields), key="globex")


def with_deeds(*deeds: Any, **fields: Any) -> Opportunity:
    return opportunity(HELD, touches=deeds, **fields)


NEXT = interview("i2", "2026-03-10 14:00")
VIDEO = replace(HELD, format="video")
CANCELLED = replace(HELD, status="cancelled", status_at=utc("2026-03-01 10:00"))
MISSED = replace(HELD, status="missed", missed_by="employer")
MISSED_BY_ME = replace(MISSED, missed_by="me")
RESCHEDULED = opportunity(CANCELLED, NEXT)
ANSWER_BY, START = {"answer_by": date(2026, 4, 10)}, {"start_date": date(2026, 5, 4)}
MY_OFFER, MY_START = ended("offer", **ANSWER_BY), ended("accepted", **START)
OFFER, ACCEPTED = elsewhere("offer", **ANSWER_BY), elsewhere("accepted", **START)
ASKED_ONCE = with_deeds(sent("ask", "2026-03-09 10:00"))
SKIPPED = opportunity(HELD, marks=(mark("ask", "skipped", "2026-03-09 10:00"),))
THANKED = with_deeds(sent("thanks", "2026-03-03 16:00"))
LONG = opportunity(HELD, long_process=True)
EARLY = "2026-03-05 12:00"


def second_of_two(now: str) -> Subject:
    """Ana is to be asked in two opportunities at 09:00 on Sunday the 8th; the one given first comes first."""
    made = case(now, facts(opportunity(HELD), opportunity(HELD, key="globex")), *RULES)
    return made.about(made.situations[1], made.situations[1].governing, ANA)


EXAMPLES: dict[str, tuple[Subject, Subject, str]] = {
    "format: onsite": (seen(), seen(VIDEO), "the interview was of another kind"),
    "not_format: onsite": (seen(VIDEO), seen(), "the interview was of a kind this is not for"),
    "held": (seen(), seen(now="2026-03-03 14:59"), "the interview is not over"),
    "status: cancelled": (seen(CANCELLED), seen(MISSED), "the interview was neither cancelled nor missed in that way"),
    "missed_by: employer": (seen(MISSED), seen(MISSED_BY_ME), "the interview was not missed in that way"),
    "nobody_named": (seen(replace(HELD, people=())), seen(), "it is known who took part"),
    "first_round": (seen(), seen(opportunity(HELD, replace(NEXT, round=2)), round=1), "it is not the first round"),
    "further_round": (seen(opportunity(HELD, replace(NEXT, round=2)), round=1), seen(), "it is the first round"),
    "not_rescheduled": (seen(CANCELLED), seen(RESCHEDULED), "a new date is set"),
    "any_round": (seen(), seen(opportunity(), round=None), "there is no interview"),
    "no_round_ahead": (seen(), seen(opportunity(HELD, NEXT), now=EARLY), "a further round is still to come"),
    "outcome: rejected": (seen(ended("rejected")), seen(MY_OFFER), "there is no such outcome"),
    "no_outcome": (seen(), seen(MY_OFFER), "the outcome is known"),
    "no_start_date": (seen(ended("accepted")), seen(MY_START), "the start date is set"),
    "has_answer_by": (seen(MY_OFFER), seen(ended("offer")), "the offer has no date to answer by"),
    "no_opportunity_has: offer": (seen(), seen(HELD, OFFER), "an opportunity has that outcome"),
    "no_start_is_settled": (seen(), seen(HELD, ACCEPTED), "an offer is accepted and its start date is set"),
    "offer_elsewhere": (seen(HELD, OFFER), seen(MY_OFFER), "no other employer has made an offer with a date"),
    "accepted_elsewhere": (seen(HELD, ACCEPTED), seen(MY_START), "no other offer is accepted with a start date"),
    "knows: email": (seen(), seen(person=BARE), "that address is not known"),
    "prefers: letter": (seen(person=replace(ANA, preferred_channel="letter")), seen(), "they have not asked for that"),
    "only_a: hiring_manager": (seen(), seen(person=BEN), "they have another part in it"),
    "has_role: recruiter": (seen(opportunity(HELD, people=(ANA, RITA))), seen(), "there is no recruiter"),
    "not_connected": (seen(), seen(person=replace(ANA, connected=True)), "you are connected already"),
    "do_not_contact": (
        seen(person=replace(ANA, do_not_contact=True)),
        seen(),
        "nobody asked not to be contacted",
    ),
    "long_process": (seen(LONG), seen(), "the process is not known to be a long one"),
    "done: thanks": (seen(THANKED), seen(), "thanks is not done"),
    "not_done: thanks": (seen(), seen(THANKED), "thanks is done"),
    "unreachable_for: thanks": (seen(person=BARE), seen(), "there is an address for thanks"),
    "not_on_paper: thanks": (
        seen(),
        seen(rules=(replace(THANKS, channel=CARD.channel),)),
        "thanks is on paper already",
    ),
    "upcoming: ask": (seen(now=EARLY), seen(), "no ask is still to come"),
    "used_up: ask": (seen(ASKED_ONCE), seen(SKIPPED), "a further ask is still allowed"),
    "ended: ask": (seen(SKIPPED), seen(), "a further ask may still be sent"),
    "moved_for_another: ask": (
        second_of_two("2026-03-08 12:00"),
        seen(now="2026-03-08 12:00"),
        "no other ask goes to them that day",
    ),
}


@pytest.mark.parametrize("condition", EXAMPLES)
def test_a_condition_holds_or_says_why_not(condition: str) -> None:
    holding, failing, because = EXAMPLES[condition]
    assert holds(condition, holding)
    assert not holds(condition, failing)
    assert why_not(*when(condition)) == because


def test_there_are_examples_of_every_condition() -> None:
    assert {condition.partition(":")[0] for condition in EXAMPLES} == set(CONDITIONS)


@pytest.mark.parametrize("condition", ["knows: email", "prefers: email", "only_a: recruiter", "not_connected",
    "do_not_contact"])  # fmt: skip
def test_nothing_is_so_of_nobody(condition: str) -> None:
    assert not holds(condition, seen(person=None))


@pytest.mark.parametrize("condition", ["format: onsite", "held", "status: missed", "missed_by: me", "nobody_named",
    "first_round", "further_round", "not_rescheduled"])  # fmt: skip
def test_nothing_is_so_of_a_round_that_is_none(condition: str) -> None:
    assert not holds(condition, seen(round=None))


def test_without_a_round_there_is_no_format_to_exclude() -> None:
    assert holds("not_format: onsite", seen(round=None))


def test_one_of_several_words_is_enough() -> None:
    assert holds("format: phone, onsite", seen())
    assert not holds("not_format: phone, onsite", seen())
    assert holds("status: cancelled, missed", seen(MISSED))
    assert holds("outcome: offer, rejected", seen(ended("rejected")))
    assert not holds("no_opportunity_has: accepted, offer", seen(HELD, OFFER))
    assert holds("prefers: phone, letter", seen(person=replace(ANA, preferred_channel="letter")))


def test_every_address_that_is_named_must_be_known() -> None:
    both = replace(ANA, phone="+1 555 0100")
    assert holds("knows: email, phone", seen(person=both))
    assert not holds("knows: email, phone", seen())


def test_only_a_speaks_of_every_role_that_somebody_has() -> None:
    both = replace(ANA, roles=("recruiter", "interviewer"))
    assert holds("only_a: recruiter, interviewer, insider", seen(person=both))
    assert not holds("only_a: recruiter", seen(person=both))
    assert not holds("only_a: recruiter", seen(person=BARE)), "whose role is not known may be anybody"


def test_a_role_counts_where_its_holder_may_be_written_to() -> None:
    gone = opportunity(HELD, people=(ANA, replace(RITA, do_not_contact=True)))
    assert not holds("has_role: recruiter", seen(gone))


def test_who_missed_an_interview_that_was_held_is_nobody() -> None:
    assert not holds("missed_by: me", seen(replace(HELD, missed_by="me")))
    assert not holds("missed_by: me", seen(replace(MISSED, missed_by=None)))


@pytest.mark.parametrize(
    ("dropped", "starts", "set_anew"),
    [
        (CANCELLED, "2026-03-01 10:01", True),
        (CANCELLED, "2026-03-01 10:00", False),
        (replace(CANCELLED, status_at=None), "2026-03-03 14:01", True),
        (replace(CANCELLED, status_at=None), "2026-03-03 14:00", False),
        (replace(CANCELLED, status_at=None), "2026-03-02 14:00", False),
    ],
)
def test_a_new_date_is_one_after_the_old_was_given_up(dropped: Interview, starts: str, set_anew: bool) -> None:
    """From when it was given up on; where that is not known, after its own start."""
    other = interview("other", starts)
    told = opportunity(dropped, other)
    made = case(LATER, told)
    (round,) = made.situations[0].dropped
    assert holds("not_rescheduled", made.about(made.situations[0], round, None)) is not set_anew


def test_a_new_date_that_was_given_up_too_is_none() -> None:
    assert holds("not_rescheduled", seen(opportunity(CANCELLED, replace(NEXT, status="cancelled"))))


def test_a_cancelled_round_is_no_round() -> None:
    assert not holds("any_round", seen(CANCELLED))
    assert holds("no_round_ahead", seen(opportunity(HELD, replace(NEXT, status="cancelled")), now=EARLY))


def test_what_an_outcome_says_is_asked_only_where_there_is_one() -> None:
    assert not holds("outcome: offer", seen())
    assert not holds("has_answer_by", seen())
    assert holds("no_start_date", seen())


def test_an_offer_or_a_start_elsewhere_needs_its_day() -> None:
    assert not holds("offer_elsewhere", seen(HELD, elsewhere("offer")))
    assert not holds("accepted_elsewhere", seen(HELD, elsewhere("accepted")))
    assert holds("no_start_is_settled", seen(HELD, elsewhere("accepted")))
    assert not holds("no_start_is_settled", seen(MY_START)), "the own one counts as well"
    assert not holds("no_opportunity_has: offer", seen(MY_OFFER))


def test_a_rule_without_channels_misses_no_address_and_is_not_on_paper() -> None:
    assert not holds("unreachable_for: recap", seen(person=BARE))
    assert holds("not_on_paper: recap", seen())
    assert not holds("not_on_paper: card", seen())
    letter = (replace(CARD, channel=(ChannelAdvice(("letter",)),)),)
    assert not holds("not_on_paper: card", seen(rules=letter))


def test_how_a_rule_about_the_opportunity_is_told_is_asked_of_whom_it_goes_to() -> None:
    """Ana would be written to on paper; the message about the opportunity goes to Rita, who can be mailed."""
    told = opportunity(HELD, people=(ANA, replace(RITA, email="rita@acme.example", point_of_contact=True)))
    advice = ChannelAdvice(("email",), prefer=("letter",))
    ask = rule("ask", "opportunity", message=True, channel=(advice,))
    by_letter = replace(ANA, preferred_channel="letter")
    assert holds("not_on_paper: ask", seen(told, person=by_letter, rules=(ask,)))


def test_used_up_and_skipped_end_a_series_and_an_open_one_does_not() -> None:
    assert [holds(f"{name}: ask", seen(ASKED_ONCE)) for name in ("used_up", "ended", "upcoming")] == [True, True, False]
    assert [holds(f"{name}: ask", seen(SKIPPED)) for name in ("used_up", "ended", "upcoming")] == [False, True, False]
    assert [holds(f"{name}: ask", seen()) for name in ("used_up", "ended", "upcoming")] == [False, False, False]


def test_a_message_has_moved_only_from_when_it_would_have_opened() -> None:
    assert holds("moved_for_another: ask", second_of_two("2026-03-08 09:00"))
    assert not holds("moved_for_another: ask", second_of_two("2026-03-08 08:59"))


def test_all_conditions_must_hold_and_the_first_that_does_not_is_named() -> None:
    subject = seen()
    assert first_failure(when("held", "format: onsite", "no_outcome"), subject) is None
    assert first_failure((), subject) is None
    assert first_failure(when("held", "outcome: offer, closed", "any_round"), subject) == (
        "outcome", ("offer", "closed"),
    )  # fmt: skip


def test_of_those_that_spare_somebody_one_is_enough() -> None:
    subject = seen()
    assert is_any(when("outcome: offer", "knows: email"), subject) is True
    assert is_any(when("outcome: offer", "knows: phone"), subject) is False
    assert is_any((), subject) is False


FORMATS = "onsite", "video", "phone", "one_way_video"
OUTCOMES = "rejected", "offer", "accepted", "declined", "withdrawn", "closed"
CHANNELS = "email", "phone", "letter", "handwritten", "in_person", "linkedin", "text", "public_post"
#: All the words that a condition takes at once.
TAKES: dict[str, tuple[str, ...]] = {
    "format": FORMATS,
    "not_format": FORMATS,
    "missed_by": ("me",),
    "outcome": OUTCOMES,
    "no_opportunity_has": OUTCOMES,
    "knows": ("email", "phone", "linkedin", "postal_address"),
    "prefers": CHANNELS,
    "only_a": ("interviewer", "hiring_manager", "recruiter", "insider"),
    "has_role": ("recruiter",),
    **{condition.partition(": ")[0]: ("ask",) for condition in EXAMPLES if condition.endswith((": ask", ": thanks"))},
}
BARE_NAMES = sorted({condition for condition in EXAMPLES if ":" not in condition})


def complaints(condition: str) -> list[str]:
    return [problem.message for problem in condition_problems(rule("mine", when=when(condition)))]


@pytest.mark.parametrize("name", TAKES)
def test_a_condition_takes_at_least_one_word_and_at_most_all_it_knows(name: str) -> None:
    words = TAKES[name]
    assert complaints(f"{name}: {words[0]}") == []
    assert complaints(f"{name}: {', '.join(words)}") == []
    number = "1" if len(words) == 1 else f"1 to {len(words)}"
    assert complaints(name) == [f"{name} takes {number} arguments, not 0"]
    too_many = ", ".join((*words, words[0]))
    assert complaints(f"{name}: {too_many}") == [f"{name} takes {number} arguments, not {len(words) + 1}"]


@pytest.mark.parametrize("name", BARE_NAMES)
def test_a_bare_condition_takes_no_word(name: str) -> None:
    assert complaints(name) == []
    assert complaints(f"{name}: onsite") == [f"{name} takes 0 arguments, not 1"]


def test_a_hold_on_a_channel_may_not_hang_on_another_rule() -> None:
    for name, words in TAKES.items():
        (condition,) = when(f"{name}: {words[0]}")
        refused = list(condition_problems(hold_rule("quiet", channel="text", when=(condition,))))
        assert bool(refused) is (words == ("ask",)), name


def test_an_outcome_in_the_future_is_none_yet() -> None:
    told = opportunity(HELD, outcome=Outcome("offer", utc(LATER)))
    assert holds("outcome: offer", seen(told))
    assert holds("no_outcome", seen(told, now="2026-04-01 11:59"))
