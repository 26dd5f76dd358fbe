"""What the documents name exists, and what people can set or run is documented."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import afterword
from afterword.__main__ import parser
from afterword.config import Settings
from afterword.playbooks.loader import builtin
from afterword.playbooks.schema import HoldPart, RulePart
from afterword.playbooks.source import read_source
from afterword.policy.conditions import CONDITIONS
from afterword.policy.playbook import ANCHORS
from support import markdown
from support.containers import Asked

ROOT = Path(afterword.__file__).parents[2]
README = (ROOT / "README.md").read_text()
LANGUAGE = (ROOT / "docs" / "playbooks.md").read_text()
INDEX = ROOT / "docs" / "README.md"
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
ROUTES = {
    (method.upper(), re.sub(r"\{\w+\}", "{}", path))
    for path, item in json.loads((ROOT / "openapi" / "openapi.json").read_text())["paths"].items()
    for method in item
}
STANDS_FOR = {"FILE": "week", "FILE.yaml": "week.yaml"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def section(heading: str) -> str:
    """A chapter of the language's reference."""
    return re.split(r"^## ", LANGUAGE, flags=re.MULTILINE)[1:][chapters().index(heading)]


def chapters() -> list[str]:
    return re.findall(r"^## (.+)$", LANGUAGE, re.MULTILINE)


def first_column(text: str) -> set[str]:
    """What a table names in backticks in its first column, without brackets."""
    cells = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    return {name.partition("(")[0] for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def linked_from(document: Path) -> set[Path]:
    """Every document that links lead to."""
    found, waiting = {document}, [document]
    while waiting:
        page = waiting.pop()
        for name, _ in markdown.links(page.read_text()):
            target = (page.parent / name).resolve()
            if target.suffix == ".md" and target not in found:
                found.add(target)
                waiting.append(target)
    return found


def settings() -> set[str]:
    asked = Asked()
    Settings.from_environ(asked)
    return {name for name in asked.names if name.startswith(("AFTERWORD_", "DATABASE_"))}


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    assert set(re.findall(r"^\| `([A-Z_]+)`", README, re.MULTILINE)) == settings()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_setting_that_is_named_exists(document: Path) -> None:
    assert set(re.findall(r"\bAFTERWORD_[A-Z_]+|\bDATABASE_URL\b", document.read_text())) <= settings()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_command_that_is_named_exists(document: Path) -> None:
    for line in re.findall(r"`(?:\.venv/bin/)?afterword ([^`]+)`", document.read_text()):
        words = [STANDS_FOR.get(word, word) for word in line.split() if word not in {"|", "…"}]
        assert parser().parse_args(words)


def test_every_command_is_documented() -> None:
    named = re.findall(r"`afterword ([a-z-]+)", INDEX.read_text())
    assert set(named) == set(parser()._subparsers._group_actions[0].choices)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_target_that_is_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)`", document.read_text(), re.MULTILINE)) <= {
        pair for target in targets for pair in ((target, ""), ("", target))
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_file_and_heading_that_is_linked_exists(document: Path) -> None:
    for name, anchor in markdown.links(document.read_text()):
        target = (document.parent / name).resolve() if name else document
        assert target.exists(), name
        assert not anchor or anchor in markdown.anchors(target.read_text()), f"{name}#{anchor}"


def test_the_example_of_the_readme_asks_for_a_playbook_that_exists() -> None:
    assert set(re.findall(r'"playbook": "([a-z-]+)"', README)) <= set(builtin())


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_route_that_is_named_exists(document: Path) -> None:
    named = re.findall(r"\b(GET|POST|PUT|PATCH|DELETE) (/(?:api|health|metrics)[\w/{}.-]*)", document.read_text())
    assert {(method, re.sub(r"\{\w+\}", "{}", path)) for method, path in named} <= ROUTES


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_playbook_that_is_named_exists(document: Path) -> None:
    asked = r"(?:^ *extends: |^ *playbook: |\"playbook\": \"|playbook=|playbook `)([a-z]+(?:-[a-z]+)*)\b"
    assert set(re.findall(asked, document.read_text(), re.MULTILINE)) <= set(builtin())


def test_every_document_is_led_to() -> None:
    assert {path for path in DOCUMENTS if path.is_relative_to(INDEX.parent)} <= linked_from(INDEX)


def test_every_condition_is_documented_and_every_documented_one_exists() -> None:
    assert set(re.findall(r"`([a-z_]+)`", section("Conditions"))) == set(CONDITIONS)


def test_every_anchor_is_documented_and_every_documented_one_exists() -> None:
    assert first_column(section("Points in time")) == set(ANCHORS)


def test_every_key_of_a_rule_is_documented_and_every_documented_one_exists() -> None:
    told = section("A rule")
    of_rules = {field.alias or name for name, field in RulePart.model_fields.items()}
    assert first_column(told) == of_rules
    of_holds = {field.alias or name for name, field in HoldPart.model_fields.items()}
    assert of_holds - of_rules <= set(re.findall(r"`([a-z_]+)(?:: [^`]*)?`", told.split("**hold**")[1]))


def test_the_example_of_the_language_can_be_used() -> None:
    examples = [block.text for block in markdown.blocks(LANGUAGE) if block.language == "yaml"]
    assert [bool(read_source(example)) for example in examples] == [True]


def test_every_playbook_is_documented() -> None:
    assert set(builtin()) <= set(re.findall(r"`([a-z-]+)`", LANGUAGE.partition("##")[0]))
