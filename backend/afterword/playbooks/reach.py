"""Rules that nothing can fire: what they ask for excludes itself, whatever the facts.

What a rule asks for is read as narrowings: each condition, anchor and key allows some values of a facet of the
situation, like the format of the interview or the outcome. Where the narrowings of one facet leave no value, the rule
can never fire. Each narrowing is something that must be so for the rule to fire, so no rule that can fire is refused;
one that cannot, for a reason that no facet shows, is let pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, combinations
from typing import NamedTuple, get_args

from afterword.errors import FieldProblem
from afterword.formats.facts_document import ChannelName, InterviewFormat, OutcomeStatus, Role
from afterword.playbooks.mentions import Entry
from afterword.policy.playbook import Condition, HoldRule, Moment, Rule

Values = frozenset[object]


class Facet(NamedTuple):
    """One side of a situation, and every value that it can have. Facets of another rule know theirs by its id."""

    name: str
    values: Values
    rule: str = ""


class Narrowing(NamedTuple):
    """What something about a rule, standing at `path`, leaves of a facet; `because` names it in words."""

    facet: Facet
    allowed: Values
    because: str
    path: str


def _values(*values: object) -> Values:
    return frozenset(values)


NO, YES, NONE = "no", "yes", "none"
ROLE_SETS = chain.from_iterable(combinations(get_args(Role), count) for count in range(len(get_args(Role)) + 1))

FORMAT = Facet("format", _values(NONE, *get_args(InterviewFormat)))
STANDING = Facet(
    "standing", _values(NONE, "ahead", "held", "cancelled", "missed by employer", "missed by me", "missed")
)
ROUND = Facet("round", _values(NONE, "first", "further"))
TOOK_PART = Facet("took part", _values("nobody", "somebody"))
OUTCOME = Facet("outcome", _values(NONE, *get_args(OutcomeStatus)))
OFFER_ELSEWHERE = Facet("offer elsewhere", _values(NO, YES))
ACCEPTED_ELSEWHERE = Facet("accepted elsewhere", _values(NO, YES))
PERSON = Facet("person", _values(NONE, "somebody"))
LEFT_ALONE = Facet("do not contact", _values(NO, YES))
PREFERRED = Facet("preferred channel", _values(NONE, *get_args(ChannelName)))
ROLES = Facet("roles", frozenset(map(frozenset, ROLE_SETS)))
#: What is the same for every rule in an opportunity, whomever and whichever round it is about.
OF_THE_OPPORTUNITY = (OUTCOME, OFFER_ELSEWHERE, ACCEPTED_ELSEWHERE)


def _done(rule: str) -> Facet:
    return Facet("done", _values(NO, YES), rule)


def _next(rule: str) -> Facet:
    return Facet("next", _values("to come", "other", "skipped", "used up"), rule)


Allowed = tuple[Facet, Iterable[object]]
Reading = Callable[..., tuple[Allowed, ...]]


def _but(facet: Facet, *values: object) -> Allowed:
    return facet, facet.values - frozenset(values)


def _role_sets(fits: Callable[[frozenset[object]], bool]) -> Allowed:
    return ROLES, [roles for roles in ROLES.values if isinstance(roles, frozenset) and fits(roles)]


A_ROUND, SOMEBODY = _but(STANDING, NONE), (PERSON, ["somebody"])
#: An employer who rejects names no day to answer by.
ANSWERED = _but(OUTCOME, NONE, "rejected")

#: What each condition leaves of which facets. One that is not here excludes no other.
CONDITIONS: dict[str, Reading] = {
    "format": lambda *formats: ((FORMAT, formats), A_ROUND),
    "not_format": lambda *formats: (_but(FORMAT, *formats),),
    "held": lambda: ((STANDING, ["held"]),),
    "status": lambda *statuses: ((STANDING, [one for one in STANDING.values if str(one).startswith(statuses)]),),
    "missed_by": lambda who: ((STANDING, [f"missed by {who}"]),),
    "nobody_named": lambda: ((TOOK_PART, ["nobody"]), A_ROUND),
    "first_round": lambda: ((ROUND, ["first"]), A_ROUND),
    "further_round": lambda: ((ROUND, ["further"]), A_ROUND),
    "not_rescheduled": lambda: (A_ROUND,),
    "outcome": lambda *statuses: ((OUTCOME, statuses),),
    "no_outcome": lambda: ((OUTCOME, [NONE]),),
    "has_answer_by": lambda: (ANSWERED,),
    "no_opportunity_has": lambda *statuses: (
        _but(OUTCOME, *statuses),
        *([(OFFER_ELSEWHERE, [NO])] if "offer" in statuses else ()),
        *([(ACCEPTED_ELSEWHERE, [NO])] if "accepted" in statuses else ()),
    ),
    "no_start_is_settled": lambda: ((ACCEPTED_ELSEWHERE, [NO]),),
    "offer_elsewhere": lambda: ((OFFER_ELSEWHERE, [YES]),),
    "accepted_elsewhere": lambda: ((ACCEPTED_ELSEWHERE, [YES]),),
    "knows": lambda *_: (SOMEBODY,),
    "prefers": lambda *channels: ((PREFERRED, channels), SOMEBODY),
    "only_a": lambda *roles: (_role_sets(lambda own: bool(own) and own <= set(roles)), SOMEBODY),
    "not_connected": lambda: (SOMEBODY,),
    "do_not_contact": lambda: ((LEFT_ALONE, [YES]), SOMEBODY),
    "done": lambda rule: ((_done(rule), [YES]),),
    "not_done": lambda rule: ((_done(rule), [NO]),),
    "upcoming": lambda rule: ((_next(rule), ["to come"]),),
    "moved_for_another": lambda rule: ((_next(rule), ["to come"]),),
    "used_up": lambda rule: ((_next(rule), ["used up"]), (_done(rule), [YES])),
    "ended": lambda rule: ((_next(rule), ["used up", "skipped"]), (_done(rule), [YES])),
}
#: Conditions that hold only where the rule they name fires itself.
FIRED = frozenset({"upcoming", "moved_for_another", "used_up", "ended"})
#: What must be so for an anchor to be known.
ANCHORS: dict[str, Reading] = {
    "interview.start": lambda _: (A_ROUND,),
    "interview.end": lambda _: (A_ROUND,),
    "interview.scheduled_at": lambda _: (A_ROUND,),
    "interview.status_at": lambda _: (A_ROUND,),
    "outcome.at": lambda _: (_but(OUTCOME, NONE),),
    "outcome.answer_by": lambda _: (ANSWERED,),
    "last_done": lambda rule: ((_done(rule), [YES]),),
    "reply_to": lambda rule: ((_done(rule), [YES]),),
    "other_offer.at": lambda _: ((OFFER_ELSEWHERE, [YES]),),
    "other_offer.answer_by": lambda _: ((OFFER_ELSEWHERE, [YES]),),
    "other_acceptance.at": lambda _: ((ACCEPTED_ELSEWHERE, [YES]),),
}


def unreachable(entry: Entry, rules: Mapping[str, Rule]) -> Iterator[FieldProblem]:
    """Why nothing can fire a rule or hold, if so. Its conditions and references have been checked."""
    if entry.subject == "account":
        found = conflict([*_of_conditions("when", entry.when)])
    else:
        given = [*_of_entry(entry), *_of_rules_it_names(entry, rules)]
        found = conflict(given) or _unknown_opening(entry, given)
    if found:
        *others, last = sorted(found, key=lambda one: one.path)
        names = " and ".join(dict.fromkeys(one.because for one in (*others, last)))
        exclude = "exclude each other" if others else "excludes itself"
        yield FieldProblem(last.path, f"can never fire: {names} {exclude}; change or remove one of them")
    elif isinstance(entry, Rule):
        yield from (
            FieldProblem(
                "", f"can never fire: {other.id} ends every {entry.kind} whenever it could; remove one of them"
            )
            for other in rules.values()
            if _always_ends(other, entry, rules)
        )


def conflict(narrowings: Iterable[Narrowing]) -> list[Narrowing] | None:
    """The fewest narrowings of one facet that leave it no value; None where each has one."""
    by_facet: dict[Facet, list[Narrowing]] = {}
    for narrowing in narrowings:
        by_facet.setdefault(narrowing.facet, []).append(narrowing)
    for facet, found in by_facet.items():
        if _left(facet, found):
            continue
        fewer = (some for count in (1, 2) for some in combinations(found, count) if not _left(facet, some))
        return list(next(fewer, found))
    return None


def _left(facet: Facet, narrowings: Iterable[Narrowing]) -> Values:
    return facet.values.intersection(*(one.allowed for one in narrowings))


def _of_conditions(path: str, conditions: tuple[Condition, ...]) -> Iterator[Narrowing]:
    for number, condition in enumerate(conditions):
        reading = CONDITIONS.get(condition.name)
        for facet, allowed in reading(*condition.arguments) if reading else ():
            yield Narrowing(facet, frozenset(allowed), _in_words(condition), f"{path}.{number}")


def _in_words(condition: Condition) -> str:
    return f"{condition.name}: {', '.join(condition.arguments)}" if condition.arguments else condition.name


def _of_entry(entry: Entry) -> Iterator[Narrowing]:
    """What the conditions of a rule, its subject and its life leave."""
    yield from _of_conditions("when", entry.when)
    if not (entry.outlives_outcome or entry.follows_outcome):
        of_rules = "rule without outlives_outcome or the condition outcome"
        ended = "hold without outlives_outcome" if isinstance(entry, HoldRule) else of_rules
        yield Narrowing(OUTCOME, frozenset({NONE}), f"no outcome (one ends every {ended})", "")
    yield from _of_subject(entry)
    if isinstance(entry, Rule):
        yield from _of_addressee(entry)


def _of_subject(entry: Entry) -> Iterator[Narrowing]:
    """Which rounds a rule is about, and whom."""
    subject = entry.subject
    held, live = frozenset({"held"}), frozenset({"held", "ahead"})
    rounds: Values
    if isinstance(entry, HoldRule) or subject == "opportunity":
        rounds = held | {NONE}
        which = f"for: {subject} (which is about the latest round that was held)"
    elif subject == "interview":
        rounds = STANDING.values - {NONE} if entry.asks_status else live
        which = "for: interview (without status, about rounds that take place)"
    elif subject == "person":
        rounds = held if entry.follows_outcome else live
        which = "for: person (which is about rounds that take place)"
        if not entry.follows_outcome:
            yield Narrowing(TOOK_PART, frozenset({"somebody"}), "for: person (who took part)", "for")
    else:
        rounds = live | {NONE}
        which = f"for: {subject} (which is about rounds that take place)"
        _, named = _role_sets(lambda own: subject in own)
        yield Narrowing(ROLES, frozenset(named), f"for: {subject}", "for")
    yield Narrowing(STANDING, rounds, which, "for")
    if NONE not in rounds:
        yield Narrowing(FORMAT, FORMAT.values - {NONE}, which, "for")
    if isinstance(entry, HoldRule) and subject == "opportunity":
        yield Narrowing(PERSON, frozenset({NONE}), "for: opportunity (a hold for: person is about somebody)", "for")


def _of_addressee(rule: Rule) -> Iterator[Narrowing]:
    """Who can be the person of a rule that is about more than one."""
    if rule.subject not in ("interview", "opportunity"):
        return
    message = rule.message and rule.subject == "opportunity"
    to = rule.to or (("point_of_contact",) if message else ())
    answers = any(point.anchor == "reply_to" for point in (rule.opens.points if rule.opens else ()))
    found = [one for one in to if one != "replier" or answers]
    if not found:
        nobody = (
            f"for: {rule.subject} {'to: replier without reply_to' if to else 'without to'} (which is about no person)"
        )
        yield Narrowing(PERSON, frozenset({NONE}), nobody, "for")
    if message:
        yield Narrowing(PERSON, frozenset({"somebody"}), "a message (which needs somebody to go to)", "")
    if "replier" not in found:
        reached = "whom a message goes to (never one with do_not_contact)"
        yield Narrowing(LEFT_ALONE, frozenset({NO}), reached, "")
    if set(found) == {"recruiter"}:
        _, recruiters = _role_sets(lambda own: not own or "recruiter" in own)
        yield Narrowing(ROLES, frozenset(recruiters), "to: recruiter", "to")


def _of_rules_it_names(entry: Entry, rules: Mapping[str, Rule]) -> Iterator[Narrowing]:
    """What must be so for the rules to fire whose firing is a condition."""
    for number, condition in enumerate(entry.when):
        for name in condition.arguments if condition.name in FIRED else ():
            for one in _of_entry(rules[name]):
                if one.facet in OF_THE_OPPORTUNITY:
                    because = f"{_in_words(condition)}, which needs {one.because},"
                    yield Narrowing(one.facet, one.allowed, because, f"when.{number}")


def _unknown_opening(entry: Entry, given: list[Narrowing]) -> list[Narrowing] | None:
    """Why no point of the opening can be known, that of the last."""
    moment: Moment | None = entry.opens if isinstance(entry, Rule) else None
    found: list[Narrowing] | None = None
    for number, point in enumerate(moment.points if moment else ()):
        path = f"opens.points.{number}"
        reading = ANCHORS.get(point.anchor)
        own = [
            Narrowing(facet, frozenset(allowed), f"opens: {point}", f"{path}.anchor")
            for facet, allowed in (reading(point.rule) if reading else ())
        ]
        found = conflict([*given, *own, *_of_conditions(f"{path}.when", point.when)])
        if not found:
            return None
    return found


def _always_ends(ender: Rule, rule: Rule, rules: Mapping[str, Rule]) -> bool:
    """Whether a rule ends another whenever that could fire: it asks for no more, and nothing ends it."""
    outlives = ender.outlives_outcome or (ender.follows_outcome == rule.follows_outcome and not rule.outlives_outcome)
    return (
        rule.kind in ender.ends
        and ender.subject == rule.subject == "opportunity"
        and set(ender.when) <= set(rule.when)
        and (ender.opens, ender.to, ender.message) == (rule.opens, rule.to, rule.message)
        and not (ender.repeat or ender.newest_round_only)
        and not any(ender.kind in other.ends for other in rules.values())
        and outlives
    )
