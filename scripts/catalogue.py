"""Writes the rule catalogue, docs/playbooks/*.md and its pictures, from the built-in playbooks."""

from __future__ import annotations

from pathlib import Path

from afterword.formats.catalogue.pages import catalogue
from afterword.playbooks.loader import builtin, builtin_document

ROOT = Path(__file__).parents[1]


def main() -> None:
    playbooks = builtin()
    for name, text in catalogue(playbooks, {each: builtin_document(each) for each in playbooks}).items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(name)


if __name__ == "__main__":
    main()
