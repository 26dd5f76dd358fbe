"""What bears on the advice for some opportunities, among facts that were read for all of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from afterword.policy.facts import Facts, Opportunity
from afterword.storage.planned import CONCERNS_THE_OTHERS


def bearing_on(facts: Facts, keys: Collection[str]) -> Facts:
    """All that must be known to judge the given opportunities: their circle, and offers elsewhere."""
    near = circle(facts, keys)
    kept = tuple(each for each in facts.opportunities if each.key in near or _concerns_the_others(each))
    return replace(facts, opportunities=kept)


def circle(facts: Facts, keys: Collection[str]) -> frozenset[str]:
    """The given opportunities and those that share a person with them, one of them, and so on."""
    met = {opportunity.key: [person.key for person in opportunity.people] for opportunity in facts.opportunities}
    places: dict[str, list[str]] = {}
    for opportunity, people in met.items():
        for person in people:
            places.setdefault(person, []).append(opportunity)
    known, frontier = frozenset[str](), frozenset(keys)
    while frontier:
        known |= frontier
        frontier = frozenset(near for key in frontier for person in met.get(key, ()) for near in places[person]) - known
    return known


def _concerns_the_others(opportunity: Opportunity) -> bool:
    return opportunity.outcome is not None and opportunity.outcome.status in CONCERNS_THE_OTHERS
