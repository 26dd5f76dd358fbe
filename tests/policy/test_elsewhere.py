"""What other opportunities mean for this one: which offer presses most, which acceptance came first."""

from __future__ import annotations

from datetime import date
from typing import Any

from afterword.policy.elsewhere import accepted, decided, first_other, offering
from afterword.policy.facts import Opportunity
from afterword.policy.situation import Situation
from support.small_facts import case, facts, opportunity, outcome


def situations(*told: Opportunity) -> tuple[Situation, ...]:
    return case("2026-04-01 12:00", facts(*told)).situations


def ended(key: str, status: str, when: str = "2026-03-20 10:00", **fields: Any) -> Opportunity:
    return opportunity(key=key, outcome=outcome(status, when, **fields))


OPEN = opportunity(key="open")
LATE_OFFER = ended("late", "offer", "2026-03-10 10:00", answer_by=date(2026, 4, 10))
SOON_OFFER = ended("soon", "offer", "2026-03-20 10:00", answer_by=date(2026, 4, 9))
UNDATED = ended("undated", "offer")
START = date(2026, 5, 4)


def keys(found: Any) -> list[str]:
    return [one.situation.key for one in found]


def test_the_offer_to_be_answered_first_presses_most() -> None:
    told = situations(OPEN, LATE_OFFER, UNDATED, SOON_OFFER)
    assert keys(offering(told)) == ["soon", "late"]
    same_day = ended("same", "offer", answer_by=date(2026, 4, 9))
    assert keys(offering(situations(same_day, SOON_OFFER))) == ["same", "soon"], "in a tie the one given first"
    next_year = ended("next", "offer", answer_by=date(2027, 1, 2))
    assert keys(offering(situations(next_year, SOON_OFFER))) == ["soon", "next"]


def test_only_an_offer_is_to_be_answered() -> None:
    told = situations(ended("taken", "accepted", answer_by=date(2026, 4, 9)), ended("no", "rejected"))
    assert offering(told) == ()


def test_the_acceptance_that_was_decided_first_comes_first() -> None:
    second = ended("second", "accepted", "2026-03-21 10:00", start_date=date(2026, 4, 15))
    first = ended("first", "accepted", "2026-03-20 10:00", start_date=START)
    without = ended("without", "accepted", "2026-03-19 10:00")
    told = situations(second, OPEN, without, first, ended("offer", "offer", "2026-03-01 10:00", start_date=START))
    assert keys(accepted(told)) == ["first", "second"]


def test_an_opportunity_ends_in_one_of_the_ways_that_are_asked_for() -> None:
    told = situations(OPEN, SOON_OFFER, ended("no", "rejected"), ended("closed", "closed"))
    assert keys(decided(told, "rejected", "offer")) == ["soon", "no"]
    assert keys(decided(told)) == []


def test_the_first_other_one_is_not_this_one() -> None:
    told = situations(SOON_OFFER, LATE_OFFER, OPEN)
    offers = offering(told)
    assert first_other(offers, told[0]) == offers[1]
    assert first_other(offers, told[1]) == offers[0]
    assert first_other(offers, told[2]) == offers[0]
    assert first_other(offers[:1], told[0]) is None
