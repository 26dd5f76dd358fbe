"""The golden cases: concrete facts, and what each playbook must say about them, worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from afterword.formats.facts_document import FactsDocument
from afterword.services.timelines import answer_document
from support import golden

CASES = [
    (path.stem, case)
    for path in sorted((Path(__file__).parent / "golden").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("source", "case"), CASES, ids=[f"{source}:{case['id']}" for source, case in CASES])
def test_the_policy_says_what_the_case_expects(source: str, case: dict[str, Any]) -> None:
    document = FactsDocument.model_validate(golden.facts(case))
    answer = json.loads(json.dumps(answer_document(document)))
    assert golden.check(case, answer) == [], source


def test_every_case_has_an_id_of_its_own() -> None:
    ids = [case["id"] for _, case in CASES]
    assert len(ids) == len(set(ids))


def test_every_case_of_our_own_says_because_of_what() -> None:
    assert [case["id"] for source, case in CASES if source != "published" and not case.get("because")] == []


def test_the_runner_notices_a_wrong_answer() -> None:
    case = dict(CASES[0][1])
    document = FactsDocument.model_validate(golden.facts(case))
    answer = json.loads(json.dumps(answer_document(document)))
    case["expect_none"] = [{"kind": answer["actions"][0]["kind"]}]
    assert golden.check(case, answer) != []
