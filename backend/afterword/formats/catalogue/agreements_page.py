"""Where the articles agree and where they do not, as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from afterword.formats.catalogue import words
from afterword.formats.catalogue.agreements import INFERRED, STATED, TAKEN_UP, Agreement, Compared, Reading
from afterword.formats.catalogue.page import Sources, headings, inference, label, place, plain
from afterword.policy.playbook import Playbook

MARKS = {STATED: "**stated**", INFERRED: "*our reading*", TAKEN_UP: "taken up"}
SILENT = ""


class Tables:
    """The kinds as tables whose rows link to the playbooks' pages. `own` is the playbook that is nobody's article."""

    def __init__(self, playbooks: Mapping[str, Playbook], sources: Sources) -> None:
        self.sources = sources
        self.articles = tuple(name for name in playbooks if name != sources.own)
        self.slugs = {name: headings(playbook) for name, playbook in playbooks.items()}
        self.all = list(Compared(playbooks, self.articles).agreements(strong=lambda word: f"**{word}**"))
        self.of_articles = [each for each in self.all if each.verdict is not None]

    def link(self, reading: Reading) -> str:
        """A row's playbook, told apart by its id from others of its kind."""
        name = reading.playbook
        apart = "" if reading.rule == reading.kind else f", `{reading.rule}`"
        return f"[{name}]({name}.md#{self.slugs[name][reading.rule]}){apart}"


def agreements(playbooks: Mapping[str, Playbook], sources: Sources) -> Iterator[str]:
    """The whole page."""
    tables = Tables(playbooks, sources)
    yield from ("## At a glance", "")
    yield from glance(tables, [*tables.articles, sources.own])
    for heading, held in (("## What to do", False), ("## What to leave alone", True)):
        yield from (heading, "")
        for each in tables.of_articles:
            if each.held == held:
                yield from section(each, tables)
    yield from beyond(tables)


def glance(tables: Tables, names: Sequence[str]) -> Iterator[str]:
    """One line for each kind, one column for each playbook."""
    yield f"| | {' | '.join(f'[{name}]({name}.md)' for name in names)} |"
    yield f"|---|{':-:|' * len(names)}"
    for each in tables.of_articles:
        yield f"| [{each.name}](#{each.kind}) | {' | '.join(marks(each.readings, names))} |"
    yield ""


def marks(readings: Iterable[Reading], names: Iterable[str]) -> list[str]:
    """Whether each playbook speaks of something, and on whose word."""
    told = {reading.playbook: MARKS[reading.word] for reading in readings}
    return [told.get(name, SILENT) for name in names]


def section(agreement: Agreement, tables: Tables) -> Iterator[str]:
    """One kind: who agrees, what each says, and what our own playbook made of it."""
    yield from (f"### {agreement.name}", "")
    yield from (f"*{plain(agreement.title).rstrip('.')}.*", "")
    yield from (agreement.verdict or "", "")
    yield f"| | {' | '.join(agreement.columns)} | on whose word |"
    yield "|---" * (len(agreement.columns) + 2) + "|"
    for each in agreement.readings:
        yield f"| {tables.link(each)} | {' | '.join(each.cells)} | {cited(each, tables.sources)} |"
    yield ""
    yield from chosen([each for each in agreement.readings if each.playbook == tables.sources.own], tables)


def cited(reading: Reading, sources: Sources) -> str:
    """The citations of a row in one cell."""
    return "<br>".join(
        f"{label(each, sources)}, {place(each, sources, reading.playbook)}: {plain(each.says)}"
        for each in reading.sources
    )


def chosen(readings: Sequence[Reading], tables: Tables) -> Iterator[str]:
    """What our own playbook takes up, from whom, and against whom."""
    own = tables.sources.own
    if not readings:
        yield from (f"*{own}* has no rule of this kind.", "")
        return
    for each in readings:
        agreeing = dict.fromkeys(source.source for source in each.sources if source.source != own)
        with_whom = f"goes with {words.either(agreeing, 'and')}" if agreeing else "speaks for itself"
        yield f"{tables.link(each)} {with_whom}{'; against it:' if each.dissent else '.'}"
        yield ""
        for against in each.dissent:
            yield f"- {place(against, tables.sources)}{inference(against)}: {plain(against.says)}"
        yield from ([""] if each.dissent else [])


def beyond(tables: Tables) -> Iterator[str]:
    """What no article speaks of."""
    yield "## Beyond the articles"
    yield from ("", "No article says anything about these; they are our own advice, cited as such.")
    yield from ("", "| | when | what we say | where |", "|---|---|---|---|")
    for each in tables.all:
        if each.verdict is None:
            cell = each.columns.index("when")
            yield from (beyond_row(reading, cell, tables) for reading in each.readings)
    yield ""


def beyond_row(reading: Reading, cell: int, tables: Tables) -> str:
    """One rule of our own; `cell` is the one that says when."""
    said = cited(reading, tables.sources)
    return f"| {plain(reading.title).rstrip('.')} | {reading.cells[cell]} | {said} | {tables.link(reading)} |"
