"""What a Markdown page has, as far as tests ask: headings, links, fenced blocks."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

FENCED = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block: its language, what it is for (the word after it), its text."""

    language: str
    part: str
    text: str


def blocks(page: str) -> list[Block]:
    return [Block(*found) for found in FENCED.findall(page)]


def anchors(page: str) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in re.findall(r"^#+ (.+)$", FENCED.sub("", page), re.MULTILINE):
        slug = "".join(letter for letter in heading.lower() if letter.isalnum() or letter in " -_").replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found


def links(page: str) -> list[tuple[str, str]]:
    """Links to files and headings of the project, each as file and anchor; either may be empty."""
    return re.findall(r"\]\(([^)#:]*)(?:#([^)]+))?\)", page)
