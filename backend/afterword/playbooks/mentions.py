"""What a rule mentions, and where in it: its conditions, its moments, and the other rules it depends on."""

from __future__ import annotations

from collections.abc import Iterator

from afterword.policy.conditions import CONDITIONS
from afterword.policy.playbook import Condition, HoldRule, Moment, Rule

Entry = Rule | HoldRule


def conditions(entry: Entry) -> Iterator[tuple[str, Condition]]:
    """Every condition of an entry, wherever it stands."""
    yield from _numbered("when", entry.when)
    if isinstance(entry, HoldRule):
        yield from _numbered("spares", entry.spares)
        return
    for number, advice in enumerate(entry.channel):
        yield from _numbered(f"channel.{number}.when", advice.when)
    for path, moment in moments(entry):
        for number, point in enumerate(moment.points):
            yield from _numbered(f"{path}.points.{number}.when", point.when)


def _numbered(path: str, found: tuple[Condition, ...]) -> Iterator[tuple[str, Condition]]:
    return ((f"{path}.{number}", condition) for number, condition in enumerate(found))


def moments(rule: Rule) -> Iterator[tuple[str, Moment]]:
    """Every moment of a rule's window."""
    found = (("opens", rule.opens), ("best", rule.best), ("due", rule.due), ("expires", rule.expires))
    yield from ((path, moment) for path, moment in found if moment)
    for moment in (rule.repeat.due, rule.repeat.optional_due) if rule.repeat else ():
        if moment:
            yield "repeat.due", moment


def references(entry: Entry) -> Iterator[tuple[str, str]]:
    """The ids of the rules that an entry depends on, each where it is named."""
    for path, condition in conditions(entry):
        known = CONDITIONS.get(condition.name)
        if known and known.names_rules:
            yield from ((f"{path}.arguments.{number}", name) for number, name in enumerate(condition.arguments))
    if isinstance(entry, HoldRule):
        if entry.until_opening_of:
            yield "until", entry.until_opening_of
        return
    if entry.after:
        yield "after", entry.after
    for path, moment in moments(entry):
        named = ((number, point.rule) for number, point in enumerate(moment.points))
        yield from ((f"{path}.points.{number}.anchor", rule) for number, rule in named if rule)
