"""Every file of the catalogue: a page and a picture for each playbook, what is in all of them, and how they compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from afterword.formats.catalogue.agreements_page import agreements
from afterword.formats.catalogue.page import Chapters, Sources, plain
from afterword.formats.catalogue.picture import picture
from afterword.formats.catalogue.story import Span, story, when
from afterword.policy.playbook import HoldRule, Playbook, Rule

PAGES, IMAGES = "docs/playbooks", "docs/images"
DATA = "../../backend/afterword/playbooks/data"
MADE = "<!-- Made by `make catalogue` from the playbooks' data; change those, not this. -->"
LEGEND = """\
## How to read a page
- **Stated** is what an article says, in our words, with the place in it. *Our reading* is where it is silent or can be
  read in several ways and we had to settle something; most exact hours and days are of that sort. *Our own advice* is
  in no article. **Dissent** is what another article says against it.
- A distance in **hours**, or "to the hour", is counted to the minute and moved by nothing. A distance in **days** runs
  from the start of contact hours (9:00, unless you say otherwise) of its first day to their end (17:00) of its last.
  A message counted in days that would fall on a day off moves to the next working day. There is more to it:
  [how time is read](../policy.md).
- "**The day they named**" is the day by which they promised an answer, in the interview or in a reply later.
- **Best** is the moment we would choose, **due** the end of the window; once **too late**, it is not shown any more.
- **How often** counts everything sent since the interview. A reply that names a new day allows one more.
- The **id** is the rule's name in the data, for those who [write a playbook](../writing-a-playbook.md) of their own.
- **What to leave alone** is as much part of the advice: while such a hold stands, what it forbids is not shown as open.
- The **picture** on each page is the same example everywhere: Ana Ruiz of Acme has met you on Tuesday 3 March 2026 from
  14:00 to 15:00, named no day and never replies, and you do each thing at the best moment, else when it opens.
"""
COMPARED = """\
The articles, side by side, and what *{own}*, our own choice and the default, made of them. **Stated** is what an
article says, *our reading* what we settled where it is silent: [how to read this](README.md#how-to-read-a-page). A
difference may lie in our readings alone; the last column tells. How long a thing stays on the list once it is overdue
is our reading throughout, and stands on each playbook's own page."""


def catalogue(playbooks: Mapping[str, Playbook], documents: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Every file by its path from the root. The first playbook is our own choice, the others are articles'."""
    sources = Sources(own=next(iter(playbooks)), pages=frozenset(playbooks))
    shared = in_all(playbooks)
    found = {f"{PAGES}/README.md": written(front_page(playbooks, documents, shared, sources))}
    found[f"{PAGES}/agreements.md"] = written(compared(playbooks, sources))
    for name, playbook in playbooks.items():
        told = story(playbook)
        about = documents[name].get("about") or ""
        found[f"{PAGES}/{name}.md"] = written(page(playbook, about, told, shared, sources))
        found[f"{IMAGES}/{name}-two-weeks.svg"] = picture(told, alternative(playbook))
    return found


def written(lines: Iterator[str]) -> str:
    """Lines as a file."""
    return "\n".join((MADE, "", *lines)).rstrip() + "\n"


def in_all(playbooks: Mapping[str, Playbook]) -> frozenset[str]:
    """The ids of rules and holds that are the same in every playbook."""
    # Rules are compared by identity; their text has all that they hold.
    everywhere = [{entry.id: repr(entry) for entry in entries_of(each)} for each in playbooks.values()]
    first, *others = everywhere
    return frozenset(name for name, entry in first.items() if all(other.get(name) == entry for other in others))


def entries_of(playbook: Playbook) -> tuple[Rule | HoldRule, ...]:
    """Its rules, then its holds."""
    return (*playbook.rules, *playbook.holds)


def alternative(playbook: Playbook) -> str:
    """What the picture shows, for those who cannot see it."""
    return f"The first two weeks as {playbook.id} has them; the table below says the same"


def front_page(
    playbooks: Mapping[str, Playbook],
    documents: Mapping[str, Mapping[str, Any]],
    shared: frozenset[str],
    sources: Sources,
) -> Iterator[str]:
    """The list of playbooks, how to read them, and what is part of each."""
    yield from ("# The playbooks", "", "Whose advice it is, rule by rule. Where the articles agree and where they do")
    yield from (
        "not is on [one page](agreements.md); how to write one of your own is in the",
        "[guide](../writing-a-playbook.md).",
        "",
    )
    yield from ("| playbook | whose | in a sentence |", "|---|---|---|")
    for name, playbook in playbooks.items():
        yield f"| [{name}]({name}.md) | {playbook.title} | {documents[name].get('about') or ''} |"
    yield from ("", *LEGEND.splitlines(), "", "## In every playbook", "")
    first = next(iter(playbooks.values()))
    yield from chapter(first, shared, sources)


def compared(playbooks: Mapping[str, Playbook], sources: Sources) -> Iterator[str]:
    """Where the articles agree and where they do not."""
    yield from (
        "# Where the articles agree, and where they do not",
        "",
        *COMPARED.format(own=sources.own).splitlines(),
        "",
    )
    yield from agreements(playbooks, sources)


def chapter(playbook: Playbook, only: frozenset[str], sources: Sources) -> Iterator[str]:
    """Some of a playbook's entries, in its order."""
    laid_out = Chapters(playbook, sources)
    for entry in entries_of(playbook):
        if entry.id in only:
            yield from laid_out.entry(entry)


def page(playbook: Playbook, about: str, spans: list[Span], shared: frozenset[str], sources: Sources) -> Iterator[str]:
    """One playbook of the catalogue."""
    yield from (f"# {playbook.title}", "", about, "")
    yield f"This is the playbook `{playbook.id}`. [How to read this page](README.md#how-to-read-a-page) ·"
    yield f"[what the others say](agreements.md) · [as data]({DATA}/{playbook.id}.yaml)"
    yield from ("", "## The first two weeks", "")
    yield f"![{alternative(playbook)}](../images/{playbook.id}-two-weeks.svg)"
    yield from ("", *table(spans), "")
    yield from chapters(playbook, shared, sources)
    yield f"[{len(shared)} more](README.md#in-every-playbook) are part of every playbook."


def described(playbook: Playbook, about: str | None, own: str) -> str:
    """A playbook by itself, whole, as its author may read it back. `own` is what we cite as ourselves."""
    head = [f"# {plain(playbook.title)}", "", *([plain(about), ""] if about else [])]
    weeks = ["## The first two weeks of an example", "", *table(story(playbook)), ""]
    rules = chapters(playbook, frozenset(), Sources(own, frozenset()))
    return "\n".join([*head, *weeks, *rules]).rstrip() + "\n"


def chapters(playbook: Playbook, but: frozenset[str], sources: Sources) -> Iterator[str]:
    """What to do and what to leave alone."""
    holds = frozenset(hold.id for hold in playbook.holds) - but
    yield from ("## What to do", "")
    yield from chapter(playbook, frozenset(rule.id for rule in playbook.rules) - but, sources)
    if holds:
        yield from ("## What to leave alone", "")
        yield from chapter(playbook, holds, sources)


def table(spans: list[Span]) -> Iterator[str]:
    """The picture as a table."""
    yield from ("| what | from | best | until |", "|---|---|---|---|")
    for span in spans:
        name = plain(span.title)
        what = f"leave alone: {name.lower()}" if span.held else name + (" (optional)" if span.optional else "")
        yield f"| {what} | {when(span.opens_at)} | {when(span.best_at)} | {when(span.due_at)} |"
