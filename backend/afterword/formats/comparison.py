"""What several playbooks say of one opportunity, as data: each whole, and the same obligations in rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from afterword.errors import InvalidPlaybook
from afterword.formats.answer import IDS, Subjects, action_item, hold_item
from afterword.formats.instants import written
from afterword.policy.facts import Facts
from afterword.policy.playbook import Playbook
from afterword.policy.timeline import Timeline

Item = Mapping[str, Any]


def told(
    at: datetime, opportunity_id: str, compared: Iterable[tuple[Playbook, Timeline]], facts: Facts
) -> dict[str, Any]:
    """The comparison. An obligation has one row, with what each playbook says of it or null."""
    subjects = Subjects(facts, IDS)
    playbooks = [_playbook(playbook, timeline, subjects) for playbook, timeline in compared]
    return {
        "as_of": written(at),
        "opportunity_id": opportunity_id,
        "playbooks": playbooks,
        "rows": rows({each["id"]: each["actions"] for each in playbooks}),
    }


def not_advised(unread: Iterable[tuple[str, InvalidPlaybook]], opportunity_id: str) -> dict[str, Any]:
    """What a comparison says of playbooks that cannot be read; nothing where there are none."""
    told = [
        {"opportunity_id": opportunity_id, "playbook": identifier, "version": None, "why": refused.detail}
        for identifier, refused in unread
    ]
    return {"not_advised": told} if told else {}


def _playbook(playbook: Playbook, timeline: Timeline, subjects: Subjects) -> dict[str, Any]:
    change = timeline.next_change_at
    return {
        "id": playbook.id,
        "version": playbook.version,
        "title": playbook.title,
        "next_change_at": written(change) if change else None,
        "actions": [action_item(action, subjects) for action in timeline.actions],
        "holds": [hold_item(hold, subjects) for hold in timeline.holds],
    }


def rows(actions: Mapping[str, Sequence[Item]]) -> list[dict[str, Any]]:
    """The obligations of all playbooks, in the order in which the first of them would have it done."""
    said: dict[str, dict[str, Item]] = {}
    for playbook, items in actions.items():
        for item in items:
            said.setdefault(item["id"], {}).setdefault(playbook, item)
    return [_row(actions, by_playbook) for by_playbook in sorted(said.values(), key=_first_opening)]


def _first_opening(by_playbook: Mapping[str, Item]) -> datetime:
    return min(datetime.fromisoformat(item["window"]["opens_at"]) for item in by_playbook.values())


def _row(playbooks: Iterable[str], by_playbook: Mapping[str, Item]) -> dict[str, Any]:
    first = next(iter(by_playbook.values()))
    return {
        "kind": first["kind"],
        "person": first["person"],
        "interview_id": first["interview_id"],
        "attempt": first["attempt"],
        "by_playbook": {each: _cell(by_playbook.get(each)) for each in playbooks},
    }


def _cell(item: Item | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return {"action_id": item["id"], **{name: item[name] for name in ("state", "window", "channel")}}
