"""The same facts under several playbooks, side by side. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from afterword.errors import InvalidPlaybook, NotFound
from afterword.formats.comparison import not_advised, told
from afterword.playbooks import shelf
from afterword.playbooks.loader import BUILTIN
from afterword.policy.engine import evaluate
from afterword.policy.facts import Facts
from afterword.policy.playbook import Playbook
from afterword.policy.timeline import Timeline
from afterword.services.advice import refuse_too_much
from afterword.services.circles import bearing_on
from afterword.services.playbooks import available
from afterword.storage import next_actions, planned
from afterword.storage import playbooks as own
from afterword.storage.database import Session
from afterword.storage.facts import Scope, read_facts

MOST_PLAYBOOKS = 20


@dataclass(frozen=True, slots=True)
class Query:
    """What is compared: the playbooks of these ids, without any each one there is; `at` None is the present."""

    opportunity_id: str
    playbooks: tuple[str, ...] = ()
    at: datetime | None = None


def comparison(session: Session, account_id: str, query: Query, now: datetime) -> dict[str, Any]:
    """What each playbook says of one opportunity, and the same obligations in rows."""
    key = query.opportunity_id
    if not next_actions.exists_in(session, account_id, "opportunity", key):
        raise NotFound.of("opportunity", key)
    # A time that is travelled to may have known of offers elsewhere that no longer stand.
    scope = Scope(account_id, None if query.at else planned.bearing_on(session, account_id, (key,)))
    at = query.at or now
    facts = bearing_on(read_facts(session, scope, at).facts, (key,))
    readable, unread = _playbooks(session, account_id, query.playbooks, facts)
    compared = [(each, _about(evaluate(each, facts, at), key)) for each in readable]
    return told(at, key, compared, facts) | not_advised(unread, key)


def _playbooks(
    session: Session, account_id: str, named: Sequence[str], facts: Facts
) -> tuple[Sequence[Playbook], Sequence[tuple[str, InvalidPlaybook]]]:
    """The playbooks of the ids, else each one there is; and those that cannot be asked, with the reason."""
    readable: list[Playbook] = []
    unread: list[tuple[str, InvalidPlaybook]] = []
    for identifier in islice(dict.fromkeys(named or _all(session, account_id)), MOST_PLAYBOOKS):
        try:
            playbook = available(session, account_id, identifier)
            refuse_too_much(playbook, facts)
            readable.append(playbook)
        except InvalidPlaybook as refused:
            unread.append((identifier, refused))
    return readable, unread


def _all(session: Session, account_id: str) -> Sequence[str]:
    """The built-in ones, the account's own, the operator's."""
    mine = [each.id for each in own.listed(session, account_id)]
    return [*BUILTIN, *mine, *shelf.known()]


def _about(timeline: Timeline, opportunity: str) -> Timeline:
    return replace(
        timeline,
        actions=tuple(action for action in timeline.actions if action.opportunity == opportunity),
        holds=tuple(hold for hold in timeline.holds if hold.opportunity == opportunity),
    )
