"""The same facts otherwise: as known at an instant, weeks later, in another order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from afterword.policy.facts import Facts, Opportunity, Person

Part = TypeVar("Part")
Shuffle = Callable[[Sequence[Any]], Sequence[Any]]
CLAIMS = frozenset({"recruiter", "hiring_manager"})


def each_opportunity(told: Facts, change: Callable[[Opportunity], Opportunity]) -> Facts:
    return replace(told, opportunities=tuple(change(one) for one in told.opportunities))


def known_at(told: Facts, at: datetime) -> Facts:
    """The facts without those that are dated after an instant."""

    def known(one: Opportunity) -> Opportunity:
        return replace(
            one,
            interviews=tuple(
                replace(each, status_at=None, status="scheduled") if each.status_at and each.status_at > at else each
                for each in one.interviews
                if each.scheduled_at is None or each.scheduled_at <= at
            ),
            touches=tuple(touch for touch in one.touches if touch.at <= at),
            marks=tuple(mark for mark in one.marks if mark.at <= at),
            outcome=one.outcome if one.outcome and one.outcome.at <= at else None,
        )

    return each_opportunity(told, known)


def later(part: Any, by: timedelta) -> Any:
    """The same with every day and instant in it moved."""
    if isinstance(part, datetime):
        return part + by
    if isinstance(part, date):
        return part + by
    if isinstance(part, tuple):
        return tuple(later(each, by) for each in part)
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{field.name: later(getattr(part, field.name), by) for field in fields(part)})
    return part


def in_another_order(told: Facts, shuffle: Shuffle) -> Facts:
    """The same facts, where the text gives no order: what is dated by date, and people who make no equal claims."""

    def reordered(one: Opportunity) -> Opportunity:
        return replace(
            one,
            people=of_no_equal_claim(one.people, shuffle),
            interviews=reordered_apart(one.interviews, [each.starts_at for each in one.interviews], shuffle),
            touches=reordered_apart(one.touches, [each.at for each in one.touches], shuffle),
            marks=reordered_apart(one.marks, [each.at for each in one.marks], shuffle),
        )

    return each_opportunity(told, reordered)


def reordered_apart(parts: tuple[Part, ...], dates: Iterable[datetime], shuffle: Shuffle) -> tuple[Part, ...]:
    """The parts in another order, unless two of them are of one moment."""
    return tuple(shuffle(parts)) if len(set(dates)) == len(parts) else parts


def of_no_equal_claim(people: tuple[Person, ...], shuffle: Shuffle) -> tuple[Person, ...]:
    """The people in another order, in which those who may be the point of contact keep theirs."""
    claimants = iter([person for person in people if claims(person)])
    return tuple(next(claimants) if claims(person) else person for person in shuffle(people))


def claims(person: Person) -> bool:
    return person.point_of_contact or not CLAIMS.isdisjoint(person.roles)


def strangers(told: Facts) -> Facts:
    """The same facts, but nobody is in two opportunities."""
    return each_opportunity(told, lambda one: _renamed(one, f"{one.key}-"))


def _renamed(one: Opportunity, prefix: str) -> Opportunity:
    return replace(
        one,
        people=tuple(replace(each, key=prefix + each.key) for each in one.people),
        interviews=tuple(
            replace(
                each,
                people=tuple(prefix + key for key in each.people),
                decision_said_by=each.decision_said_by and prefix + each.decision_said_by,
            )
            for each in one.interviews
        ),
        touches=tuple(replace(each, person=each.person and prefix + each.person) for each in one.touches),
        marks=tuple(replace(each, person=each.person and prefix + each.person) for each in one.marks),
    )
