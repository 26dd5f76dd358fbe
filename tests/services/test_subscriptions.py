"""Filters: that they let pass what they say, and can be asked about anything that is stored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pytest

from afterword.services import subscriptions


@dataclass(frozen=True)
class Wanted:
    event_types: Collection[str] | None = None
    opportunity_ids: Collection[str] | None = None
    action_states: Collection[str] | None = ("open",)


@dataclass(frozen=True)
class Told:
    payload: Any
    event_type: str = "action.opened"
    opportunity_id: str | None = None


@pytest.mark.parametrize(("state", "passes"), [("open", True), ("done", False)])
def test_a_filter_on_states_looks_at_the_action(state: str, passes: bool) -> None:
    assert subscriptions.wants(Wanted(), Told({"data": {"action": {"state": state}}})) is passes


@pytest.mark.parametrize(
    "payload",
    [
        {"data": {"action": None}},
        {"data": {"action": {}}},
        {"data": {"action": {"state": None}}},
        {"data": {"action": {"state": ["open"]}}},
        {"data": {"action": "open"}},
        {"data": {}},
        {"data": None},
        {},
        [],
        None,
        7,
    ],
    ids=str,
)
def test_what_has_no_action_that_can_be_read_passes_it(payload: object) -> None:
    assert subscriptions.wants(Wanted(), Told(payload))
    assert not subscriptions.wants(Wanted(event_types=["touch.recorded"]), Told(payload))
