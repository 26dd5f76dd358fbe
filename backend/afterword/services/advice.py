"""The policy asked about stored facts, each opportunity by its own playbook at the version it is kept at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from afterword.errors import InvalidPlaybook
from afterword.playbooks import shelf
from afterword.policy.engine import evaluate
from afterword.policy.facts import Facts, Opportunity
from afterword.policy.playbook import Playbook
from afterword.policy.timeline import STATES, Action, Timeline
from afterword.services.circles import bearing_on
from afterword.services.playbooks import at_version, available, in_force
from afterword.services.timelines import LARGEST_NUMBER_OF_PAIRS, pairs
from afterword.storage.database import Session
from afterword.storage.facts import StoredFacts

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Unread:
    """A playbook that cannot be read, or asks too much, so that nothing is said of the opportunity; None stands for the
    account."""

    opportunity: str | None
    playbook: str
    version: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Advice:
    """One timeline over all the facts, the playbook that judged each opportunity, and what could not be judged."""

    timeline: Timeline
    playbooks: Mapping[str, Playbook]
    unread: Sequence[Unread] = ()


def advice(
    session: Session,
    account_id: str,
    stored: StoredFacts,
    at: datetime,
    playbook: str | None = None,
    explain: bool = False,
    past: bool = True,
) -> Advice:
    """What is to be done as of `at`; with a `playbook` named, what that one would say of everything."""
    if playbook is not None:
        other = available(session, account_id, playbook)
        refuse_too_much(other, stored.facts)
        return Advice(evaluate(other, stored.facts, at, explain, past), dict.fromkeys(stored.choices, other))
    default, judging, unread = _judging(session, account_id, stored)
    everything = ([default] if default else []) + list(judging.values())
    parts = [
        _own_part(
            evaluate(each, _known_to(each, stored.facts, judging, default), at, explain, past), judging, each, default
        )
        for each in _distinct(everything)
    ]
    return Advice(_together(parts or [_nothing(stored, at)], stored.default_playbook), judging, unread)


def refuse_too_much(playbook: Playbook, facts: Facts) -> None:
    """Refuse a playbook that would cost more for some opportunity than one answer may."""
    for opportunity in facts.opportunities:
        excess = _excess(playbook, opportunity)
        if excess:
            raise InvalidPlaybook(excess)


def _excess(playbook: Playbook, opportunity: Opportunity) -> str | None:
    """Why a playbook costs too much for an opportunity, if it does. Those that all may use are short enough."""
    if playbook is shelf.known().get(playbook.id) or pairs(playbook, opportunity) <= LARGEST_NUMBER_OF_PAIRS:
        return None
    return (
        f"The rules of {playbook.id} would be tried on more than {LARGEST_NUMBER_OF_PAIRS} people and rounds of "
        f"opportunity {opportunity.key}; choose one with fewer rules."
    )


def _known_to(playbook: Playbook, facts: Facts, judging: Mapping[str, Playbook], default: Playbook | None) -> Facts:
    """What a playbook must know. The account's own is asked about everything, as it speaks for all of it; each of many
    others only about what bears on the opportunities that it judges."""
    name = _named(playbook)
    if name == _named(default):
        return facts
    return bearing_on(facts, {key for key, each in judging.items() if _named(each) == name})


def _judging(
    session: Session, account_id: str, stored: StoredFacts
) -> tuple[Playbook | None, dict[str, Playbook], list[Unread]]:
    """The account's playbook, that of each opportunity, and what cannot be read."""
    read: dict[tuple[str | None, str | None], Playbook | InvalidPlaybook] = {}
    follows = (None, None)
    for choice in (follows, *stored.choices.values()):
        if choice not in read:
            read[choice] = _read(session, account_id, stored, choice)
    unread = [
        Unread(key, choice[0] or stored.default_playbook, choice[1], found.detail)
        for key, choice in ((None, follows), *stored.choices.items())
        if isinstance(found := read[choice], InvalidPlaybook)
    ]
    judging = {
        key: found for key, choice in stored.choices.items() if not isinstance(found := read[choice], InvalidPlaybook)
    }
    unread += _too_much(stored.facts, judging)
    for each in unread:
        judging.pop(each.opportunity or "", None)
    default = read[follows]
    return None if isinstance(default, InvalidPlaybook) else default, judging, unread


def _too_much(facts: Facts, judging: Mapping[str, Playbook]) -> list[Unread]:
    found = []
    for opportunity in facts.opportunities:
        judge = judging.get(opportunity.key)
        excess = _excess(judge, opportunity) if judge else None
        if judge and excess:
            found.append(Unread(opportunity.key, judge.id, judge.version, excess))
    return found


def _read(
    session: Session, account_id: str, stored: StoredFacts, choice: tuple[str | None, str | None]
) -> Playbook | InvalidPlaybook:
    identifier, version = choice
    try:
        if identifier is not None:
            return in_force(session, account_id, identifier, version)
        # What followed another playbook before, and was not planned since, goes by the one that the account is at.
        kept = at_version(session, account_id, stored.default_playbook, version) if version else None
        return kept or in_force(session, account_id, stored.default_playbook, stored.default_version)
    except InvalidPlaybook as refused:
        return refused


def _distinct(playbooks: Iterable[Playbook]) -> Sequence[Playbook]:
    return list({_named(each): each for each in playbooks}.values())


def _named(playbook: Playbook | None) -> tuple[str, str] | None:
    return None if playbook is None else (playbook.id, playbook.version)


def _own_part(
    timeline: Timeline, judging: Mapping[str, Playbook], playbook: Playbook, default: Playbook | None
) -> Timeline:
    """What a playbook says of the opportunities that it judges; the default one speaks for the account itself."""
    owners: dict[str | None, tuple[str, str] | None] = {key: _named(each) for key, each in judging.items()}
    owners[None] = _named(default)
    name = _named(playbook)

    def is_own(opportunity: str | None) -> bool:
        return owners.get(opportunity) == name

    return replace(
        timeline,
        actions=tuple(each for each in timeline.actions if is_own(each.opportunity)),
        holds=tuple(each for each in timeline.holds if is_own(each.opportunity)),
        silences=tuple(each for each in timeline.silences if is_own(each.opportunity)),
    )


def _nothing(stored: StoredFacts, at: datetime) -> Timeline:
    return Timeline(as_of=at, next_change_at=None, playbook=stored.default_playbook, actions=(), holds=())


def _together(parts: Sequence[Timeline], default: str) -> Timeline:
    if len(parts) == 1:
        return parts[0] if parts[0].playbook == default else replace(parts[0], playbook=default)
    changes = [each.next_change_at for each in parts if each.next_change_at is not None]
    ahead = [each.next_fact_at for each in parts if each.next_fact_at is not None]
    return replace(
        parts[0],
        playbook=default,
        next_change_at=min(changes, default=None),
        next_fact_at=min(ahead, default=None),
        actions=tuple(sorted((action for each in parts for action in each.actions), key=_place)),
        holds=tuple(hold for each in parts for hold in each.holds),
        silences=tuple(silence for each in parts for silence in each.silences),
    )


def _place(action: Action) -> tuple[int, datetime]:
    due = action.window.due_at if action.window else None
    return (STATES.index(action.state), due or _NEVER)
