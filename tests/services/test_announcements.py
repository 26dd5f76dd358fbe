"""Which change is told: every pair of states, and nothing of what nobody was told of."""

from __future__ import annotations

from typing import Any

import pytest

from afterword.policy.timeline import STATES
from afterword.services.announcements import announcements
from afterword.storage.planned import Plan

WINDOW = {"opens_at": "2026-03-03T20:00:00Z", "best_at": None, "due_at": "2026-03-04T20:00:00Z", "expires_at": None}
TOLD = {
    "action.opened": {(None, "open"), ("upcoming", "open"), ("snoozed", "open"), ("lapsed", "open")},
    "action.overdue": {
        (None, "overdue"), ("upcoming", "overdue"), ("open", "overdue"), ("snoozed", "overdue"), ("lapsed", "overdue"),
    },
    "action.moved": {("overdue", "open"), ("open", "upcoming"), ("overdue", "upcoming")},
    "action.reopened": {(was, now) for was in ("done", "skipped") for now in ("open", "overdue", "upcoming")},
    "action.done": {(was, "done") for was in STATES if was != "done"},
    "action.skipped": {(was, "skipped") for was in STATES if was != "skipped"},
    "action.snoozed": {(was, "snoozed") for was in STATES if was != "snoozed"},
    "action.lapsed": {("open", "lapsed"), ("overdue", "lapsed"), ("snoozed", "lapsed")},
    "action.withdrawn": {("open", None), ("overdue", None), ("snoozed", None)},
}  # fmt: skip
PAIRS = [(was, now) for was in (None, *STATES) for now in (None, *STATES) if (was, now) != (None, None)]


def plan(state: str, type: str = "action", **window: Any) -> Plan:
    return Plan("opp_1", "act_1", type, state, {**WINDOW, **window}, {})


def told(was: Plan | None, now: Plan | None) -> list[str]:
    before = {was.place: was} if was else {}
    after = {now.place: now} if now else {}
    return [each.type for each in announcements(before, after)]


@pytest.mark.parametrize(("was", "now"), PAIRS)
def test_each_change_of_state_is_told_as_the_table_says(was: str | None, now: str | None) -> None:
    expected = [kind for kind, pairs in TOLD.items() if (was, now) in pairs]
    assert told(was and plan(was), now and plan(now)) == expected


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("edge", ["opens_at", "due_at", "expires_at"])
def test_a_window_that_moves_is_told_of_what_was_told(state: str, edge: str) -> None:
    moved = plan(state, **{edge: "2026-03-05T20:00:00Z"})
    assert told(plan(state), moved) == (["action.moved"] if state in ("open", "overdue") else [])


def test_the_best_moment_is_no_news() -> None:
    assert told(plan("open"), plan("open", best_at="2026-03-04T00:00:00Z")) == []


def test_holds_start_and_are_lifted_and_do_not_move() -> None:
    hold = plan("standing", type="hold")
    assert told(None, hold) == ["hold.started"]
    assert told(hold, plan("standing", type="hold", due_at=None)) == []
    assert told(hold, None) == ["hold.lifted"]


def test_what_ended_is_told_before_what_is_so_now() -> None:
    gone, come = plan("open"), Plan("opp_1", "act_2", "action", "open", WINDOW, {})
    found = announcements({gone.place: gone}, {come.place: come})
    assert [each.type for each in found] == ["action.withdrawn", "action.opened"]
