"""The words of the rule language, each in a playbook of a few invented rules: what it must bring, worked out by hand.

The cases in `language/` are written as the golden ones are, with `rules` in place of `playbook`.
"""

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
    for path in sorted((Path(__file__).parent / "language").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
CITE = [{"source": "my-aunt", "locator": "by phone", "says": "Always."}]


def playbook(rules: list[dict[str, Any]]) -> dict[str, Any]:
    """The rules whole: each is of the kind that it is called, unless it says otherwise."""
    return {"id": "mine", "rules": [{"kind": rule["id"], "cite": CITE, **rule} for rule in rules]}


@pytest.mark.parametrize(("source", "case"), CASES, ids=[f"{source}:{case['id']}" for source, case in CASES])
def test_a_rule_means_what_it_says(source: str, case: dict[str, Any]) -> None:
    document = FactsDocument.model_validate(golden.facts({**case, "playbook": playbook(case["rules"])}))
    answer = json.loads(json.dumps(answer_document(document)))
    assert golden.check(case, answer) == [], source


def test_every_case_has_an_id_of_its_own() -> None:
    ids = [case["id"] for _, case in CASES]
    assert len(ids) == len(set(ids))
