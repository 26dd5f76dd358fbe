"""What would change for open opportunities if they went by another playbook. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from afterword.formats.answer import IDS, Subjects, action_item, hold_item
from afterword.formats.instants import written
from afterword.policy.engine import evaluate
from afterword.policy.playbook import Playbook
from afterword.policy.timeline import Timeline
from afterword.services.advice import Advice, advice, refuse_too_much
from afterword.services.announcements import PENDING
from afterword.services.switches import require_known
from afterword.storage import planned, playbook_uses
from afterword.storage.database import Session
from afterword.storage.facts import Scope, StoredFacts, read_facts

#: Of each kind of change so many are told for one opportunity; the totals count all.
MOST_LISTED = 100
COMPARED = {
    "actions": ("state", "optional", "window", "channel", "title", "why", "checklist"),
    "holds": ("forbids", "channel", "until", "why", "spares"),
}
MATTERS = PENDING | {"upcoming"}

Items = Mapping[str, Mapping[str, Any]]


def asked(
    session: Session, account_id: str, opportunity_ids: Collection[str] | None, after: str | None, limit: int
) -> list[str]:
    """A page of the opportunities that are asked about: the given ones, or with None all that are open."""
    if opportunity_ids is None:
        return playbook_uses.open_ids(session, account_id, after, limit)
    require_known(session, account_id, opportunity_ids)
    return [each for each in sorted(set(opportunity_ids)) if each > (after or "")][:limit]


def dry_run(session: Session, account_id: str, playbook: Playbook, ids: Sequence[str], at: datetime) -> dict[str, Any]:
    """What each opportunity goes by, and what a playbook would add, remove and change."""
    stored = read_facts(session, Scope(account_id, planned.bearing_on(session, account_id, ids)), at)
    refuse_too_much(playbook, stored.facts)
    before = advice(session, account_id, stored, at)
    after = evaluate(playbook, stored.facts, at)
    told = _compared(ids, before, after, stored)
    return {
        "playbook": playbook.id,
        "version": playbook.version,
        "as_of": written(at),
        "opportunities": [_bounded(each) for each in told],
        "totals": _totals(told),
    }


def _compared(ids: Sequence[str], before: Advice, after: Timeline, stored: StoredFacts) -> list[dict[str, Any]]:
    subjects = Subjects(stored.facts, IDS)
    was, will_be = _by_opportunity(before.timeline, subjects), _by_opportunity(after, subjects)
    unread = {each.opportunity: each.why for each in before.unread}
    return [
        {
            "opportunity_id": key,
            **_names(subjects, key),
            "in_force": _in_force(before, stored, key),
            "not_advised": unread.get(key),
            **_differences("actions", was.get((key, "actions"), {}), will_be.get((key, "actions"), {})),
            "holds": _differences("holds", was.get((key, "holds"), {}), will_be.get((key, "holds"), {})),
        }
        for key in ids
    ]


def _names(subjects: Subjects, key: str) -> dict[str, Any]:
    opportunity = subjects.opportunity(key)
    return {"company": opportunity and opportunity.company, "role": opportunity and opportunity.role}


def _in_force(before: Advice, stored: StoredFacts, key: str) -> dict[str, str | None]:
    judge = before.playbooks.get(key)
    own, version = stored.choices[key]
    if judge is None:
        return {"playbook": own or stored.default_playbook, "version": version}
    return {"playbook": judge.id, "version": judge.version}


def _by_opportunity(timeline: Timeline, subjects: Subjects) -> dict[tuple[str | None, str], dict[str, dict[str, Any]]]:
    found: dict[tuple[str | None, str], dict[str, dict[str, Any]]] = {}
    for action in timeline.actions:
        item = action_item(action, subjects)
        found.setdefault((action.opportunity, "actions"), {})[item["id"]] = item
    for hold in timeline.holds:
        item = hold_item(hold, subjects)
        found.setdefault((hold.opportunity, "holds"), {})[item["id"]] = item
    return found


def _differences(noun: str, before: Items, after: Items) -> dict[str, list[Any]]:
    changed = [_change(noun, before[key], after[key]) for key in after if key in before]
    return {
        "added": [item for key, item in after.items() if key not in before and _matters(item)],
        "removed": [item for key, item in before.items() if key not in after and _matters(item)],
        "changed": [each for each in changed if each is not None],
    }


def _change(noun: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any] | None:
    differs = [name for name in COMPARED[noun] if before[name] != after[name]]
    if not differs or not (_matters(before) or _matters(after)):
        return None
    return {
        "id": after["id"],
        "kind": after["kind"],
        "person": after["person"],
        "differs": differs,
        "before": {name: before[name] for name in COMPARED[noun]},
        "after": {name: after[name] for name in COMPARED[noun]},
    }


def _matters(item: Mapping[str, Any]) -> bool:
    """Whether somebody has, or will have, something to do with it: what is done or lapsed has no more to tell."""
    return item.get("state", "upcoming") in MATTERS


def _bounded(told: Mapping[str, Any]) -> dict[str, Any]:
    cut = {kind: told[kind][:MOST_LISTED] for kind in ("added", "removed", "changed")}
    holds = {kind: each[:MOST_LISTED] for kind, each in told["holds"].items()}
    return {**told, **cut, "holds": holds}


def _totals(told: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for each in told:
        changes = {kind: len(each[kind]) + len(each["holds"][kind]) for kind in ("added", "removed", "changed")}
        counts.update(changes)
        counts["opportunities"] += 1
        counts["affected"] += any(changes.values())
    return {kind: counts[kind] for kind in ("opportunities", "affected", "added", "removed", "changed")}
