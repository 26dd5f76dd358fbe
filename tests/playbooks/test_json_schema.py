"""The JSON Schema of playbooks: committed, fresh, and of one mind with the reader as far as a schema can be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import afterword
from afterword.formats import yaml_document
from afterword.playbooks import json_schema
from afterword.playbooks.loader import BUILTIN, DATA, builtin_document
from afterword.policy.conditions import CONDITIONS
from afterword.policy.playbook import ANCHORS

COMMITTED = Path(afterword.__file__).parents[2] / "docs" / "playbook.schema.json"
SCHEMA = json_schema.document()
VALIDATOR = Draft202012Validator(SCHEMA)
MISTAKES = yaml_document.load((Path(__file__).parent / "mistakes.yaml").read_text())
#: What hangs on other rules or on more than the shape of the text.
ONLY_THE_READER_KNOWS = (
    "key given twice", "id given twice", "circle", "waits for itself", "ends itself", "is not there",
    "in place of a rule", "no window", "window of the account", "opening at itself", "counted from itself",
    "that nothing has", "hold of nothing", "that asks about a rule", "placeholder", "brace", "control character",
    "nothing to use up", "without end", "never moved", "to be unreachable by",
)  # fmt: skip


def test_what_is_committed_is_what_the_code_says() -> None:
    assert COMMITTED.read_text() == json_schema.text(), "docs/playbook.schema.json is old; run `make schema`"


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", ["common", *BUILTIN])
def test_every_built_in_playbook_is_valid_as_it_is_written(name: str) -> None:
    VALIDATOR.validate(yaml_document.load((DATA / f"{name}.yaml").read_text()))


@pytest.mark.parametrize("name", BUILTIN)
def test_every_built_in_playbook_is_valid_as_it_is_shown(name: str) -> None:
    VALIDATOR.validate(json.loads(json.dumps(builtin_document(name))))


def test_a_playbook_that_extends_one_may_adjust_rules_and_only_then() -> None:
    adjusted = {"id": "mine", "extends": "balanced", "rules": [{"id": "follow-up", "repeat": {"every": "P14D"}}]}
    assert VALIDATOR.is_valid(adjusted)
    assert VALIDATOR.is_valid({**adjusted, "without": ["prepare"]})
    assert not VALIDATOR.is_valid({"id": "mine", "rules": adjusted["rules"]})
    assert not VALIDATOR.is_valid({"id": "mine", "rules": [], "without": ["prepare"]})
    assert not VALIDATOR.is_valid({**adjusted, "rules": [{"id": "follow-up", "colour": "red"}]})


@pytest.mark.parametrize("mistake", [pytest.param(each, id=each["mistake"]) for each in MISTAKES])
def test_a_mistake_that_can_be_seen_by_shape_is_refused(mistake: dict[str, Any]) -> None:
    if mistake["mistake"] == "key given twice":
        return
    by_shape = not any(words in mistake["mistake"] for words in ONLY_THE_READER_KNOWS)
    assert VALIDATOR.is_valid(yaml_document.load(mistake["text"])) != by_shape


def test_an_editor_can_complete_every_condition_and_anchor_with_a_word_on_each() -> None:
    *bare, with_arguments = SCHEMA["$defs"]["ConditionPart"]["anyOf"]
    named = {each["const"]: each["description"] for each in bare}
    named |= {name: each["description"] for name, each in with_arguments["properties"].items()}
    assert named.keys() == CONDITIONS.keys()
    *plain, of_rules = SCHEMA["$defs"]["PointPart"]["properties"]["anchor"]["anyOf"]
    assert {each["const"] for each in plain} | {"last_done", "reply_to"} == set(ANCHORS)
    assert of_rules["examples"] == ["last_done(thank-you)", "reply_to(thank-you)"]
    assert all(each["description"] for each in plain)
    assert all(named.values())


@pytest.mark.parametrize("part", ["RulePart", "HoldPart", "PointPart", "RepeatPart", "ChannelPart", "CitationPart"])
def test_every_key_is_described(part: str) -> None:
    described = SCHEMA["$defs"][part]["properties"]
    assert [key for key, schema in described.items() if not schema.get("description")] == []
