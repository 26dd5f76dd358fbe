"""Which events an endpoint wants."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol


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
    def payload(self) -> Mapping[str, Any]: ...


def wants(wanted: Filter, event: Told) -> bool:
    """Whether an event passes every filter. One on the states of actions lets pass what tells of no action."""
    action = event.payload["data"]["action"]
    return (
        _passes(wanted.event_types, event.event_type)
        and _passes(wanted.opportunity_ids, event.opportunity_id)
        and (action is None or _passes(wanted.action_states, action["state"]))
    )


def _passes(wanted: Collection[str] | None, value: str | None) -> bool:
    return wanted is None or value in wanted
