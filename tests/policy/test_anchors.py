"""What each anchor of a window is, where the facts know it, and that it is nothing where they do not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from afterword.policy.anchors import READERS
from afterword.policy.facts import Opportunity
from afterword.policy.playbook import ANCHORS, Offset, Point, Rule
from afterword.policy.subject import Subject
from support.small_facts import ANA, case, facts, interview, opportunity, outcome, reply, rule, sent, utc

THANKS = rule("thanks", "person")


def read(anchor: str, subject: Subject, of: str | None = None) -> Any:
    return READERS[anchor](subject, Point(anchor, Offset(days=0), of))


def seen(
    told: Opportunity, *others: Opportunity, round: int | None = None, now: str = "2026-04-01 12:00",
    rules: tuple[Rule, ...] = (THANKS,),
) -> Subject:  # fmt: skip
    """Ana in one of the rounds, or in the opportunity as a whole."""
    made = case(now, facts(told, *others), *rules)
    situation = made.situations[0]
    return made.about(situation, None if round is None else situation.rounds[round], ANA)


BARE = opportunity()
TWO_ROUNDS = opportunity(
    interview("i1", "2026-03-03 14:00", scheduled_at=utc("2026-02-20 10:00")),
    interview("i2", "2026-03-10 14:00", 45, scheduled_at=utc("2026-03-05 10:00"), decision_on=date(2026, 3, 20)),
    touches=(
        sent("thanks", "2026-03-10 18:00"),
        reply("2026-03-11 08:00"),
        sent("chat", "2026-03-12 09:00"),
        reply("2026-03-12 11:00"),
        sent("chat", "2026-03-13 09:00"),
    ),
    outcome=outcome("offer", "2026-03-21 09:00", answer_by=date(2026, 3, 27)),
)
WITH_OFFER = opportunity(key="globex", outcome=outcome("offer", "2026-03-15 10:00", answer_by=date(2026, 3, 30)))
ACCEPTED = opportunity(key="initech", outcome=outcome("accepted", "2026-03-16 10:00", start_date=date(2026, 5, 4)))


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        ("interview.start", utc("2026-03-10 14:00")),
        ("interview.end", utc("2026-03-10 14:45")),
        ("interview.scheduled_at", utc("2026-03-05 10:00")),
        ("last_round.end", utc("2026-03-03 15:00")),
        ("wait", utc("2026-03-10 14:45")),
        ("promise", date(2026, 3, 20)),
        ("outcome.at", utc("2026-03-21 09:00")),
        ("outcome.answer_by", date(2026, 3, 27)),
        ("last_done", utc("2026-03-10 18:00")),
        ("reply_to", utc("2026-03-11 08:00")),
        ("last_reply", utc("2026-03-12 11:00")),
        ("last_contact", utc("2026-03-13 09:00")),
        ("other_offer.at", utc("2026-03-15 10:00")),
        ("other_offer.answer_by", date(2026, 3, 30)),
        ("other_acceptance.at", utc("2026-03-16 10:00")),
    ],
)
def test_an_anchor_is_read_from_the_facts(anchor: str, expected: datetime | date) -> None:
    assert read(anchor, seen(TWO_ROUNDS, WITH_OFFER, ACCEPTED, round=1), of="thanks") == expected


def test_the_change_of_a_status_is_an_anchor_too() -> None:
    cancelled = opportunity(interview(status="cancelled", status_at=utc("2026-03-02 16:30")))
    assert read("interview.status_at", seen(cancelled, round=0)) == utc("2026-03-02 16:30")


@pytest.mark.parametrize("anchor", sorted(set(ANCHORS) - {"opens", "due"}))
def test_where_nothing_is_known_there_is_no_anchor(anchor: str) -> None:
    assert read(anchor, seen(BARE), of="thanks") is None


@pytest.mark.parametrize("anchor", ["interview.scheduled_at", "interview.status_at", "promise", "last_reply"])
def test_a_held_round_alone_does_not_tell_everything(anchor: str) -> None:
    assert read(anchor, seen(opportunity(interview()), round=0)) is None


@pytest.mark.parametrize("anchor", ["other_offer.at", "other_offer.answer_by", "other_acceptance.at"])
def test_ones_own_offer_or_acceptance_is_not_anothers(anchor: str) -> None:
    offer = opportunity(outcome=WITH_OFFER.outcome)
    taken = opportunity(outcome=ACCEPTED.outcome)
    assert read(anchor, seen(offer, opportunity(key="globex"))) is None
    assert read(anchor, seen(taken, opportunity(key="globex"))) is None


def test_the_last_round_is_the_last_held_one_that_was_over_when_this_one_began() -> None:
    def last(*starts: str, round: int | None) -> Any:
        rounds = (interview(f"i{number}", start) for number, start in enumerate(starts, 1))
        return read("last_round.end", seen(opportunity(*rounds), round=round))

    three = ("2026-03-03 14:00", "2026-03-10 14:00", "2026-03-17 14:00")
    assert last(*three, round=0) is None
    assert last(*three, round=1) == utc("2026-03-03 15:00")
    assert last(*three, round=2) == utc("2026-03-10 15:00")
    assert last(*three, round=None) == utc("2026-03-17 15:00"), "of the opportunity as a whole it is the latest"
    assert last("2026-03-03 14:00", "2026-03-03 15:00", round=1) == utc("2026-03-03 15:00"), "one right after another"
    assert last("2026-03-03 14:00", "2026-03-03 14:59", round=1) is None, "they overlap"


def test_a_cancelled_round_is_no_last_round() -> None:
    rounds = (interview("i1", status="cancelled"), interview("i2", "2026-03-10 14:00"))
    assert read("last_round.end", seen(opportunity(*rounds), round=1)) is None


def test_a_reply_that_begins_a_new_wait_moves_its_anchors() -> None:
    told = opportunity(interview(), touches=(reply("2026-03-09 10:00", decision_on=date(2026, 3, 18)),))
    subject = seen(told, round=0)
    assert (read("wait", subject), read("promise", subject)) == (utc("2026-03-09 10:00"), date(2026, 3, 18))


def test_what_was_said_before_the_latest_round_is_no_reply_of_it() -> None:
    told = opportunity(interview(), touches=(reply("2026-03-03 14:59"),))
    assert read("last_reply", seen(told, round=0)) is None
    assert read("last_contact", seen(told, round=0)) == utc("2026-03-03 14:59")
    told = opportunity(interview(), touches=(reply("2026-03-03 15:00"),))
    assert read("last_reply", seen(told, round=0)) == utc("2026-03-03 15:00")


def test_only_a_reply_after_the_deed_answers_it() -> None:
    told = opportunity(interview(), touches=(sent("thanks", "2026-03-04 09:00"), reply("2026-03-04 09:00")))
    assert read("reply_to", seen(told, round=0), of="thanks") is None
    told = opportunity(interview(), touches=(sent("thanks", "2026-03-04 09:00"), reply("2026-03-04 09:01")))
    assert read("reply_to", seen(told, round=0), of="thanks") == utc("2026-03-04 09:01")
