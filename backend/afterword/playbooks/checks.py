"""What a playbook must not contradict: references that exist, no circle among them, windows the right way round."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from afterword.errors import FieldProblem
from afterword.policy.conditions import CONDITIONS
from afterword.policy.playbook import Condition, HoldRule, Moment, Rule

#: What may be asked of the account as a whole, where there is no opportunity to ask it of.
OF_THE_ACCOUNT = frozenset({"no_opportunity_has", "no_start_is_settled"})

Entry = tuple[str, Rule | HoldRule]


def problems(entries: list[Entry], unread: Collection[str] = ()) -> Iterator[FieldProblem]:
    """Every contradiction, each at the path of the rule it is in. `unread` are ids of rules refused before."""
    rules = {rule.id for _, rule in entries if isinstance(rule, Rule)}.union(unread)
    seen: set[str] = set()
    for path, entry in entries:
        if entry.id in seen:
            yield FieldProblem(f"{path}.id", f"{entry.id} is the id of an earlier rule; give each rule its own")
        seen.add(entry.id)
        yield from condition_problems(path, entry)
        yield from reference_problems(path, entry, rules)
        if isinstance(entry, Rule):
            yield from window_problems(path, entry)
    circle = find_circle(entries)
    if circle:
        path, names = circle
        yield FieldProblem(path, f"waits for itself: {' → '.join(names)}; break the circle")


def all_conditions(entry: Rule | HoldRule) -> Iterator[Condition]:
    """Every condition an entry names, wherever it stands."""
    yield from entry.when
    if isinstance(entry, HoldRule):
        yield from entry.spares
        return
    for advice in entry.channel:
        yield from advice.when
    for moment in moments(entry):
        for point in moment.points:
            yield from point.when


def moments(rule: Rule) -> Iterator[Moment]:
    """Every moment of a rule's window."""
    ends = (rule.repeat.due, rule.repeat.optional_due) if rule.repeat else ()
    yield from (moment for moment in (rule.opens, rule.best, rule.due, rule.expires, *ends) if moment)


def condition_problems(path: str, entry: Rule | HoldRule) -> Iterator[FieldProblem]:
    """Conditions that do not exist or have the wrong number of arguments."""
    for condition in all_conditions(entry):
        known = CONDITIONS.get(condition.name)
        if known is None:
            text = f"{condition.name} is not a condition; there are: {', '.join(sorted(CONDITIONS))}"
            yield FieldProblem(f"{path}.when", text)
        elif not known.fewest <= len(condition.arguments) <= known.most:
            wanted = str(known.fewest) if known.fewest == known.most else f"{known.fewest} to {known.most}"
            text = f"{condition.name} takes {wanted} arguments, not {len(condition.arguments)}"
            yield FieldProblem(f"{path}.when", text)
        elif known.names_rules and on_a_channel(entry, condition):
            text = f"{condition.name} depends on a rule; a hold on a channel, and whom it spares, cannot"
            yield FieldProblem(f"{path}.when", text)
        elif isinstance(entry, Rule) and entry.subject == "account" and condition.name not in OF_THE_ACCOUNT:
            text = f"{condition.name} cannot be asked of the account; only {' and '.join(sorted(OF_THE_ACCOUNT))} can"
            yield FieldProblem(f"{path}.when", text)


def on_a_channel(entry: Rule | HoldRule, condition: Condition) -> bool:
    """Whether a condition decides about a hold that rules ask about while they choose their own channel."""
    return isinstance(entry, HoldRule) and (entry.channel is not None or condition in entry.spares)


def references(entry: Rule | HoldRule) -> Iterator[tuple[str, str]]:
    """The rules an entry names, each with the key that names it."""
    for condition in all_conditions(entry):
        known = CONDITIONS.get(condition.name)
        if known and known.names_rules:
            yield from (("when", argument) for argument in condition.arguments)
    if isinstance(entry, HoldRule):
        if entry.until_opening_of:
            yield "until", entry.until_opening_of
        return
    if entry.after:
        yield "after", entry.after
    for moment in moments(entry):
        yield from (("opens", point.rule) for point in moment.points if point.rule)


def reference_problems(path: str, entry: Rule | HoldRule, rules: Collection[str]) -> Iterator[FieldProblem]:
    """References to rules that are not there."""
    for key, name in references(entry):
        if name not in rules:
            yield FieldProblem(f"{path}.{key}", f"there is no rule {name}; name one of this playbook's rules")


def window_problems(path: str, rule: Rule) -> Iterator[FieldProblem]:
    """Windows that are missing, not wanted, or close before they open."""
    if rule.subject == "account":
        if rule.opens or rule.due or rule.repeat:
            yield FieldProblem(f"{path}.opens", "advice to the account is always open; leave the window out")
        return
    if rule.opens is None:
        text = "is missing; say when the window opens, like {anchor: interview.end, plus: PT1H}"
        yield FieldProblem(f"{path}.opens", text)
        return
    if any(point.anchor in ("opens", "due") for point in rule.opens.points):
        yield FieldProblem(f"{path}.opens", "a window cannot open at its own opening or due; name another anchor")
    for name, moment in (("best", rule.best), ("due", rule.due), ("repeat.due", rule.repeat and rule.repeat.due)):
        if moment and any(point.anchor == "due" for point in moment.points):
            yield FieldProblem(f"{path}.{name}", "cannot be counted from the due; name another anchor, like opens")
    for name, end in (("best", rule.best), ("due", rule.due), ("expires", rule.expires)):
        if end and closes_before(rule.opens, end):
            yield FieldProblem(f"{path}.{name}", "is before the window opens; make it later than opens")
    if rule.one_a_day and not rule.repeat:
        yield FieldProblem(f"{path}.one_a_day", "is for rules that repeat; add repeat or remove it")


def closes_before(opens: Moment, end: Moment) -> bool:
    """Whether an end is certainly before the opening: each a single point from one anchor, in one unit."""
    if len(opens.points) != 1 or len(end.points) != 1:
        return False
    first, last = opens.points[0], end.points[0]
    if last.anchor == "opens":
        return (last.offset.days or 0) < 0 or (last.offset.elapsed is not None and last.offset.elapsed.days < 0)
    if (first.anchor, first.rule) != (last.anchor, last.rule):
        return False
    pairs = ((first.offset.elapsed, last.offset.elapsed), (first.offset.days, last.offset.days))
    return any(a is not None and b is not None and b < a for a, b in pairs)  # type: ignore[operator]


def find_circle(entries: list[Entry]) -> tuple[str, list[str]] | None:
    """The first circle among rules that wait for one another, with the path of the rule it was found from."""
    enders: dict[str, list[str]] = {}
    for _, entry in entries:
        for kind in entry.ends if isinstance(entry, Rule) else ():
            enders.setdefault(kind, []).append(entry.id)
    edges = {
        entry.id: [name for _, name in references(entry)] + enders.get(entry.kind, [])
        for _, entry in entries
        if isinstance(entry, Rule)
    }
    finished: set[str] = set()
    for path, entry in entries:
        found = circle_from(entry.id, edges, [], finished)
        if found:
            return path, found
    return None


def circle_from(name: str, edges: dict[str, list[str]], trail: list[str], finished: set[str]) -> list[str] | None:
    """The circle that is reached from a rule, if any."""
    if name in trail:
        return [*trail[trail.index(name) :], name]
    if name in finished:
        return None
    for following in edges.get(name, ()):
        found = circle_from(following, edges, [*trail, name], finished)
        if found:
            return found
    finished.add(name)
    return None
