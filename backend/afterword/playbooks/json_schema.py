"""The JSON Schema of the playbook document, for editors: made from the models, with the ways in which it is written.

The models read a condition, a moment or a list of one in more than one form; a schema has to name each. What hangs on
another rule, a circle or a rule that nothing can fire, no schema can tell: `afterword check-playbook` does.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import models_json_schema

from afterword.formats.catalogue import words
from afterword.playbooks.checks import ARGUMENTS
from afterword.playbooks.schema import MOST_POINTS, WITH_RULE, HoldPart, PlaybookDocument, RulePart
from afterword.policy.conditions import CONDITIONS
from afterword.policy.playbook import ANCHORS
from afterword.policy.wording import PLACEHOLDERS

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
RULE_ID: Schema = {"type": "string", "maxLength": 64, "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
PLUS: Schema = {
    "type": "string",
    "pattern": r"^-?P(\d{1,4}W|\d{1,4}D|T\d{1,5}H(\d{1,6}M)?|T\d{1,6}M)$",
    "examples": ["PT24H", "P7D", "P2W", "-P1D"],
}
#: Keys that may hold one thing in place of a list of it.
ONE_OR_SEVERAL = ("when", "spares", "channel", "to", "recommended", "allowed", "avoid", "prefer")
SLUGS = ("id", "kind", "after", "extends", "source")
LISTS_OF_SLUGS = ("without", "ends")
#: The words that may stand in place of a moment.
MOMENT_WORDS = {"due": ["never"], "expires": ["never", "due"]}


def document() -> Schema:
    """The schema of a whole playbook."""
    parts = [(part, "validation") for part in (PlaybookDocument, RulePart, HoldPart)]
    _, made = models_json_schema(parts, by_alias=True)  # type: ignore[arg-type]
    definitions: Schema = made["$defs"]
    whole = definitions.pop("PlaybookDocument")
    for name, definition in definitions.items():
        definition["properties"] = {key: _written(name, key, part) for key, part in definition["properties"].items()}
    definitions["ConditionPart"] = _condition()
    definitions["MomentPart"] = _moment(definitions["PointPart"])
    definitions["AdjustmentPart"] = _adjustment(definitions)
    whole["properties"] = {key: _written("", key, part) for key, part in whole["properties"].items()}
    whole["properties"]["rules"]["items"] = _any_rule()
    # Without something to adjust, each rule is whole.
    needs_kind = {"properties": {"rules": {"items": {"required": ["kind"]}}, "without": {"maxItems": 0}}}
    extending = {"required": ["extends"], "properties": {"extends": {"type": "string"}}}
    return {"$schema": DIALECT, **whole, "if": extending, "else": needs_kind, "$defs": definitions}


def text() -> str:
    """The schema as it is committed and served."""
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


def _any_rule() -> Schema:
    whole = {"if": {"required": ["forbids"]}, "then": _reference("HoldPart"), "else": _reference("RulePart")}
    return {
        "type": "object",
        "required": ["id"],
        "if": {"required": ["kind"]},
        "then": whole,
        "else": _reference("AdjustmentPart"),
    }


def _adjustment(definitions: Schema) -> Schema:
    """Any keys of a rule or a hold that is extended, besides the kind, which would make it whole."""
    properties = {**definitions["HoldPart"]["properties"], **definitions["RulePart"]["properties"]}
    properties["channel"] = {"anyOf": [properties["channel"], definitions["HoldPart"]["properties"]["channel"]]}
    del properties["kind"]
    return {
        "title": "AdjustmentPart",
        "description": "Changes to a rule of the playbook that is extended: only the keys given change.",
        "type": "object",
        "properties": properties,
        "required": ["id"],
        "additionalProperties": False,
    }


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _written(part: str, key: str, schema: Schema) -> Schema:
    """A key in every form in which it may be written."""
    if key in ("plus", "every", "at_least"):
        return _described(schema, PLUS)
    if key == "anchor":
        return _described(schema, _anchor())
    if key in SLUGS:
        return {**schema, **RULE_ID} if "type" in schema else _described(schema, {"anyOf": [RULE_ID, {"type": "null"}]})
    if key in LISTS_OF_SLUGS:
        return {**schema, "items": RULE_ID}
    if key in ("title", "why") and part in ("RulePart", "HoldPart", "PointPart"):
        examples = [f"{{{name}}}" for name in PLACEHOLDERS]
        return {**schema, "examples": examples}
    if key in ONE_OR_SEVERAL and schema.get("type") == "array":
        return _described(schema, {"anyOf": [schema["items"], {k: v for k, v in schema.items() if k not in NOTES}]})
    if key in ("opens", "best", "due", "expires"):
        return _described(schema, {"anyOf": [_reference("MomentPart"), {"enum": [*MOMENT_WORDS.get(key, ()), None]}]})
    return schema


NOTES = ("title", "description", "default")


def _described(schema: Schema, written: Schema) -> Schema:
    return {**{note: schema[note] for note in NOTES if note in schema}, **written}


def _anchor() -> Schema:
    plain = [{"const": name, "description": words.ANCHORS[name].itself} for name in ANCHORS if name not in WITH_RULE]
    of_rules = {"type": "string", "pattern": rf"^({'|'.join(WITH_RULE)})\([a-z0-9]+(-[a-z0-9]+)*\)$"}
    return {"anyOf": [*plain, {**of_rules, "examples": [f"{name}(thank-you)" for name in WITH_RULE]}]}


def _moment(point: Schema) -> Schema:
    alone = {**point, "properties": {**point["properties"], "at_least": PLUS}}
    points = {"type": "array", "minItems": 1, "maxItems": MOST_POINTS, "items": _reference("PointPart")}
    latest = {
        "type": "object",
        "properties": {"latest": points, "at_least": PLUS},
        "required": ["latest"],
        "additionalProperties": False,
    }
    return {
        "title": "MomentPart",
        "description": "A point; several, of which the first that is known counts; or the latest of several.",
        "anyOf": [alone, points, latest],
    }


def _condition() -> Schema:
    """A bare name, or one name with its arguments."""
    bare = [
        {"const": name, "description": _in_words(name)} for name, known in sorted(CONDITIONS.items()) if not known.most
    ]
    with_arguments = {
        "type": "object",
        "properties": {name: _arguments(name) for name, known in sorted(CONDITIONS.items()) if known.most},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    return {"title": "ConditionPart", "description": "One condition.", "anyOf": [*bare, with_arguments]}


def _arguments(name: str) -> Schema:
    known = CONDITIONS[name]
    one: Schema = {"enum": list(ARGUMENTS[name])} if name in ARGUMENTS else RULE_ID
    several = {"type": "array", "items": one, "minItems": known.fewest, "maxItems": known.most}
    return {"description": _in_words(name), "anyOf": [one, several]}


def _in_words(name: str) -> str:
    clause, _ = words.CONDITIONS[name]
    return "one of the sides missed it" if clause == "{}" and name == "missed_by" else clause.replace("{}", "…")
