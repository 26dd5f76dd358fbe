"""What text may hold."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text itself, unless it has control characters: PostgreSQL keeps no NUL, and no screen shows the others."""
    if any(character < " " and character not in "\n\r\t" for character in text):
        raise ValueError("has a control character that cannot be stored; remove it")
    return text
