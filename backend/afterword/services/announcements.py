"""Which change of an action or hold is worth telling: the difference between what was announced and what is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from afterword.storage.planned import Plan

#: What is announced when an action comes into a state (outer), by the state it was last announced in (inner; None when
#: it was not planned). Nothing is said of what nobody was told of, and nothing of the past: only what is so now.
ANNOUNCED: Mapping[str, Mapping[str | None, str]] = {
    "open": {
        None: "action.opened",
        "upcoming": "action.opened",
        "snoozed": "action.opened",
        "lapsed": "action.opened",
        "overdue": "action.moved",
        "done": "action.reopened",
        "skipped": "action.reopened",
    },
    "overdue": {
        None: "action.overdue",
        "upcoming": "action.overdue",
        "open": "action.overdue",
        "snoozed": "action.overdue",
        "lapsed": "action.overdue",
        "done": "action.reopened",
        "skipped": "action.reopened",
    },
    "upcoming": {
        "open": "action.moved",
        "overdue": "action.moved",
        "done": "action.reopened",
        "skipped": "action.reopened",
    },
    "snoozed": dict.fromkeys(("upcoming", "open", "overdue", "lapsed", "done", "skipped"), "action.snoozed"),
    "done": dict.fromkeys(("upcoming", "open", "overdue", "snoozed", "lapsed", "skipped"), "action.done"),
    "skipped": dict.fromkeys(("upcoming", "open", "overdue", "snoozed", "lapsed", "done"), "action.skipped"),
    "lapsed": dict.fromkeys(("open", "overdue", "snoozed"), "action.lapsed"),
}
#: States in which an action that vanishes leaves somebody with a task that is none any more.
PENDING = frozenset({"open", "overdue", "snoozed"})
#: Events that ask for something and are worth nothing after the action's own expiry.
ASKING = frozenset({"action.opened", "action.moved", "action.overdue", "action.reopened"})


@dataclass(frozen=True, slots=True)
class Announcement:
    """One event to be, and the plan it speaks of."""

    type: str
    plan: Plan


def announcements(before: Mapping[Any, Plan], after: Mapping[Any, Plan]) -> Iterator[Announcement]:
    """What ended first, then what is so now, each in the order it was planned in."""
    for place, was in before.items():
        ended = _ended(was) if place not in after else None
        if ended:
            yield Announcement(ended, was)
    for place, plan in after.items():
        told = _told(before.get(place), plan)
        if told:
            yield Announcement(told, plan)


def _ended(was: Plan) -> str | None:
    if was.type == "hold":
        return "hold.lifted"
    return "action.withdrawn" if was.state in PENDING else None


def _told(was: Plan | None, plan: Plan) -> str | None:
    if plan.type == "hold":
        return None if was else "hold.started"
    if was and was.state == plan.state:
        return "action.moved" if plan.state in ("open", "overdue") and _moved(was, plan) else None
    return ANNOUNCED[plan.state].get(was.state if was else None)


def _moved(was: Plan, plan: Plan) -> bool:
    before, after = was.window or {}, plan.window or {}
    return any(before.get(edge) != after.get(edge) for edge in ("opens_at", "due_at", "expires_at"))
