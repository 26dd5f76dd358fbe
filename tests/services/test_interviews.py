"""Interviews, where the clock matters."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from afterword.services import interviews, outcomes, touches
from afterword.storage.database import Database
from afterword.storage.facts import Scope, read_facts
from support.accounts import FOUNDED, open_account

LOGGED = {
    "company": "Acme",
    "starts_at": FOUNDED + timedelta(hours=1),
    "format": "video",
    "status": "scheduled",
    "people": [{"name": "Ana"}],
}


def log(database: Database, account_id: str, now: datetime = FOUNDED, **other: Any) -> interviews.WholeInterview:
    with database.write() as session:
        return interviews.create(session, account_id, {**LOGGED, **other}, now)[0]


@pytest.mark.parametrize(
    ("minutes", "phase"),
    [(0, "scheduled"), (59, "scheduled"), (60, "in_progress"), (119, "in_progress"), (120, "held")],
)
def test_an_interview_is_held_without_anybody_saying_so(database: Database, minutes: int, phase: str) -> None:
    account = open_account(database).id
    made = log(database, account)
    with database.read() as session:
        found = interviews.find(session, account, made.interview.id, FOUNDED + timedelta(minutes=minutes))
    assert found.phase == phase


@pytest.mark.parametrize("status", ["cancelled", "missed"])
def test_one_that_was_called_off_is_not_held(database: Database, status: str) -> None:
    account = open_account(database).id
    assert log(database, account, FOUNDED + timedelta(days=1), status=status).phase == status


def test_one_that_is_to_come_was_fixed_when_it_was_logged_unless_told_otherwise(database: Database) -> None:
    account = open_account(database).id
    assert log(database, account).interview.scheduled_at == FOUNDED
    assert log(database, account, scheduled_at=None).interview.scheduled_at is None
    assert log(database, account, starts_at=FOUNDED - timedelta(days=1)).interview.scheduled_at is None


def test_a_change_of_status_is_of_now_and_takes_the_blame_away(database: Database) -> None:
    account = open_account(database).id
    made = log(database, account)
    later = FOUNDED + timedelta(hours=3)
    with database.write() as session:
        missed = interviews.change(session, account, made, {"status": "missed", "missed_by": "employer"}, later)
        assert (missed.interview.status_at, missed.interview.missed_by) == (later, "employer")
        again = interviews.change(session, account, missed, {"status": "scheduled"}, later)
        assert (again.interview.status_at, again.interview.missed_by) == (None, None)
        said = {"status": "cancelled", "status_at": FOUNDED}
        assert interviews.change(session, account, again, said, later).interview.status_at == FOUNDED


def test_rounds_are_numbered_by_their_start(database: Database) -> None:
    account = open_account(database).id
    first = log(database, account)
    joined = {"company": None, "opportunity_id": first.interview.opportunity_id}
    third = log(database, account, **joined, starts_at=FOUNDED + timedelta(days=9))
    fourth = log(database, account, **joined, starts_at=FOUNDED + timedelta(days=12))
    earlier = log(database, account, **joined, starts_at=FOUNDED - timedelta(days=3))
    assert [each.interview.round for each in (first, third, fourth, earlier)] == [1, 2, 3, 1]


def test_an_earlier_outcome_is_kept_for_those_who_travel_in_time(database: Database) -> None:
    account = open_account(database).id
    opportunity_id = log(database, account).interview.opportunity_id
    days = [FOUNDED + timedelta(days=number) for number in range(4)]
    with database.write() as session:
        outcomes.put(session, account, opportunity_id, {"status": "offer", "at": days[1]}, days[1])
        outcomes.put(session, account, opportunity_id, {"status": "declined", "at": days[2]}, days[2])
        outcomes.reopen(session, account, opportunity_id, days[3])
    told = []
    with database.read() as session:
        for day in days:
            stored = read_facts(session, Scope(account), day)
            outcome = stored.facts.opportunities[0].outcome
            told.append(outcome.status if outcome else None)
    assert told == [None, "offer", "declined", None]


def test_a_touch_up_to_five_minutes_ahead_is_a_clock_that_differs(database: Database) -> None:
    account = open_account(database).id
    made = log(database, account)
    said = {"interview_id": made.interview.id, "direction": "outbound", "at": FOUNDED + timedelta(minutes=5)}
    with database.write() as session:
        assert touches.create(session, account, said, FOUNDED)[1]
