"""The closed set of conditions a rule may name: each pure, each with the sentence that says why it did not hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from afterword.policy.elsewhere import decided, first_other
from afterword.policy.playbook import Condition
from afterword.policy.subject import Subject


class Test(NamedTuple):
    """A condition's meaning, how many arguments it takes at least and at most, and what is said when it fails.

    `names_rules` tells that its arguments are ids of rules.
    """

    holds: Callable[..., bool]
    fewest: int
    most: int
    otherwise: str
    names_rules: bool = False


def _format(subject: Subject, *formats: str) -> bool:
    return subject.round is not None and subject.round.interview.format in formats


def _not_format(subject: Subject, *formats: str) -> bool:
    return subject.round is None or subject.round.interview.format not in formats


def _held(subject: Subject) -> bool:
    return subject.round is not None and subject.round.held


def _status(subject: Subject, *statuses: str) -> bool:
    return subject.round is not None and subject.round.status in statuses


def _missed_by(subject: Subject, who: str) -> bool:
    return _status(subject, "missed") and subject.round is not None and subject.round.interview.missed_by == who


def _nobody_named(subject: Subject) -> bool:
    return subject.round is not None and not subject.round.interview.people


def _first_round(subject: Subject) -> bool:
    return subject.round is not None and not subject.round.further


def _further_round(subject: Subject) -> bool:
    return subject.round is not None and subject.round.further


def _not_rescheduled(subject: Subject) -> bool:
    if subject.round is None:
        return False
    dropped = subject.round.interview
    since = dropped.status_at or dropped.starts_at
    return not any(other.interview.starts_at > since for other in subject.situation.live)


def _any_round(subject: Subject) -> bool:
    return bool(subject.situation.live)


def _no_round_ahead(subject: Subject) -> bool:
    return not subject.situation.ahead


def _outcome(subject: Subject, *statuses: str) -> bool:
    outcome = subject.situation.outcome
    return outcome is not None and outcome.status in statuses


def _no_outcome(subject: Subject) -> bool:
    return subject.situation.outcome is None


def _no_start_date(subject: Subject) -> bool:
    outcome = subject.situation.outcome
    return outcome is None or outcome.start_date is None


def _has_answer_by(subject: Subject) -> bool:
    outcome = subject.situation.outcome
    return outcome is not None and outcome.answer_by is not None


def _nowhere(subject: Subject, *statuses: str) -> bool:
    return not any(decided(subject.case.situations, *statuses))


def _no_settled_start(subject: Subject) -> bool:
    return not subject.case.accepted


def _offer_elsewhere(subject: Subject) -> bool:
    return first_other(subject.case.offering, subject.situation) is not None


def _accepted_elsewhere(subject: Subject) -> bool:
    return first_other(subject.case.accepted, subject.situation) is not None


def _knows(subject: Subject, *fields: str) -> bool:
    return subject.person is not None and all(getattr(subject.person, field) is not None for field in fields)


def _prefers(subject: Subject, *channels: str) -> bool:
    return subject.person is not None and subject.person.preferred_channel in channels


def _only_a(subject: Subject, *roles: str) -> bool:
    own = subject.person.roles if subject.person else ()
    return bool(own) and set(own) <= set(roles)


def _has_role(subject: Subject, role: str) -> bool:
    situation = subject.situation
    return any(role in person.roles for person in situation.reachable(situation.people))


def _not_connected(subject: Subject) -> bool:
    return subject.person is not None and not subject.person.connected


def _do_not_contact(subject: Subject) -> bool:
    return subject.person is not None and subject.person.do_not_contact


def _long_process(subject: Subject) -> bool:
    return subject.situation.opportunity.long_process


def _done(subject: Subject, rule: str) -> bool:
    return subject.case.done_at(subject.case.playbook.by_id[rule], subject) is not None


def _not_done(subject: Subject, rule: str) -> bool:
    return not _done(subject, rule)


def _unreachable_for(subject: Subject, rule: str) -> bool:
    return subject.case.unreachable(subject.case.playbook.by_id[rule], subject)


def _not_on_paper(subject: Subject, rule: str) -> bool:
    other = subject.case.playbook.by_id[rule]
    channel = subject.case.channel(other, subject.case.as_seen_by(other, subject))
    return channel is None or channel.recommended not in PAPER


def _upcoming(subject: Subject, rule: str) -> bool:
    return subject.case.upcoming(subject.case.playbook.by_id[rule], subject) is not None


def _used_up(subject: Subject, rule: str) -> bool:
    return subject.case.used_up(subject.case.playbook.by_id[rule], subject)


def _ended(subject: Subject, rule: str) -> bool:
    return subject.case.ended(subject.case.playbook.by_id[rule], subject)


def _moved_for_another(subject: Subject, rule: str) -> bool:
    return subject.case.moved_for_another(subject.case.playbook.by_id[rule], subject)


PAPER = frozenset({"letter", "handwritten"})
CONDITIONS = {
    "format": Test(_format, 1, 4, "the interview was of another kind"),
    "not_format": Test(_not_format, 1, 4, "the interview was of a kind this is not for"),
    "held": Test(_held, 0, 0, "the interview is not over"),
    "status": Test(_status, 1, 2, "the interview was neither cancelled nor missed in that way"),
    "missed_by": Test(_missed_by, 1, 1, "the interview was not missed in that way"),
    "nobody_named": Test(_nobody_named, 0, 0, "it is known who took part"),
    "first_round": Test(_first_round, 0, 0, "it is not the first round"),
    "further_round": Test(_further_round, 0, 0, "it is the first round"),
    "not_rescheduled": Test(_not_rescheduled, 0, 0, "a new date is set"),
    "any_round": Test(_any_round, 0, 0, "there is no interview"),
    "no_round_ahead": Test(_no_round_ahead, 0, 0, "a further round is still to come"),
    "outcome": Test(_outcome, 1, 6, "there is no such outcome"),
    "no_outcome": Test(_no_outcome, 0, 0, "the outcome is known"),
    "no_start_date": Test(_no_start_date, 0, 0, "the start date is set"),
    "has_answer_by": Test(_has_answer_by, 0, 0, "the offer has no date to answer by"),
    "no_opportunity_has": Test(_nowhere, 1, 6, "an opportunity has that outcome"),
    "no_start_is_settled": Test(_no_settled_start, 0, 0, "an offer is accepted and its start date is set"),
    "offer_elsewhere": Test(_offer_elsewhere, 0, 0, "no other employer has made an offer with a date"),
    "accepted_elsewhere": Test(_accepted_elsewhere, 0, 0, "no other offer is accepted with a start date"),
    "knows": Test(_knows, 1, 4, "that address is not known"),
    "prefers": Test(_prefers, 1, 8, "they have not asked for that"),
    "only_a": Test(_only_a, 1, 4, "they have another part in it"),
    "has_role": Test(_has_role, 1, 1, "there is no {argument}"),
    "not_connected": Test(_not_connected, 0, 0, "you are connected already"),
    "do_not_contact": Test(_do_not_contact, 0, 0, "nobody asked not to be contacted"),
    "long_process": Test(_long_process, 0, 0, "the process is not known to be a long one"),
    "done": Test(_done, 1, 1, "{argument} is not done", names_rules=True),
    "not_done": Test(_not_done, 1, 1, "{argument} is done", names_rules=True),
    "unreachable_for": Test(_unreachable_for, 1, 1, "there is an address for {argument}", names_rules=True),
    "not_on_paper": Test(_not_on_paper, 1, 1, "{argument} is on paper already", names_rules=True),
    "upcoming": Test(_upcoming, 1, 1, "no {argument} is still to come", names_rules=True),
    "used_up": Test(_used_up, 1, 1, "a further {argument} is still allowed", names_rules=True),
    "ended": Test(_ended, 1, 1, "a further {argument} may still be sent", names_rules=True),
    "moved_for_another": Test(_moved_for_another, 1, 1, "no other {argument} goes to them that day", names_rules=True),
}
HOLDS = {name: test.holds for name, test in CONDITIONS.items()}


def is_any(conditions: tuple[Condition, ...], subject: Subject) -> bool:
    """Whether one of some conditions holds."""
    return any(HOLDS[name](subject, *arguments) for name, arguments in conditions)


def first_failure(conditions: tuple[Condition, ...], subject: Subject) -> Condition | None:
    """The first condition that does not hold, or None when all do."""
    for condition in conditions:
        name, arguments = condition
        if not HOLDS[name](subject, *arguments):
            return condition
    return None


def why_not(condition: Condition) -> str:
    """The sentence for a condition that did not hold."""
    return CONDITIONS[condition.name].otherwise.format(argument=" or ".join(condition.arguments))
