"""Names and days of the facts in the sentences of rules."""

from __future__ import annotations

from datetime import date

import pytest

from afterword.policy.engine import evaluate
from afterword.policy.facts import Facts, Opportunity
from afterword.policy.playbook import Offset, Repeat
from afterword.policy.wording import FROM_FACTS, PLACEHOLDERS, Words, day_in_words, sentence
from support.small_facts import ANA, case, facts, interview, opportunity, outcome, playbook, reply, rule, sent, utc

NOW = "2026-03-04 12:00"


def said(template: str, *told: Opportunity, person: bool = False) -> str:
    """The sentence about the first of the opportunities."""
    asked = case(NOW, facts(*told))
    situation = asked.situations[0]
    return sentence(template, Words(asked.about(situation, situation.governing, ANA if person else None)))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 1, 1), "1 January"),
        (date(2026, 2, 28), "28 February"),
        (date(2026, 3, 9), "9 March"),
        (date(2026, 4, 30), "30 April"),
        (date(2026, 5, 17), "17 May"),
        (date(2026, 6, 2), "2 June"),
        (date(2026, 7, 4), "4 July"),
        (date(2026, 8, 31), "31 August"),
        (date(2026, 9, 10), "10 September"),
        (date(2026, 10, 3), "3 October"),
        (date(2026, 11, 11), "11 November"),
        (date(2026, 12, 31), "31 December"),
        (None, "the day they named"),
    ],
)
def test_a_day_is_said_with_its_month(day: date | None, words: str) -> None:
    assert day_in_words(day) == words


def test_a_person_is_called_by_name_and_nobody_in_particular_them() -> None:
    assert said("Thank {person}.", opportunity(interview()), person=True) == "Thank Ana Ruiz."
    assert said("Thank {person}.", opportunity(interview())) == "Thank them."


def test_the_company_and_the_job() -> None:
    told = opportunity(interview(), role="Data engineer")
    assert said("{role} at {company}", told) == "Data engineer at Acme"
    assert said("{role} at {company}", opportunity(interview())) == "the job at Acme"


def test_the_promised_day_is_said_as_they_named_it() -> None:
    """Also where that was too early to count."""
    assert said("{promised_day}", opportunity(interview(decision_on=date(2026, 3, 20)))) == "20 March"
    early = opportunity(interview(starts="2026-03-03 14:00", decision_on=date(2026, 3, 1)))
    assert said("{promised_day}", early) == "1 March"
    renamed = opportunity(interview(), touches=(reply("2026-03-04 09:00", decision_on=date(2026, 3, 13)),))
    assert said("{promised_day}", renamed) == "13 March"
    assert said("{promised_day}", opportunity(interview())) == "the day they named"
    assert said("{promised_day}", opportunity()) == "the day they named"


def test_the_day_to_answer_by() -> None:
    offer = outcome("offer", "2026-03-04 09:00", answer_by=date(2026, 3, 16))
    assert said("{answer_by}", opportunity(interview(), outcome=offer)) == "16 March"
    undated = outcome("offer", "2026-03-04 09:00")
    assert said("{answer_by}", opportunity(interview(), outcome=undated)) == "the day they named"
    assert said("{answer_by}", opportunity(interview())) == "the day they named"


def test_the_other_company_is_the_one_whose_offer_must_be_answered() -> None:
    own = opportunity(interview())
    offer = opportunity(
        key="globex", outcome=outcome("offer", "2026-03-04 09:00", answer_by=date(2026, 3, 16)), people=()
    )
    accepted = opportunity(
        key="initech", outcome=outcome("accepted", "2026-03-04 08:00", start_date=date(2026, 4, 1)), people=()
    )
    template = "{other_company} by {other_answer_by}"
    assert said(template, own, accepted, offer) == "Globex by 16 March"
    assert said(template, own, accepted) == "Initech by the day they named"
    assert said(template, own) == "another employer by the day they named"
    assert said(template, offer, own) == "another employer by the day they named"
    assert said(template, accepted, own) == "another employer by the day they named"


def test_attempts_are_counted_in_words_too() -> None:
    ask = rule(
        "ask", "opportunity", title="Ask, no. {attempt}", why="{attempt} of two", repeat=Repeat(Offset(days=3), 2)
    )
    told = opportunity(interview(), touches=(sent("ask", "2026-03-03 16:00"),))
    answer = evaluate(playbook(ask), facts(told), utc(NOW))
    assert [(each.attempt, each.title, each.why) for each in answer.listed(("done", "upcoming"))] == [
        (2, "Ask, no. 2", "2 of two"),
        (1, "Ask, no. 1", "1 of two"),
    ]


def test_the_first_of_anything_is_the_first_attempt() -> None:
    assert said("{attempt}", opportunity()) == "1"


def test_what_has_no_placeholder_stays_as_it_is_and_a_doubled_brace_is_one() -> None:
    assert said("Nothing to fill in", opportunity()) == "Nothing to fill in"
    assert said("A set {{a, b}}", opportunity()) == "A set {a, b}"
    assert said("Only closed }}", opportunity()) == "Only closed }"


def test_every_word_in_braces_that_may_be_written_is_filled_in() -> None:
    assert {*PLACEHOLDERS} == {*FROM_FACTS, "attempt"}
    for placeholder in PLACEHOLDERS:
        assert said(f"{{{placeholder}}}", opportunity())


def test_standing_advice_speaks_of_no_employer_in_particular() -> None:
    search = rule("search", "account", opens=None, title="Keep on at {company}", why="{role} for {person}")
    (found,) = evaluate(playbook(search), Facts(facts().calendar, ()), utc(NOW)).actions
    assert (found.title, found.why) == ("Keep on at any employer", "the job for them")
