"""The policy asked about stored facts, each opportunity by its own playbook at the version it is kept at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from afterword.policy.engine import evaluate
from afterword.policy.playbook import Playbook
from afterword.policy.timeline import STATES, Action, Timeline
from afterword.services.playbooks import chosen, in_force
from afterword.storage.database import Session
from afterword.storage.facts import StoredFacts

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Advice:
    """One timeline over all the facts, and the playbook that judged each opportunity."""

    timeline: Timeline
    playbooks: Mapping[str, Playbook]


def advice(
    session: Session,
    account_id: str,
    stored: StoredFacts,
    at: datetime,
    playbook: str | None = None,
    explain: bool = False,
) -> Advice:
    """What is to be done as of `at`; with a `playbook` named, what that one would say of everything."""
    if playbook is not None:
        other = chosen(playbook)
        return Advice(evaluate(other, stored.facts, at, explain=explain), dict.fromkeys(stored.choices, other))
    judging = {
        key: in_force(session, account_id, own or stored.default_playbook, version)
        for key, (own, version) in stored.choices.items()
    }
    default = in_force(session, account_id, stored.default_playbook, None)
    parts = [
        _own_part(evaluate(each, stored.facts, at, explain=explain), judging, each, default)
        for each in _distinct((default, *judging.values()))
    ]
    return Advice(_together(parts, default), judging)


def _distinct(playbooks: Iterable[Playbook]) -> Sequence[Playbook]:
    return list({(each.id, each.version): each for each in playbooks}.values())


def _own_part(timeline: Timeline, judging: Mapping[str, Playbook], playbook: Playbook, default: Playbook) -> Timeline:
    """What a playbook says of the opportunities that it judges; the default one speaks for the account itself."""

    def is_own(opportunity: str | None) -> bool:
        return (default if opportunity is None else judging[opportunity]) is playbook

    return replace(
        timeline,
        actions=tuple(each for each in timeline.actions if is_own(each.opportunity)),
        holds=tuple(each for each in timeline.holds if is_own(each.opportunity)),
        silences=tuple(each for each in timeline.silences if is_own(each.opportunity)),
    )


def _together(parts: Sequence[Timeline], default: Playbook) -> Timeline:
    if len(parts) == 1:
        return parts[0]
    changes = [each.next_change_at for each in parts if each.next_change_at is not None]
    ahead = [each.next_fact_at for each in parts if each.next_fact_at is not None]
    return replace(
        parts[0],
        playbook=default.id,
        next_change_at=min(changes, default=None),
        next_fact_at=min(ahead, default=None),
        actions=tuple(sorted((action for each in parts for action in each.actions), key=_place)),
        holds=tuple(hold for each in parts for hold in each.holds),
        silences=tuple(silence for each in parts for silence in each.silences),
    )


def _place(action: Action) -> tuple[int, datetime]:
    due = action.window.due_at if action.window else None
    return (STATES.index(action.state), due or _NEVER)
