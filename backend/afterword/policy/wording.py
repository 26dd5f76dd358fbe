"""Titles and reasons: a rule's sentences with the names and days of the facts put in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from afterword.policy.elsewhere import first_other
from afterword.policy.subject import Subject

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day_in_words(day: date | None) -> str:
    """A day like 10 March, or "the day they named" where none is known."""
    return "the day they named" if day is None else f"{day.day} {MONTHS[day.month - 1]}"


def _promised_day(subject: Subject) -> str:
    return day_in_words(subject.wait.named if subject.wait else None)


def _answer_by(subject: Subject) -> str:
    outcome = subject.situation.outcome
    return day_in_words(outcome.answer_by if outcome else None)


def _other_company(subject: Subject) -> str:
    case, situation = subject.case, subject.situation
    other = first_other(case.offering, situation) or first_other(case.accepted, situation)
    return other.situation.opportunity.company if other else "another employer"


def _other_answer_by(subject: Subject) -> str:
    offering = first_other(subject.case.offering, subject.situation)
    return day_in_words(offering.outcome.answer_by if offering else None)


#: What a title or a reason may have in braces, and `attempt`, the number of the action's attempt.
FROM_FACTS: dict[str, Callable[[Subject], str]] = {
    "person": lambda subject: subject.person.name if subject.person else "them",
    "company": lambda subject: subject.situation.opportunity.company,
    "role": lambda subject: subject.situation.opportunity.role or "the job",
    "promised_day": _promised_day,
    "answer_by": _answer_by,
    "other_company": _other_company,
    "other_answer_by": _other_answer_by,
}
PLACEHOLDERS = (*FROM_FACTS, "attempt")


class Words(dict[str, object]):
    """What stands in place of each placeholder, looked up when a sentence first has it."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self["attempt"] = 1

    def __missing__(self, placeholder: str) -> str:
        word = self[placeholder] = FROM_FACTS[placeholder](self.subject)
        return word


def sentence(template: str, words: Words) -> str:
    """The template with its placeholders filled from the facts."""
    return template.format_map(words) if "{" in template or "}" in template else template
