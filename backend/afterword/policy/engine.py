"""`evaluate`: the policy's whole face. Total on accepted facts, deterministic, in a stable order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from afterword.policy.case import NOWHERE, Case
from afterword.policy.facts import Facts
from afterword.policy.holds import Holds, standing_holds
from afterword.policy.playbook import Playbook
from afterword.policy.resolution import single
from afterword.policy.silences import silences
from afterword.policy.timeline import STATES, Action, Timeline
from afterword.policy.wording import sentence

RANKS = {state: rank for rank, state in enumerate(STATES)}
OVER = ("done", "skipped", "lapsed")


def evaluate(playbook: Playbook, facts: Facts, at: datetime, explain: bool = False) -> Timeline:
    """What to do and what to leave alone at an instant.

    `facts` are the opportunities that bear on one another; `at` is aware, in UTC. Facts dated after `at` are not known
    yet. With `explain` the answer also carries each rule that did not fire and the one condition that stopped it.
    Never raises on facts that were accepted. The order is state, due, rule, opportunity, person.
    """
    case = Case(playbook, facts, at)
    holds = Holds(standing_holds(case))
    found = dated_actions(case)
    visible = [action for action in found if holds.against(action) is None]
    timeline = Timeline(
        as_of=at,
        next_change_at=next_change(case, visible, found, holds),
        playbook=playbook.id,
        actions=tuple(sorted((*visible, *standing_advice(case)), key=Place(case))),
        holds=holds.all,
        silences=tuple(silences(case, found, holds)) if explain else (),
        next_fact_at=next_fact(facts, at),
    )
    case.forget()
    return timeline


def dated_actions(case: Case) -> list[Action]:
    """Every action of every rule with a window, in whatever state, held back or not."""
    found: list[Action] = []
    for situation in case.situations:
        for rule in case.playbook.dated:
            if rule.follows_outcome and situation.outcome is None:
                continue
            if rule.asks_status and not situation.dropped:
                continue
            for subject in case.subjects(rule, situation):
                if rule.often_asked:
                    found += case.resolve(rule, subject).actions
                    continue
                action = single(case, rule, subject)
                if isinstance(action, Action):
                    found.append(action)
    return found


def standing_advice(case: Case) -> Iterator[Action]:
    """Advice to the account as a whole: always open, no window."""
    subject = case.about(NOWHERE, None, None)
    words = case.words(subject)
    for rule in case.playbook.standing:
        if case.why_silent(rule, subject) is None:
            yield Action(
                rule=rule.id,
                kind=rule.kind,
                attempt=1,
                title=sentence(rule.title, words),
                state="open",
                optional=rule.optional,
                message=rule.message,
                window=None,
                opportunity=None,
                interview=None,
                wait=None,
                person=None,
                channel=None,
                why=sentence(rule.why, words),
                checklist=rule.checklist,
                sources=rule.sources,
                dissent=rule.dissent,
            )


def next_change(case: Case, actions: Iterable[Action], found: Iterable[Action], holds: Holds) -> datetime | None:
    """The earliest instant after `at` at which something changes by itself; `best` is no change."""
    changes = (*window_changes(actions), *settled_changes(found), *round_changes(case), *(h.until for h in holds.all))
    return earliest_after(case.at, changes)


def window_changes(actions: Iterable[Action]) -> Iterator[datetime | None]:
    """When a window that is not over opens, is due or expires."""
    for action in actions:
        if action.window and action.state not in OVER:
            yield action.window.opens_at
            yield action.window.due_at
            yield action.window.expires_at


def settled_changes(found: Iterable[Action]) -> Iterator[datetime | None]:
    """When a snooze ends, and when a window would have opened that another opportunity moved."""
    for action in found:
        yield action.moved_from
        if action.state == "snoozed" and action.settlement:
            yield action.settlement.until


def round_changes(case: Case) -> Iterator[datetime]:
    """When an interview starts or ends."""
    for situation in case.situations:
        for round in situation.live:
            yield round.interview.starts_at
            yield round.interview.ends_at


def next_fact(facts: Facts, at: datetime) -> datetime | None:
    """The earliest instant after `at` at which a fact becomes known."""
    return earliest_after(at, (instant for one in facts.opportunities for instant in one.instants()))


def earliest_after(at: datetime, instants: Iterable[datetime | None]) -> datetime | None:
    """The earliest of some instants that is later than one."""
    return min((instant for instant in instants if instant is not None and instant > at), default=None)


class Place:
    """The sort key of an action: state, due (those without one last), rule, opportunity, person."""

    def __init__(self, case: Case) -> None:
        self.at, self.order = case.at, case.playbook.order
        self.places: dict[str | None, tuple[int, dict[str, int]]] = {None: (len(case.situations), {})}
        for index, situation in enumerate(case.situations):
            self.places[situation.key] = (index, situation.place)

    def __call__(self, action: Action) -> tuple[int, bool, datetime, int, int, int]:
        due = action.window.due_at if action.window else None
        place, people = self.places[action.opportunity]
        person = -1 if action.person is None else people.get(action.person, -1)
        return (RANKS[action.state], due is None, due or self.at, self.order[action.rule], place, person)
