"""The policy core knows no kind, playbook, rule or article by name: those are words of the data."""

from __future__ import annotations

import re
from pathlib import Path

import afterword.policy
from afterword.playbooks.loader import builtin, builtin_document

CORE = Path(afterword.policy.__file__).parent


def words_of_the_data() -> set[str]:
    words: set[str] = set(builtin())
    for identifier in builtin():
        for rule in builtin_document(identifier)["rules"]:
            words |= {rule["id"], rule["kind"]}
            words |= {citation["source"] for citation in (*rule["cite"], *rule.get("dissent", ()))}
    return words


def found_in(source: str, words: set[str]) -> set[str]:
    joined = source.lower()
    return {word for word in words if re.search(rf"(?<![a-z_-]){re.escape(word)}(?![a-z_-])", joined)}


def test_no_word_of_the_yaml_stands_in_the_core() -> None:
    words = words_of_the_data()
    found = {path.name: found_in(path.read_text(encoding="utf-8"), words) for path in CORE.glob("*.py")}
    assert {name: words for name, words in found.items() if words} == {}


def test_the_look_out_finds_a_planted_word() -> None:
    assert found_in('if rule.kind == "thank-you": ...', words_of_the_data()) == {"thank-you"}


def test_the_core_is_read_whole() -> None:
    assert len(list(CORE.glob("*.py"))) > 10
    assert len(words_of_the_data()) > 35
