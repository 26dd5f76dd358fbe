"""The golden cases leave nothing out: every rule fires and is silent somewhere, every situation has its cases."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import afterword
from afterword.formats.facts_document import FactsDocument
from afterword.formats.facts_reading import question
from afterword.playbooks.loader import BUILTIN, builtin
from afterword.policy.engine import evaluate
from afterword.policy.playbook import HoldRule, Playbook, Rule
from afterword.policy.timeline import Action, Hold
from support import golden
from support.golden import Case

HERE = Path(__file__).parent
CASES = {
    case["id"]: case
    for path in sorted((HERE / "golden").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
}
OUR_OWN = [case for case in CASES.values() if "because" in case]
SITUATIONS = yaml.safe_load((HERE / "situations.yaml").read_text(encoding="utf-8"))
RULES_OF_READING = (Path(afterword.__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
KINDS = {rule.kind for playbook in builtin().values() for rule in (*playbook.rules, *playbook.holds)}
WHOSE = ("person", "opportunity", "interview")
FIRES, IS_SILENT = "fires", "is silent"


def rules(playbook: Playbook) -> tuple[Rule | HoldRule, ...]:
    return (*playbook.rules, *playbook.holds)


def speaks_of(found: Action | Hold, wanted: Case) -> bool:
    return all(getattr(found, name, None) == wanted[name] for name in WHOSE if name in wanted)


def what_cases_say(playbook: Playbook, case: Case) -> Iterator[tuple[str, str]]:
    """The rules that a case expects to fire, and those whose kind it says is absent, as they did and are."""
    asked = question(FactsDocument.model_validate(golden.facts(case)))
    told = evaluate(playbook, asked.facts, asked.at)
    for rule in rules(playbook):
        is_hold = isinstance(rule, HoldRule)
        found = [each for each in (told.holds if is_hold else told.listed(asked.states)) if each.rule == rule.id]
        for wanted in case.get("holds" if is_hold else "expect", []):
            if wanted["kind"] == rule.kind and any(speaks_of(each, wanted) for each in found):
                yield rule.id, FIRES
        for unwanted in case.get("no_holds" if is_hold else "expect_none", []):
            whole = unwanted.keys() <= {"kind", *WHOSE}
            if whole and unwanted["kind"] == rule.kind and not any(speaks_of(each, unwanted) for each in found):
                yield rule.id, IS_SILENT


@pytest.fixture(scope="module")
def said() -> dict[str, set[tuple[str, str]]]:
    """By playbook, the rules that some case expects to fire or to be silent."""
    by_playbook: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for case in CASES.values():
        by_playbook[case["playbook"]].update(what_cases_say(builtin()[case["playbook"]], case))
    return by_playbook


@pytest.mark.parametrize("name", BUILTIN)
def test_every_rule_has_a_case_in_which_it_fires_and_one_in_which_it_does_not(
    name: str, said: dict[str, set[tuple[str, str]]]
) -> None:
    wanted = {(rule.id, what) for rule in rules(builtin()[name]) for what in (FIRES, IS_SILENT)}
    assert sorted(wanted - said[name]) == []


@pytest.mark.parametrize("situation", SITUATIONS, ids=[each["situation"] for each in SITUATIONS])
def test_every_situation_has_cases_of_ours_and_of_an_article(situation: dict[str, Any]) -> None:
    ours, theirs = situation["balanced"], situation["articles"]
    assert {CASES[each]["playbook"] for each in ours} == {"balanced"}
    assert {CASES[each]["playbook"] for each in theirs} <= set(BUILTIN) - {"balanced"}
    assert theirs


def test_every_rule_of_reading_that_a_case_names_is_written_down() -> None:
    written = {int(number) for number in re.findall(r"^### Rule (\d+)\.", RULES_OF_READING, re.MULTILINE)}
    named = {int(number) for case in OUR_OWN for part in rule_numbers(case) for number in part}
    assert written == set(range(1, 21))
    assert named == written, "each rule of reading has a case too"


def rule_numbers(case: Case) -> list[list[str]]:
    """The numbers after each "rule" or "rules" of a reason."""
    return [re.findall(r"\d+", part) for part in re.findall(r"rules? (\d+(?:(?:, | and )\d+\b)*)", case["because"])]


@pytest.mark.parametrize("case", OUR_OWN, ids=[case["id"] for case in OUR_OWN])
def test_every_reason_can_be_looked_up(case: Case) -> None:
    """It names a rule of reading, or a kind, which has its place on the pages of the playbooks."""
    words = set(re.findall(r"[a-z]+(?:-[a-z]+)*", case["because"]))
    assert rule_numbers(case) or words & KINDS


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 150
