"""What the documents name exists, and what people can set or run is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import afterword
from afterword.__main__ import parser
from afterword.config import Settings
from afterword.playbooks.loader import builtin
from support.containers import Asked

ROOT = Path(afterword.__file__).parents[2]
README = (ROOT / "README.md").read_text()
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
STANDS_FOR = {"FILE": "week", "FILE.yaml": "week.yaml"}


def settings() -> set[str]:
    asked = Asked()
    Settings.from_environ(asked)
    return {name for name in asked.names if name.startswith(("AFTERWORD_", "DATABASE_"))}


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    assert set(re.findall(r"^\| `([A-Z_]+)`", README, re.MULTILINE)) == settings()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(document: Path) -> None:
    assert set(re.findall(r"\bAFTERWORD_[A-Z_]+|\bDATABASE_URL\b", document.read_text())) <= settings()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_is_named_exists(document: Path) -> None:
    for line in re.findall(r"`(?:\.venv/bin/)?afterword ([^`]+)`", document.read_text()):
        words = [STANDS_FOR.get(word, word) for word in line.split() if word not in {"|", "…"}]
        assert parser().parse_args(words)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_target_that_is_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)|`make ([a-z]+)`", document.read_text(), re.MULTILINE)) <= {
        pair for target in targets for pair in ((target, ""), ("", target))
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_is_linked_exists(document: Path) -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", document.read_text())
    assert [name for name in linked if not (document.parent / name).exists()] == []


def test_the_example_of_the_readme_asks_for_a_playbook_that_exists() -> None:
    assert set(re.findall(r'"playbook": "([a-z-]+)"', README)) <= set(builtin())
