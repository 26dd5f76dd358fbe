"""Titles and reasons: a rule's sentences with the names and days of the facts put in."""

from __future__ import annotations

from datetime import date

from afterword.policy.elsewhere import first_other
from afterword.policy.playbook import Rule
from afterword.policy.subject import Subject

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
#: The words that a title or a reason may have in braces.
PLACEHOLDERS = ("person", "company", "role", "promised_day", "answer_by", "other_company", "other_answer_by", "attempt")


def day_in_words(day: date | None) -> str:
    """A day like 10 March, or "the day they named" where none is known."""
    return "the day they named" if day is None else f"{day.day} {MONTHS[day.month - 1]}"


def sentence(template: str, subject: Subject | None, attempt: int = 1) -> str:
    """The template with its placeholders filled from the facts."""
    if "{" not in template or subject is None:
        return template
    situation = subject.situation
    offering = first_other(subject.case.offering, situation)
    other = offering or first_other(subject.case.accepted, situation)
    outcome = situation.outcome
    return template.format(
        person=subject.person.name if subject.person else "them",
        company=situation.opportunity.company,
        role=situation.opportunity.role or "the job",
        promised_day=day_in_words(subject.wait.named if subject.wait else None),
        answer_by=day_in_words(outcome.answer_by if outcome else None),
        other_company=other.opportunity.company if other else "another employer",
        other_answer_by=day_in_words(offering.outcome.answer_by if offering and offering.outcome else None),
        attempt=attempt,
    )


def title(rule: Rule, subject: Subject, attempt: int) -> str:
    """The action in a few words."""
    return sentence(rule.title, subject, attempt)
