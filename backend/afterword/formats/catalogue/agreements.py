"""Where the playbooks agree and where they do not: for each kind, what each of them says, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from afterword.formats.catalogue import words
from afterword.formats.catalogue.entries import Entries, in_general, title
from afterword.policy.playbook import HoldRule, Playbook, Rule
from afterword.policy.timeline import Citation

OF_ACTIONS = ("when", "how", "how often")
OF_HOLDS = ("what not to do", "when", "until")
#: On whose word a playbook speaks: its article's, our reading of that, or, where it is no article, its author's.
STATED, INFERRED, TAKEN_UP = "stated", "inferred", "taken_up"

#: How a word that leads is set.
Strong = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Reading:
    """One playbook's rule or hold as a row: what it says, in the order of the columns, and on whose word."""

    playbook: str
    rule: str
    kind: str
    title: str
    word: str
    cells: tuple[str, ...]
    sources: tuple[Citation, ...]
    dissent: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """One kind. `verdict` says how far the articles agree, and is None where none of them speaks of it."""

    kind: str
    name: str
    title: str
    held: bool
    columns: tuple[str, ...]
    verdict: str | None
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared: playbooks by id, and which of them are articles. The others follow those."""

    playbooks: Mapping[str, Playbook]
    articles: tuple[str, ...]

    def agreements(self, strong: Strong = str) -> Iterator[Agreement]:
        """Every kind that some have and others not, or have otherwise: what to do, then what to leave alone."""
        for held, kinds in ((False, self._actions(strong)), (True, self._holds())):
            for kind, readings in kinds.items():
                if self.is_of_articles(readings) or len(readings) < len(self.playbooks):
                    yield self._agreement(kind, held, readings)

    def is_of_articles(self, readings: Iterable[Reading]) -> bool:
        """Whether any article speaks of it, and not only what every playbook has."""
        return any(each.playbook in self.articles and is_cited_to(each, each.playbook) for each in readings)

    def _agreement(self, kind: str, held: bool, readings: Sequence[Reading]) -> Agreement:
        of_articles = [each for each in readings if each.playbook in self.articles]
        others = [each for each in readings if each.playbook not in self.articles]
        columns = OF_HOLDS if held else OF_ACTIONS
        verdict = self._verdict(of_articles, columns) if self.is_of_articles(readings) else None
        name = words.spoken(kind).capitalize()
        return Agreement(kind, name, readings[0].title, held, columns, verdict, (*of_articles, *others))

    def _verdict(self, readings: Sequence[Reading], columns: Sequence[str]) -> str:
        """In a sentence, how far the articles agree."""
        speaking = list(dict.fromkeys(each.playbook for each in readings))
        silent = [name for name in self.articles if name not in speaking]
        quiet = f" Nothing on it in {words.either(silent, 'and')}." if silent else ""
        if len(speaking) == 1:
            return f"Only {speaking[0]} speaks of it.{quiet if len(silent) < len(self.articles) - 1 else ''}"
        differing = [name for place, name in enumerate(columns) if len({each.cells[place] for each in readings}) > 1]
        which = f"differ on {words.either(differing, 'and')}" if differing else "agree"
        those = f"The articles that speak of it, {words.either(speaking, 'and')},"
        return f"{those if silent else 'All the articles speak of it and'} {which}.{quiet}"

    def _actions(self, strong: Strong) -> dict[str, list[Reading]]:
        found: dict[str, list[Reading]] = {}
        for playbook in self.playbooks.values():
            entries = ByKind(playbook)
            for rule in playbook.rules:
                found.setdefault(rule.kind, []).append(
                    self._reading(rule, playbook.id, title(rule), action_cells(rule, entries, strong))
                )
        return found

    def _holds(self) -> dict[str, list[Reading]]:
        found: dict[str, list[Reading]] = {}
        for playbook in self.playbooks.values():
            entries = ByKind(playbook)
            for hold in playbook.holds:
                heading = in_general(hold.why, "this person")
                found.setdefault(hold.kind, []).append(
                    self._reading(hold, playbook.id, heading, hold_cells(hold, entries))
                )
        return found

    def _reading(self, entry: Rule | HoldRule, playbook: str, heading: str, cells: tuple[str, ...]) -> Reading:
        dissent = entry.dissent if isinstance(entry, Rule) else ()
        word = self._word(playbook, entry.sources)
        return Reading(playbook, entry.id, entry.kind, heading, word, cells, entry.sources, dissent)

    def _word(self, playbook: str, sources: Iterable[Citation]) -> str:
        if playbook not in self.articles:
            return TAKEN_UP
        return INFERRED if all(each.inferred for each in sources) else STATED


class ByKind(Entries):
    """Entries that name rules by what they do, for tables in which several playbooks stand."""

    def named(self, identifier: str) -> str:
        """A rule by its kind."""
        rule = self.playbook.by_id.get(identifier)
        return f"“{words.spoken(rule.kind if rule else identifier)}”"


def is_cited_to(reading: Reading, source: str) -> bool:
    """Whether a source is named among those that say so."""
    return any(citation.source == source for citation in reading.sources)


def action_cells(rule: Rule, entries: Entries, strong: Strong) -> tuple[str, ...]:
    """A rule's window, channel and attempts."""
    ends = [end for end in entries.window(rule) if end.name != "Too late"]
    window = "; ".join(f"{strong(end.name.lower())} {end.words}" for end in ends)
    condition = f"where {words.conditions(rule.when, entries.named)}: " if rule.when else ""
    optional = " (optional)" if rule.optional else ""
    often = words.repeat(rule.repeat) + optional
    return (condition + (window or "always"), words.channels(rule, entries.named) or "nothing to send", often)


def hold_cells(hold: HoldRule, entries: Entries) -> tuple[str, ...]:
    """What a hold forbids, when and until when."""
    when = words.conditions(hold.when, entries.named) if hold.when else "always"
    return (words.forbidden(hold, entries.kind) + entries.exceptions(hold), when, entries.until(hold))
