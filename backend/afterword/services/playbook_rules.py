"""One playbook, rule by rule: in words, with what a form can adjust, and as two weeks lived by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from afterword.formats.catalogue.entries import Entries, HoldEntry, RuleEntry
from afterword.formats.catalogue.story import Span, story
from afterword.playbooks import adjustable
from afterword.playbooks.adjustable import Adjustable
from afterword.playbooks.loader import lasting
from afterword.policy.playbook import Playbook
from afterword.services.bookshelf import Reader, Volume, volume


@dataclass(frozen=True, slots=True)
class ToldRule:
    """A rule in words. `lasting` is part of every playbook and stays."""

    entry: RuleEntry
    lasting: bool
    adjustable: Adjustable


@dataclass(frozen=True, slots=True)
class ToldHold:
    """A hold in words."""

    entry: HoldEntry
    lasting: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A playbook rule by rule."""

    volume: Volume
    rules: Sequence[ToldRule]
    holds: Sequence[ToldHold]


def rules(reader: Reader | None, identifier: str, version: str | None) -> Told:
    """A playbook's rules and holds in words, in its order."""
    found = volume(reader, identifier, version)
    entries, written = Entries(found.playbook), adjustable.by_id(found.document["rules"])
    stay = lasting()
    told = [
        ToldRule(entries.rule(each), each.id in stay, adjustable.adjustable(each, written[each.id], entries))
        for each in found.playbook.rules
    ]
    holds = [ToldHold(entries.hold(each), each.id in stay) for each in found.playbook.holds]
    return Told(found, told, holds)


def lived(reader: Reader | None, identifier: str) -> tuple[Volume, tuple[Span, ...]]:
    """A playbook, and the two weeks after an example's interview as it would have them."""
    found = volume(reader, identifier)
    return found, _story(found.playbook)


@lru_cache(maxsize=200)
def _story(playbook: Playbook) -> tuple[Span, ...]:
    return tuple(story(playbook))
