"""Where the playbooks agree and where they do not: for each kind, what each of them says, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from afterword.formats.catalogue import words
from afterword.formats.catalogue.page import Entries, Sources, in_general, inference, label, place, plain, title
from afterword.policy.playbook import HoldRule, Playbook, Rule
from afterword.policy.timeline import Citation

SILENT = ""
COLUMNS = ("when", "how", "how often")


class Reading(NamedTuple):
    """One playbook's rule or hold as a row: its cells, and on whose word."""

    playbook: str
    link: str
    title: str
    cells: tuple[str, ...]
    sources: tuple[Citation, ...]
    dissent: tuple[Citation, ...]


def reading(entry: Rule | HoldRule, entries: Entries, heading: str, cells: tuple[str, ...]) -> Reading:
    """A row, told apart by its id from others of its kind."""
    name = entries.playbook.id
    apart = "" if entry.id == entry.kind else f", `{entry.id}`"
    link = f"[{name}]({name}.md#{entries.slugs[entry.id]}){apart}"
    return Reading(name, link, heading, cells, entry.sources, getattr(entry, "dissent", ()))


class Readings:
    """Every playbook's rules and holds by kind. `own` is the playbook that is nobody's article."""

    def __init__(self, playbooks: Mapping[str, Playbook], sources: Sources) -> None:
        self.sources = sources
        self.articles = [name for name in playbooks if name != sources.own]
        self.actions: dict[str, list[Reading]] = {}
        self.holds: dict[str, list[Reading]] = {}
        for playbook in playbooks.values():
            entries = Unlinked(playbook, sources)
            for rule in playbook.rules:
                self.actions.setdefault(rule.kind, []).append(action_reading(rule, entries))
            for hold in playbook.holds:
                self.holds.setdefault(hold.kind, []).append(hold_reading(hold, entries))

    def marks(self, readings: Iterable[Reading], names: Sequence[str]) -> list[str]:
        """Whether each playbook speaks of something, and whether on its article's word or on our reading of it."""
        rows = {reading.playbook: reading for reading in readings}
        return [self.mark(rows.get(name)) for name in names]

    def mark(self, reading: Reading | None) -> str:
        """Stated, only our reading, or silent."""
        if reading is None:
            return SILENT
        if reading.playbook == self.sources.own:
            return "taken up"
        return "*our reading*" if all(citation.inferred for citation in reading.sources) else "**stated**"


class Unlinked(Entries):
    """Entries that name rules without linking to them, for tables that stand on another page."""

    def named(self, identifier: str) -> str:
        """A rule by what it does."""
        rule = self.playbook.by_id.get(identifier)
        return f"“{words.spoken(rule.kind if rule else identifier)}”"


def action_reading(rule: Rule, entries: Entries) -> Reading:
    """A rule's window, channel and attempts."""
    window = "; ".join(f"**{name.lower()}** {said}" for name, said in entries.window(rule) if name != "Too late")
    condition = f"where {words.conditions(rule.when, entries.named)}: " if rule.when else ""
    optional = " (optional)" if rule.optional else ""
    often = words.repeat(rule.repeat) + optional
    cells = (condition + (window or "always"), words.channels(rule, entries.named) or "nothing to send", often)
    return reading(rule, entries, title(rule), cells)


def hold_reading(hold: HoldRule, entries: Entries) -> Reading:
    """What a hold forbids, when and until when."""
    when = words.conditions(hold.when, entries.named) if hold.when else "always"
    cells = (words.forbidden(hold, entries.kind) + entries.exceptions(hold), when, entries.until(hold))
    return reading(hold, entries, in_general(hold.why, "this person"), cells)


def agreements(playbooks: Mapping[str, Playbook], sources: Sources) -> Iterator[str]:
    """The whole page."""
    readings = Readings(playbooks, sources)
    yield from ("## At a glance", "")
    yield from glance(readings, [*readings.articles, sources.own])
    yield from ("## What to do", "")
    for kind, rows in readings.actions.items():
        if is_of_articles(rows, readings):
            yield from section(kind, rows, readings, COLUMNS)
    yield from ("## What to leave alone", "")
    for kind, rows in readings.holds.items():
        if is_of_articles(rows, readings):
            yield from section(kind, rows, readings, ("what not to do", "when", "until"))
    yield from beyond(readings)


def is_of_articles(rows: list[Reading], readings: Readings) -> bool:
    """Whether any article speaks of it, and not only what every playbook has."""
    return any(row.playbook in readings.articles and is_cited_to(row, row.playbook) for row in rows)


def is_cited_to(row: Reading, source: str) -> bool:
    """Whether a source is named among those that say so."""
    return any(citation.source == source for citation in row.sources)


def glance(readings: Readings, names: list[str]) -> Iterator[str]:
    """One line for each kind, one column for each playbook."""
    yield f"| | {' | '.join(f'[{name}]({name}.md)' for name in names)} |"
    yield f"|---|{':-:|' * len(names)}"
    for part in (readings.actions, readings.holds):
        for kind, rows in part.items():
            if is_of_articles(rows, readings):
                heading = f"[{words.spoken(kind).capitalize()}](#{kind})"
                yield f"| {heading} | {' | '.join(readings.marks(rows, names))} |"
    yield ""


def section(kind: str, rows: list[Reading], readings: Readings, columns: Sequence[str]) -> Iterator[str]:
    """One kind: who agrees, what each says, and what our own playbook made of it."""
    yield from (f"### {words.spoken(kind).capitalize()}", "")
    of_articles = [row for row in rows if row.playbook in readings.articles]
    yield from (f"*{rows[0].title.rstrip('.')}.*", "")
    yield from (verdict(of_articles, readings, columns), "")
    yield f"| | {' | '.join(columns)} | on whose word |"
    yield "|---" * (len(columns) + 2) + "|"
    for row in (*of_articles, *(row for row in rows if row not in of_articles)):
        yield f"| {row.link} | {' | '.join(row.cells)} | {cited(row, readings.sources)} |"
    yield ""
    yield from chosen([row for row in rows if row.playbook == readings.sources.own], readings)


def cited(row: Reading, sources: Sources) -> str:
    """The citations of a row in one cell."""
    return "<br>".join(
        f"{label(each, sources)}, {place(each, sources, row.playbook)}: {plain(each.says)}" for each in row.sources
    )


def verdict(rows: list[Reading], readings: Readings, columns: Sequence[str]) -> str:
    """In a sentence, how far the articles agree."""
    speaking = list(dict.fromkeys(row.playbook for row in rows))
    silent = [name for name in readings.articles if name not in speaking]
    quiet = f" Nothing on it in {words.either(silent, 'and')}." if silent else ""
    if len(speaking) == 1:
        return f"Only {speaking[0]} speaks of it.{quiet if len(silent) < len(readings.articles) - 1 else ''}"
    differing = [name for place, name in enumerate(columns) if len({row.cells[place] for row in rows}) > 1]
    which = f"differ on {words.either(differing, 'and')}" if differing else "agree"
    who = (
        f"The articles that speak of it, {words.either(speaking, 'and')},"
        if silent
        else "All the articles speak of it and"
    )
    return f"{who} {which}.{quiet}"


def chosen(rows: list[Reading], readings: Readings) -> Iterator[str]:
    """What our own playbook takes up, from whom, and against whom."""
    own = readings.sources.own
    if not rows:
        yield from (f"*{own}* has no rule of this kind.", "")
        return
    for row in rows:
        agreeing = dict.fromkeys(each.source for each in row.sources if each.source != own)
        with_whom = f"goes with {words.either(agreeing, 'and')}" if agreeing else "speaks for itself"
        yield f"{row.link} {with_whom}{'; against it:' if row.dissent else '.'}"
        yield ""
        yield from (f"- {place(each, readings.sources)}{inference(each)}: {plain(each.says)}" for each in row.dissent)
        yield from ([""] if row.dissent else [])


def beyond(readings: Readings) -> Iterator[str]:
    """What no article speaks of."""
    yield from ("## Beyond the articles", "")
    yield "No article says anything about these; they are our own advice, cited as such."
    yield from ("", "| | when | what we say | where |", "|---|---|---|---|")
    for part, cell in ((readings.actions, 0), (readings.holds, 1)):
        for rows in part.values():
            if not is_of_articles(rows, readings) and len(rows) <= len(readings.articles):
                yield from (beyond_row(row, cell, readings.sources) for row in rows)
    yield ""


def beyond_row(row: Reading, cell: int, sources: Sources) -> str:
    """One rule of our own; `cell` is the one that says when."""
    return f"| {row.title.rstrip('.')} | {row.cells[cell]} | {cited(row, sources)} | {row.link} |"
