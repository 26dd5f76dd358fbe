"""What `docs/webhooks.md` shows: its examples, by language and purpose, and its tables."""

from __future__ import annotations

import re
from pathlib import Path

import afterword
from support import markdown

ROOT = Path(afterword.__file__).parents[2]
PAGE = (ROOT / "docs" / "webhooks.md").read_text()
BLOCKS = {(block.language, block.part): block.text for block in markdown.blocks(PAGE)}


def example(language: str, part: str) -> str:
    """The one block of that language and purpose."""
    return BLOCKS[language, part]


def table(first_heading: str, below: str = "") -> list[list[str]]:
    """The rows of the table whose first column is headed so, cell by cell; the first such table after some text."""
    _, found, rest = PAGE[PAGE.index(below) :].partition(f"\n| {first_heading} |")
    if not found:
        raise LookupError(first_heading)
    rows = rest.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def named(cell: str) -> list[str]:
    """What a cell names in backticks."""
    return re.findall(r"`([^`]+)`", cell)
