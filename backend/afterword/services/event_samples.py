"""What events look like: the account's own newest, and for a type that it has had none of, one made from an example.

The example is lived through with the policy itself, so that a sample has the very shape of what will be delivered; it
is marked as a test.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from afterword.formats.answer import IDS, Subjects, action_item, hold_item
from afterword.formats.instants import written
from afterword.formats.webhook_event import EVENT_TYPES, Event, payload, with_links
from afterword.playbooks.loader import builtin
from afterword.policy.engine import evaluate
from afterword.policy.facts import Calendar, Facts, Interview, Mark, Opportunity, Person
from afterword.policy.playbook import Playbook
from afterword.policy.timeline import Action, Hold
from afterword.services.announcements import ANNOUNCED
from afterword.storage import events as stored
from afterword.storage.database import Session

MOST = 3
STARTS = datetime(2026, 3, 3, 14, tzinfo=UTC)
ENDS = datetime(2026, 3, 3, 15, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")
ANA = Person("con_example", "Ana Ruiz", ("hiring_manager",), email="ana@acme.example")
ROUND = Interview("int_example", STARTS, ENDS, ZONE, people=(ANA.key,))
ACME = Opportunity("opp_example", "Acme", "Data engineer", people=(ANA,), interviews=(ROUND,))
FACTS = Facts(Calendar(ZONE, frozenset(range(5))), (ACME,))
#: More changes than an example of one interview has; a guard against one that never ends.
MOST_STEPS = 200
#: What a person may say of an action, each in a mark of its own.
SAID = ("done", "skipped", "snoozed")
SNOOZED_UNTIL = datetime(2026, 6, 1, 9, tzinfo=UTC)

OPPORTUNITY = {"id": ACME.key, "company": ACME.company, "role": ACME.role}
CONTACT = {"id": ANA.key, "name": ANA.name, "email": ANA.email}
INTERVIEW = {
    "id": ROUND.key, "round": ROUND.round, "format": ROUND.format, "status": ROUND.status,
    "starts_at": written(STARTS), "ends_at": written(ENDS), "time_zone": ZONE.key, "external_id": None,
}  # fmt: skip
TOUCH = {
    "id": "tch_example", "direction": "inbound", "purpose": "reply", "channel": "email",
    "at": written(ENDS), "decision_on": None,
}  # fmt: skip
ENDPOINT = {
    "id": "whe_example", "url": "https://hooks.example.com/afterword", "description": None,
    "reason": "it answered 410 Gone",
}  # fmt: skip


def samples(session: Session, account_id: str, event_type: str | None, public_url: str | None) -> list[dict[str, Any]]:
    """A few events of a type, or of every type, newest first; always at least one of each that is asked for."""
    wanted = EVENT_TYPES if event_type is None else (event_type,)
    found = [each for name in wanted for each in _of_type(session, account_id, name)]
    return [with_links(each, public_url) for each in sorted(found, key=lambda each: each["timestamp"], reverse=True)]


def _of_type(session: Session, account_id: str, event_type: str) -> list[Mapping[str, Any]]:
    own = stored.newest(session, account_id, event_type, MOST)
    return [row.payload for row in own] or [examples()[event_type]]


@lru_cache(maxsize=1)
def examples() -> Mapping[str, Mapping[str, Any]]:
    """One event of every type, as the policy would have it tell of one interview."""
    playbook = next(iter(builtin().values()))
    actions, hold = _lived_through(playbook)
    told = {name: _example(name, sequence) for sequence, name in enumerate(EVENT_TYPES, 1)}
    for name, action in _actions_by_type(actions).items():
        told[name] = _example(name, told[name].sequence, action=action_item(action, Subjects(FACTS, IDS)))
    for name in ("hold.started", "hold.lifted"):
        told[name] = _example(name, told[name].sequence, hold=hold and hold_item(hold, Subjects(FACTS, IDS)))
    return {name: payload(event) for name, event in told.items()}


def _example(event_type: str, sequence: int, **parts: Any) -> Event:
    noun = event_type.partition(".")[0]
    about = noun not in ("endpoint", "webhook")
    return Event(
        id=f"evt_example_{event_type.replace('.', '_')}",
        type=event_type,
        sequence=sequence,
        occurred_at=ENDS,
        opportunity=OPPORTUNITY if about else None,
        interview=INTERVIEW if noun in ("interview", "action", "touch") else None,
        contact=CONTACT if noun in ("action", "touch") else None,
        touch=TOUCH if noun == "touch" else None,
        endpoint=ENDPOINT if noun == "endpoint" else None,
        test=True,
        **parts,
    )


def _actions_by_type(actions: Mapping[str, Action]) -> dict[str, Action]:
    """For each type that tells of an action, one in the first of the states that it is told in."""
    found = {"action.withdrawn": actions["open"]}
    for state, by_before in ANNOUNCED.items():
        for told in by_before.values():
            found.setdefault(told, actions[state])
    return found


def _lived_through(playbook: Playbook) -> tuple[Mapping[str, Action], Hold | None]:
    """An action in every state, and a hold, as they come when nothing is done and when something is said of one."""
    actions: dict[str, Action] = {}
    hold: Hold | None = None
    at: datetime | None = STARTS
    for _ in range(MOST_STEPS):
        if at is None:
            break
        timeline = evaluate(playbook, FACTS, at)
        for action in timeline.actions:
            if action.person and action.window:
                _keep(actions, action)
                for said in _said_of(playbook, action, at) if action.state == "open" else ():
                    _keep(actions, said)
        hold = hold or next(iter(timeline.holds), None)
        at = timeline.next_change_at
    return actions, hold


def _keep(actions: dict[str, Action], action: Action) -> None:
    """The first in its state, unless somebody thinks otherwise of a later one: a sample shows all there can be."""
    known = actions.get(action.state)
    if known is None or (action.dissent and not known.dissent):
        actions[action.state] = action


def _said_of(playbook: Playbook, action: Action, at: datetime) -> Iterator[Action]:
    for state in SAID:
        until = SNOOZED_UNTIL if state == "snoozed" else None
        mark = Mark(action.kind, state, at, action.interview, action.person, action.attempt, until)
        marked = replace(FACTS, opportunities=(replace(ACME, marks=(mark,)),))
        told = evaluate(playbook, marked, at).actions
        yield from (each for each in told if each.obligation == action.obligation and each.state == state)
