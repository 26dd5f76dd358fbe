"""What a playbook must not contradict: conditions that exist, references that lead somewhere, and no circle of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from operator import itemgetter
from typing import get_args

from afterword.errors import FieldProblem
from afterword.formats.facts_document import ChannelName, InterviewFormat, OutcomeStatus, Role
from afterword.playbooks.mentions import Entry, conditions, references
from afterword.playbooks.reach import unreachable
from afterword.playbooks.window_order import window_problems
from afterword.policy.conditions import CONDITIONS
from afterword.policy.playbook import Condition, HoldRule, Rule

#: So many rules may ask one another in a row: more is nobody's advice, and would exhaust the stack.
LONGEST_CHAIN = 20
#: What may be asked of the account as a whole, where there is no opportunity to ask it of.
OF_THE_ACCOUNT = frozenset({"no_opportunity_has", "no_start_is_settled"})
#: The words that a condition takes, for those that do not take ids of rules.
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "format": get_args(InterviewFormat),
    "not_format": get_args(InterviewFormat),
    "status": ("cancelled", "missed"),
    "missed_by": ("employer", "me"),
    "outcome": get_args(OutcomeStatus),
    "no_opportunity_has": get_args(OutcomeStatus),
    "knows": ("email", "phone", "linkedin", "postal_address"),
    "prefers": get_args(ChannelName),
    "only_a": get_args(Role),
    "has_role": get_args(Role),
}
#: What a rule must have before a condition can ask about it, and what to write where it has not.
NEEDS_OF_RULE: dict[str, tuple[str, str]] = {
    "used_up": ("allowance", "give it repeat with every and max"),
    "ended": ("allowance", "give it repeat with every and max"),
    "moved_for_another": ("one_a_day", "give it one_a_day: true"),
    "unreachable_for": ("channel", "give it a channel"),
}

Placed = tuple[str, Entry]
Kinds = Callable[[], Collection[str]]


def problems(entries: list[Placed], unread: Collection[str], known_kinds: Kinds) -> Iterator[FieldProblem]:
    """Every contradiction, at its path. `unread` are ids of rules that were refused before; `known_kinds` gives the
    kinds that may be forbidden and ended although no rule here has them, because rules that were dropped had."""
    rules = {entry.id: entry for _, entry in entries if isinstance(entry, Rule)}
    found = list(_contradictions(entries, rules, unread, known_kinds))
    circle = find_circle(entries)
    if circle:
        path, names = circle
        found.append(FieldProblem(path, f"waits for itself: {' → '.join(names)}; break the circle"))
    elif not found and not unread:
        path, length = longest_chain(entries)
        if length > LONGEST_CHAIN:
            text = f"asks rules that ask others, {length} in a row; make it {LONGEST_CHAIN} at most"
            found.append(FieldProblem(path, text))
    yield from found
    # Whether a rule can fire is asked of what can be read at all.
    if not found and not unread:
        for path, entry in entries:
            yield from (_within(path, problem) for problem in unreachable(entry, rules))


def _contradictions(
    entries: list[Placed], rules: Mapping[str, Rule], unread: Collection[str], known_kinds: Kinds
) -> Iterator[FieldProblem]:
    seen: set[str] = set()
    kinds = {entry.kind for _, entry in entries}
    for path, entry in entries:
        if entry.id in seen:
            yield FieldProblem(f"{path}.id", f"{entry.id} is the id of an earlier rule; give each rule its own")
        seen.add(entry.id)
        for part in (condition_problems(entry), reference_problems(entry, rules, unread), window_problems(entry)):
            yield from (_within(path, problem) for problem in part)
        if not unread:
            yield from (_within(path, problem) for problem in kind_problems(entry, kinds, known_kinds))


def _within(path: str, problem: FieldProblem) -> FieldProblem:
    return FieldProblem(f"{path}.{problem.path}" if problem.path else path, problem.message)


def condition_problems(entry: Entry) -> Iterator[FieldProblem]:
    """Conditions that do not exist, cannot be asked here, or have arguments that they do not take."""
    for path, condition in conditions(entry):
        known = CONDITIONS.get(condition.name)
        if known is None:
            text = f"{condition.name} is not a condition; there are: {', '.join(sorted(CONDITIONS))}"
            yield FieldProblem(f"{path}.name", text)
        elif not known.fewest <= len(condition.arguments) <= known.most:
            wanted = str(known.fewest) if known.fewest == known.most else f"{known.fewest} to {known.most}"
            text = f"{condition.name} takes {wanted} arguments, not {len(condition.arguments)}"
            yield FieldProblem(path, text)
        elif known.names_rules and on_a_channel(path, entry):
            text = f"{condition.name} depends on a rule; a hold on a channel, and whom it spares, cannot"
            yield FieldProblem(path, text)
        elif isinstance(entry, Rule) and entry.subject == "account" and condition.name not in OF_THE_ACCOUNT:
            text = f"{condition.name} cannot be asked of the account; only {' and '.join(sorted(OF_THE_ACCOUNT))} can"
            yield FieldProblem(path, text)
        else:
            yield from argument_problems(path, condition)


def argument_problems(path: str, condition: Condition) -> Iterator[FieldProblem]:
    """Words that a condition does not know."""
    words = ARGUMENTS.get(condition.name)
    for number, argument in enumerate(condition.arguments if words else ()):
        if words and argument not in words:
            text = f"{condition.name} does not know {argument}; it knows: {', '.join(words)}"
            yield FieldProblem(f"{path}.arguments.{number}", text)


def on_a_channel(path: str, entry: Entry) -> bool:
    """Whether a condition decides about a hold that rules ask about while they choose their own channel."""
    return isinstance(entry, HoldRule) and (entry.channel is not None or path.startswith("spares"))


def reference_problems(entry: Entry, rules: Mapping[str, Rule], unread: Collection[str]) -> Iterator[FieldProblem]:
    """References to rules that are not there, or that have nothing of what is asked."""
    for path, name in references(entry):
        if name in unread:
            continue
        if name not in rules:
            yield FieldProblem(path, f"there is no rule {name}; name one of this playbook's rules")
        elif rules[name].subject == "account":
            yield FieldProblem(path, f"{name} is advice to the account, which has no window; name another rule")
    for path, condition in conditions(entry):
        needed = None if on_a_channel(path, entry) else NEEDS_OF_RULE.get(condition.name)
        for rule in (rules[name] for name in condition.arguments if needed and name in rules):
            if needed and not _has(rule, needed[0]):
                text = f"{condition.name} never holds of {rule.id}; {needed[1]}, or name another rule"
                yield FieldProblem(path, text)


def _has(rule: Rule, what: str) -> bool:
    if what == "allowance":
        return rule.repeat is not None and rule.repeat.max is not None
    return bool(getattr(rule, what))


def kind_problems(entry: Entry, kinds: Collection[str], known_kinds: Kinds) -> Iterator[FieldProblem]:
    """Kinds that are forbidden or ended and that nothing has."""
    key, named = ("forbids", entry.forbids) if isinstance(entry, HoldRule) else ("ends", entry.ends)
    for number, kind in enumerate(named):
        if kind not in kinds and kind not in known_kinds():
            yield FieldProblem(f"{key}.{number}", f"no rule is of the kind {kind}; remove it or check its spelling")
    if isinstance(entry, HoldRule) and not (entry.forbids or entry.all_messages or entry.channel):
        yield FieldProblem("forbids", "is empty and no channel is closed; name kinds, or a channel to leave alone")


def find_circle(entries: list[Placed]) -> tuple[str, list[str]] | None:
    """The first circle among rules that wait for one another, with the path of the first reference in it."""
    enders: dict[str, list[str]] = {}
    for _, entry in entries:
        for kind in entry.ends if isinstance(entry, Rule) else ():
            enders.setdefault(kind, []).append(entry.id)
    edges: dict[str, dict[str, str]] = {}
    for path, entry in entries:
        if isinstance(entry, Rule):
            named = {name: f"{path}.{place}" for place, name in references(entry)}
            edges.setdefault(entry.id, {**dict.fromkeys(enders.get(entry.kind, ()), path), **named})
    finished: set[str] = set()
    for _, entry in entries:
        found = _circle_from(entry.id, edges, [], finished)
        if found:
            return edges[found[0]][found[1]], found
    return None


def longest_chain(entries: list[Placed]) -> tuple[str, int]:
    """The path of the rule from which most rules are asked one after another, and how many; there is no circle."""
    edges = {entry.id: [name for _, name in references(entry)] for _, entry in entries}
    lengths: dict[str, int] = {}

    def length(name: str) -> int:
        if name not in lengths:
            lengths[name] = 1 + max((length(following) for following in edges.get(name, ())), default=0)
        return lengths[name]

    return max(((path, length(entry.id)) for path, entry in entries), key=itemgetter(1), default=("", 0))


def _circle_from(
    name: str, edges: Mapping[str, Mapping[str, str]], trail: list[str], finished: set[str]
) -> list[str] | None:
    if name in trail:
        return [*trail[trail.index(name) :], name]
    if name in finished:
        return None
    for following in edges.get(name, ()):
        found = _circle_from(following, edges, [*trail, name], finished)
        if found:
            return found
    finished.add(name)
    return None
