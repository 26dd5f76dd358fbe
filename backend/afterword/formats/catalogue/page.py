"""One playbook as a page of Markdown: each rule and each hold, with its sources and who says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from afterword.formats.catalogue.entries import OPENS, Entries, HoldEntry, Opening, RuleEntry, hold_title, title
from afterword.policy.playbook import HoldRule, Playbook, Rule
from afterword.policy.timeline import Citation

MARKUP = re.compile(r"([\\`*_\[\]<>|])")


class Sources(NamedTuple):
    """How citations are shown: the id of the playbook that is nobody's article, and pages to link to by source."""

    own: str
    pages: frozenset[str]


def plain(text: str) -> str:
    """A text of the data on one line, with nothing in it read as Markdown."""
    return MARKUP.sub(r"\\\1", " ".join(text.split()))


def slugs(titles: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Where on a page each entry's heading is, the way GitHub names headings; pairs of id and heading come in."""
    found: dict[str, str] = {}
    for identifier, heading in titles:
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found[identifier] = slug if slug not in found.values() else f"{slug}-1"
    return found


def headings(playbook: Playbook) -> dict[str, str]:
    """The slug of each rule and hold on its playbook's page."""
    rules = [(rule.id, title(rule)) for rule in playbook.rules]
    return slugs([*rules, *((hold.id, hold_title(hold)) for hold in playbook.holds)])


class Chapters:
    """The rules and holds of one playbook as entries of a page, linked to one another."""

    def __init__(self, playbook: Playbook, sources: Sources) -> None:
        self.playbook = playbook
        self.sources = sources
        self.slugs = headings(playbook)
        self.entries = Entries(playbook, self.linked)

    def linked(self, heading: str, identifier: str) -> str:
        """A rule that is named."""
        return f"[“{plain(heading)}”](#{self.slugs[identifier]})"

    def entry(self, entry: Rule | HoldRule) -> Iterator[str]:
        """A rule or a hold."""
        if isinstance(entry, Rule):
            return self.rule(self.entries.rule(entry))
        return self.hold(self.entries.hold(entry))

    def rule(self, told: RuleEntry) -> Iterator[str]:
        """One rule."""
        yield from (f"### {plain(told.title)}", "", *([] if told.openings else [plain(told.why), ""]))
        yield from (identified(told), f"- **For:** {told.whom}")
        if told.when:
            yield f"- **When:** {told.when}"
        for end in told.window:
            by_reason = end.name == OPENS and told.openings
            yield from (
                [f"- **{OPENS}:**", *reasons(told.openings)] if by_reason else [f"- **{end.name}:** {end.words}"]
            )
        if told.how:
            yield f"- **How:** {told.how}"
        if told.often:
            yield f"- **How often:** {told.often}"
        if told.notes:
            yield f"- **Also:** {' '.join(told.notes)}"
        if told.checklist:
            yield f"- **Checklist:** {'; '.join(map(plain, told.checklist))}"
        yield from self.cited(told.sources, told.dissent)

    def hold(self, told: HoldEntry) -> Iterator[str]:
        """One hold."""
        yield from (f"### {plain(told.title)}", "", plain(told.why), "")
        yield from (identified(told), f"- **Leave alone:** {told.forbids}")
        yield f"- **Towards:** {told.whom}"
        if told.when:
            yield f"- **When:** {told.when}"
        yield f"- **Until:** {told.until}"
        yield from self.cited(told.sources, ())

    def cited(self, sources: Iterable[Citation], dissent: Iterable[Citation]) -> Iterator[str]:
        """Who says so and who does not."""
        yield from (f"- {label(each, self.sources)}, {self.place(each)}: {plain(each.says)}" for each in sources)
        against = (f"- **Dissent**{inference(each)}, {self.place(each)}: {plain(each.says)}" for each in dissent)
        yield from against
        yield ""

    def place(self, citation: Citation) -> str:
        """Which article, and where in it."""
        return place(citation, self.sources, self.playbook.id)


def identified(told: RuleEntry | HoldEntry) -> str:
    """What it is called in the data."""
    kind = "" if told.id == told.kind else f", of the kind `{told.kind}`"
    return f"- **Id:** `{told.id}`{kind}"


def reasons(openings: Iterable[Opening]) -> list[str]:
    """An opening point by point, each with its reason."""
    first, *others = (f"{each.words}. *{plain(each.why)}*" for each in openings)
    return [f"  - {first}", *(f"  - failing that, {each}" for each in others)]


def label(citation: Citation, sources: Sources) -> str:
    """Whether the article says so or we read it so."""
    if citation.inferred:
        return "*Our own advice*" if citation.source == sources.own else "*Our reading*"
    return "**Stated**"


def inference(citation: Citation) -> str:
    """The mark of what is only our reading."""
    return " (*our reading*)" if citation.inferred else ""


def place(citation: Citation, sources: Sources, here: str = "") -> str:
    """Which article, unless it is the one the page is about, and where in it."""
    where = f"section {citation.locator}" if citation.locator[:1].isdigit() else citation.locator
    if citation.source == here:
        return plain(where)
    known = citation.source in sources.pages
    article = f"[{citation.source}]({citation.source}.md)" if known else plain(citation.title)
    return f"{article}, {plain(where)}"
