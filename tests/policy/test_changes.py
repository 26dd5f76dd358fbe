"""When what is said of one opportunity changes, before an instant and after it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from afterword.policy.changes import MOST_AHEAD, MOST_BEFORE, changes
from afterword.policy.facts import Facts, Opportunity
from afterword.policy.playbook import HoldRule, Rule
from support.small_facts import (
    counted_from,
    facts,
    hold_rule,
    interview,
    mark,
    opportunity,
    outcome,
    playbook,
    rule,
    sent,
    utc,
)

FIRST = interview("i1")
RECAP = rule("recap", due=counted_from("interview.end", 3), expires=counted_from("interview.end", 5))


def stops(now: str, told: Opportunity | Facts, *rules: Rule | HoldRule, key: str = "acme") -> list[str]:
    known = told if isinstance(told, Facts) else facts(told)
    return [f"{at:%m-%d %H:%M}" for at in changes(playbook(*rules), known, key, utc(now))]


def test_each_end_of_a_window_is_a_change_before_and_ahead() -> None:
    every = ["03-03 14:00", "03-03 15:00", "03-03 18:00", "03-03 20:00"]
    for now in ("2026-03-03 14:30", "2026-03-03 16:00", "2026-03-04 10:00"):
        assert stops(now, opportunity(FIRST), RECAP) == every


def test_before_the_first_fact_there_is_nothing_to_travel_back_to() -> None:
    assert stops("2026-03-01 10:00", opportunity(FIRST), RECAP) == ["03-03 15:00", "03-03 18:00", "03-03 20:00"]
    assert stops("2026-03-01 10:00", opportunity(), RECAP) == []


def test_what_was_done_changed_it_and_ends_what_would_have_followed() -> None:
    told = opportunity(FIRST, marks=(mark("recap", "done", "2026-03-03 16:00"),))
    assert stops("2026-03-04 10:00", told, RECAP) == ["03-03 14:00", "03-03 15:00", "03-03 16:00"]


def test_an_outcome_is_a_change_on_its_day() -> None:
    ended = opportunity(FIRST, outcome=outcome("rejected", "2026-03-10 10:00"))
    assert stops("2026-03-12 10:00", ended, RECAP)[-1] == "03-10 10:00"
    assert stops("2026-03-12 10:00", ended, RECAP, hold_rule("quiet"))[-1] == "03-10 10:00"


def test_of_many_shared_histories_the_newest_stops_are_kept() -> None:
    """Each look judges everything that shares a person, and there are only so many: the oldest stops are given up."""
    jobs = [
        opportunity(*(interview(f"i{day}", f"2026-03-{day:02} {hour:02}:00") for day in range(2, 28)), key=f"job{hour}")
        for hour in range(6, 18)
    ]
    found = stops("2026-03-27 23:00", facts(*jobs), RECAP, key="job9")
    past = [each for each in found if each <= "03-27 23:00"]
    assert past[-3:] == ["03-27 10:00", "03-27 13:00", "03-27 15:00"]


def test_what_changes_elsewhere_is_no_change_here() -> None:
    elsewhere = opportunity(interview("i1", "2026-03-09 14:00"), key="globex")
    both = facts(opportunity(FIRST), elsewhere)
    assert stops("2026-03-03 16:00", both, RECAP) == stops("2026-03-03 16:00", opportunity(FIRST), RECAP)
    assert stops("2026-03-03 16:00", both, RECAP, key="globex")[0].startswith("03-09")


def test_an_opportunity_that_is_not_among_the_facts_has_none() -> None:
    assert stops("2026-03-03 16:00", opportunity(FIRST), RECAP, key="initech") == []


@pytest.mark.parametrize(("now", "most"), [("2026-03-01 10:00", MOST_AHEAD), ("2027-03-01 10:00", MOST_BEFORE)])
def test_there_are_no_more_than_a_page_can_step_through(now: str, most: int) -> None:
    rounds = [interview(f"i{day}", f"2026-03-{day:02} 14:00") for day in range(2, 28)]
    found = stops(now, opportunity(*rounds), RECAP)
    assert len(found) == most
    assert found == sorted(found)


def test_many_messages_leave_the_last_of_what_was() -> None:
    start = utc("2026-03-04 10:00")
    touches = [sent("other", f"{start + timedelta(hours=hour):%Y-%m-%d %H:%M}") for hour in range(100)]
    found = stops("2026-04-01 10:00", opportunity(FIRST, touches=tuple(touches)), RECAP)
    assert len(found) <= MOST_BEFORE
