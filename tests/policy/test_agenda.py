"""When an action is to be thought of, by the days of the account's zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.policy.agenda import WHENS, agenda
from afterword.policy.timeline import STATES, Action, Window
from support.small_facts import utc

NEW_YORK = ZoneInfo("America/New_York")
#: A Tuesday at noon in New York, five days before its clocks go forward.
NOON = utc("2026-03-03 17:00")


def action(state: str, opens_at: datetime | None = None) -> Action:
    window = Window(opens_at) if opens_at else None
    return Action(
        "call", "call", 1, "Call", state, False, True, window, "acme", "i1", None, "ana", None, "", (), (), ()
    )  # fmt: skip


def whens(*opening: str, at: datetime = NOON, zone: ZoneInfo = NEW_YORK) -> list[str | None]:
    actions = [action("upcoming", utc(text)) for text in opening]
    known = agenda(actions, at, zone)
    return [known.when(each) for each in actions]


@pytest.mark.parametrize("state", ["overdue", "open"])
def test_what_is_open_is_for_now_and_what_has_no_window_for_any_time(state: str) -> None:
    known = agenda((), NOON, NEW_YORK)
    assert known.when(action(state, NOON)) == "now"
    assert known.when(action(state)) == "any_time"


@pytest.mark.parametrize("state", ["snoozed", "done", "skipped", "lapsed"])
def test_what_is_put_aside_done_or_past_is_for_no_time(state: str) -> None:
    assert agenda((), NOON, NEW_YORK).when(action(state, NOON)) is None


def test_next_is_the_whole_local_day_of_the_first_however_far_ahead() -> None:
    midnight_before, midnight = "2026-03-04 05:00", "2026-03-05 05:00"
    assert whens(midnight_before, "2026-03-05 04:59", midnight) == ["next", "next", "within_a_week"]
    assert whens("2026-06-01 13:00", "2026-06-01 20:00", "2026-06-02 13:00") == ["next", "next", "later"]


def test_a_week_is_seven_local_days_also_where_the_clocks_change() -> None:
    """The seventh day ends at four in UTC, an hour earlier than the first one began: New York has sprung forward."""
    assert whens("2026-03-03 18:00", "2026-03-10 03:59", "2026-03-10 04:00") == ["next", "within_a_week", "later"]


def test_the_days_are_those_of_the_zone() -> None:
    evening = "2026-03-04 04:00"
    assert whens("2026-03-03 18:00", evening) == ["next", "next"]
    assert whens("2026-03-03 18:00", evening, zone=ZoneInfo("Europe/Berlin")) == ["next", "within_a_week"]


def test_the_first_of_all_decides_in_whatever_order_they_stand() -> None:
    assert whens("2026-03-06 14:00", "2026-03-05 14:00") == ["within_a_week", "next"]


@given(st.lists(st.tuples(st.sampled_from(STATES), st.none() | st.integers(0, 90 * 24)), max_size=8))
def test_every_action_that_waits_has_a_place_and_the_first_to_come_is_next(found: list[tuple[str, int | None]]) -> None:
    at = utc("2026-03-01 00:00")
    actions = [action(state, None if ahead is None else at + timedelta(hours=ahead)) for state, ahead in found]
    known = agenda(actions, at, NEW_YORK)
    told = [known.when(each) for each in actions]
    assert set(told) <= {*WHENS, None}
    to_come = [
        (each.window.opens_at, when)
        for each, when in zip(actions, told, strict=True)
        if each.window and each.state == "upcoming"
    ]
    assert not to_come or min(to_come)[1] == "next"
