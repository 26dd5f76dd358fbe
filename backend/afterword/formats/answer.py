"""A timeline as the data that every program is given: `/timelines`, `/next-actions`, `afterword plan`, webhooks.

Two namings of the same answer: `KEYS` for documents that were never stored, `IDS` for what is (there the keys of the
facts are the ids of the rows).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from afterword.formats.instants import written
from afterword.policy.agenda import WHENS, agenda
from afterword.policy.facts import Facts, Opportunity, Person
from afterword.policy.timeline import Action, Channel, Citation, Hold, Silence, Timeline, Window


@dataclass(frozen=True, slots=True)
class Naming:
    """What the fields are called in which an answer names its subjects."""

    opportunity: str
    interview: str
    person: str


KEYS = Naming(opportunity="opportunity", interview="interview", person="key")
IDS = Naming(opportunity="opportunity_id", interview="interview_id", person="contact_id")


def answer(
    timeline: Timeline, actions: Iterable[Action], facts: Facts, naming: Naming, explain: bool = False
) -> dict[str, Any]:
    """The whole answer with the given ones of its actions."""
    subjects = Subjects(facts, naming)
    listed = list(actions)
    times = agenda(timeline.actions, timeline.as_of, facts.calendar.zone)
    whens = [times.when(each) for each in listed]
    told: dict[str, Any] = {
        "as_of": written(timeline.as_of),
        "next_change_at": _written(timeline.next_change_at),
        "playbook": timeline.playbook,
        "actions": [action_item(action, subjects) for action in listed],
        "agenda": {when: [place for place, one in enumerate(whens) if one == when] for when in WHENS},
        "holds": [hold_item(hold, subjects) for hold in timeline.holds],
    }
    if explain:
        told["not_fired"] = [_silence_item(silence, subjects) for silence in timeline.silences]
    return told


class Subjects:
    """Who and what an answer is about, found by key, and written in one naming."""

    def __init__(self, facts: Facts, naming: Naming) -> None:
        self.naming = naming
        self._opportunities = {each.key: each for each in facts.opportunities}
        self._people = {(each.key, person.key): person for each in facts.opportunities for person in each.people}

    def opportunity(self, key: str | None) -> Opportunity | None:
        """The opportunity of a key, if the facts have it."""
        return None if key is None else self._opportunities.get(key)

    def person(self, opportunity: str | None, key: str | None) -> dict[str, Any] | None:
        """Somebody in an opportunity, in the naming."""
        if key is None:
            return None
        known = self._people.get((opportunity or "", key))
        return {self.naming.person: key, "name": known.name if known else key, "role": _role(known)}


def action_id(action: Action) -> str:
    """The same for the same obligation, whichever playbook speaks of it."""
    return f"act_{_fingerprint(action.obligation)}"


def hold_id(hold: Hold) -> str:
    """The same for the same thing to leave alone."""
    return f"hold_{_fingerprint(hold.obligation)}"


def action_item(action: Action, subjects: Subjects) -> dict[str, Any]:
    """One action, as listed and as sent."""
    opportunity = subjects.opportunity(action.opportunity)
    return {
        "id": action_id(action),
        "rule": action.rule,
        "kind": action.kind,
        "attempt": action.attempt,
        "title": action.title,
        "state": action.state,
        "optional": action.optional,
        "window": _window(action.window),
        "person": subjects.person(action.opportunity, action.person),
        subjects.naming.opportunity: action.opportunity,
        subjects.naming.interview: action.interview,
        "company": opportunity.company if opportunity else None,
        "role": opportunity.role if opportunity else None,
        "channel": _channel(action.channel),
        "why": action.why,
        "checklist": list(action.checklist),
        "sources": [_citation(each) for each in action.sources],
        "dissent": [_citation(each) for each in action.dissent],
    }


def hold_item(hold: Hold, subjects: Subjects) -> dict[str, Any]:
    """One hold, as listed and as sent."""
    return {
        "id": hold_id(hold),
        "kind": hold.kind,
        "forbids": list(hold.forbids),
        "channel": hold.channel,
        "person": subjects.person(hold.opportunity, hold.person),
        subjects.naming.opportunity: hold.opportunity,
        "until": _written(hold.until),
        "why": hold.why,
        "sources": [_citation(each) for each in hold.sources],
        "spares": [subjects.person(hold.opportunity, key) for key in hold.spares],
    }


def _silence_item(silence: Silence, subjects: Subjects) -> dict[str, Any]:
    return {
        "rule": silence.rule,
        "kind": silence.kind,
        subjects.naming.opportunity: silence.opportunity,
        subjects.naming.interview: silence.interview,
        "person": subjects.person(silence.opportunity, silence.person),
        "because": silence.because,
        "condition": silence.condition,
    }


def window_item(window: Window) -> dict[str, Any]:
    """When to act; `literal` only where the working calendar moved something."""
    literal = window.literal
    return {
        "opens_at": written(window.opens_at),
        "best_at": _written(window.best_at),
        "due_at": _written(window.due_at),
        "expires_at": _written(window.expires_at),
        "literal": literal and {"opens_at": written(literal.opens_at), "due_at": _written(literal.due_at)},
    }


def _window(window: Window | None) -> dict[str, Any] | None:
    return None if window is None else window_item(window)


def _channel(channel: Channel | None) -> dict[str, Any] | None:
    if channel is None:
        return None
    return {"recommended": channel.recommended, "allowed": list(channel.allowed), "avoid": list(channel.avoid)}


def _citation(citation: Citation) -> Mapping[str, Any]:
    return {
        "source": citation.source,
        "title": citation.title,
        "locator": citation.locator,
        "says": citation.says,
        "inferred": citation.inferred,
    }


def _role(person: Person | None) -> str | None:
    return person.roles[0] if person and person.roles else None


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else written(moment)


def _fingerprint(obligation: Iterable[str | int | None]) -> str:
    joined = "\n".join("" if part is None else str(part) for part in obligation)
    return base64.b32encode(hashlib.sha256(joined.encode()).digest()).decode().lower()[:26]
