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
from afterword.policy.timeline import PAST, STATES, Action, Timeline
from afterword.policy.wording import sentence

RANKS = {state: rank for rank, state in enumerate(STATES)}


def evaluate(playbook: Playbook, facts: Facts, at: datetime, explain: bool = False, past: bool = True) -> Timeline:
    """What to do and what to leave alone at an instant.

    `facts` are the opportunities that bear on one another; `at` is aware, in UTC. Facts dated after `at` are not known
    yet. With `explain` the answer also carries each rule that did not fire and the one condition that stopped it.
    Without `past` it leaves out what is done, skipped or lapsed, which is most of a long search and seldom asked for.
    Never raises on facts that were accepted. The order is state, due, rule, opportunity, person.
    """
    case = Case(playbook, facts, at, past)
    holds = Holds(standing_holds(case))
    found = dated_actions(case)
    visible = [action for action in found if holds.against(action) is None]
    timeline = Timeline(
        as_of=at,
        next_change_at=next_change(case, visible, found, holds),
        playbook=playbook.id,
        actions=in_order(case, (*visible, *standing_advice(case))),
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
                    found += [each for each in case.resolve(rule, subject).actions if isinstance(each, Action)]
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


def next_change(case: Case, visible: Iterable[Action], found: Iterable[Action], holds: Holds) -> datetime | None:
    """The earliest instant after `at` at which something changes by itself; `best` is no change."""
    changes = [hold.until for hold in holds.all]
    for action in visible:
        if action.window and action.state not in PAST:
            changes += (action.window.opens_at, action.window.due_at, action.window.expires_at)
    for action in found:
        if action.moved_from:
            changes.append(action.moved_from)
        if action.state == "snoozed" and action.settlement:
            changes.append(action.settlement.until)
    for situation in case.situations:
        for round in situation.live:
            changes += (round.interview.starts_at, round.interview.ends_at)
    return earliest_after(case.at, changes)


def next_fact(facts: Facts, at: datetime) -> datetime | None:
    """The earliest instant after `at` at which a fact becomes known."""
    return earliest_after(at, (instant for one in facts.opportunities for instant in one.instants()))


def earliest_after(at: datetime, instants: Iterable[datetime | None]) -> datetime | None:
    """The earliest of some instants that is later than one."""
    return min((instant for instant in instants if instant is not None and instant > at), default=None)


def in_order(case: Case, actions: Iterable[Action]) -> tuple[Action, ...]:
    """The actions by state, due (those without one last), rule, opportunity, person."""
    at, order = case.at, case.playbook.order
    places: dict[str | None, tuple[int, dict[str | None, int]]] = {None: (len(case.situations), {})}
    for index, situation in enumerate(case.situations):
        places[situation.key] = (index, situation.place)

    def place(action: Action) -> tuple[int, bool, datetime, int, int, int]:
        due = action.window.due_at if action.window else None
        opportunity, people = places[action.opportunity]
        return (
            RANKS[action.state],
            due is None,
            due or at,
            order[action.rule],
            opportunity,
            people.get(action.person, -1),
        )

    return tuple(sorted(actions, key=place))
