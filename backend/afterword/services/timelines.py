"""The policy with no account and nothing stored: a facts document in, the answer out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from afterword.errors import InvalidInput
from afterword.formats.answer import KEYS, answer
from afterword.formats.facts_document import FactsDocument
from afterword.formats.facts_reading import question
from afterword.policy.engine import evaluate
from afterword.policy.facts import Facts, Opportunity
from afterword.policy.playbook import Playbook
from afterword.policy.timeline import PAST
from afterword.services.playbooks import chosen

LARGEST_NUMBER_OF_PAIRS = 20_000


def answer_document(document: FactsDocument) -> dict[str, Any]:
    """What the document's playbook says about its facts at its instant."""
    asked = question(document)
    playbook = chosen(asked.playbook)
    refuse_too_many_pairs(playbook, asked.facts)
    timeline = evaluate(playbook, asked.facts, asked.at, asked.explain, past=not PAST.isdisjoint(asked.states))
    listed = timeline.listed(asked.states, asked.until)
    return answer(timeline, listed, asked.facts, KEYS, asked.explain)


def refuse_too_many_pairs(playbook: Playbook, facts: Facts) -> None:
    """Refuse facts that would have the rules tried on more subjects than one answer may cost."""
    tried = sum(pairs(playbook, opportunity) for opportunity in facts.opportunities)
    if tried > LARGEST_NUMBER_OF_PAIRS:
        raise InvalidInput.at(
            "opportunities",
            f"would have rules tried on {tried} subjects, more than {LARGEST_NUMBER_OF_PAIRS}; ask about fewer at once",
        )


def pairs(playbook: Playbook, opportunity: Opportunity) -> int:
    """On how many subjects of an opportunity the rules are tried, all together."""
    subjects: Mapping[str, int] = {
        "interview": len(opportunity.interviews),
        "person": sum(len(interview.people) for interview in opportunity.interviews),
        "reference": sum("reference" in person.roles for person in opportunity.people),
        "insider": sum("insider" in person.roles for person in opportunity.people),
        "opportunity": 1,
    }
    tried = [rule.subject for rule in playbook.rules] + [hold.subject for hold in playbook.holds]
    return sum(subjects.get(subject, 0) for subject in tried)
