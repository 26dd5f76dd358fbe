"""Which events an endpoint wants."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol


class Filter(Protocol):
    """What an endpoint asks for; None asks for everything."""

    @property
    def event_types(self) -> Collection[str] | None: ...
    @property
    def opportunity_ids(self) -> Collection[str] | None: ...
    @property
    def action_states(self) -> Collection[str] | None: ...


class Told(Protocol):
    """An event, by what filters look at."""

    @property
    def event_type(self) -> str: ...
    @property
    def opportunity_id(self) -> str | None: ...
    @property
    def payload(self) -> object: ...


def wants(wanted: Filter, event: Told) -> bool:
    """Whether an event passes every filter. One on the states of actions lets pass what tells of no action."""
    return (
        _passes(wanted.event_types, event.event_type)
        and _passes(wanted.opportunity_ids, event.opportunity_id)
        and (wanted.action_states is None or _state_of_action(event.payload) in {None, *wanted.action_states})
    )


def _state_of_action(payload: object) -> str | None:
    """None where there is no action, or none that can be read: one bad row must not hold up the others."""
    found = payload
    for key in ("data", "action", "state"):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else None


def _passes(wanted: Collection[str] | None, value: str | None) -> bool:
    return wanted is None or value in wanted
