"""Reads playbooks: the built-in ones from `data/`, and whole ones that a caller gives.

A playbook may `extends` a built-in: a rule with a `kind` replaces the one of the same id whole, one without adjusts the
keys it names, and `without` drops some. The rules of `data/common.yaml` are part of every playbook.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from afterword.errors import FieldProblem, InvalidInput, InvalidPlaybook
from afterword.formats import yaml_document
from afterword.formats.field_problems import field_problems
from afterword.playbooks import compiler
from afterword.playbooks.checks import Placed, problems
from afterword.playbooks.places import as_written
from afterword.playbooks.schema import HoldPart, PlaybookDocument, RulePart
from afterword.policy.playbook import HoldRule, Playbook, Rule

DATA = Path(__file__).parent / "data"
COMMON, SOURCES = "common", "sources"
BUILTIN = ("balanced", "three-things", "interviewing-with-intention", "eight-steps", "dos-and-donts", "five-things")
MOST_PROBLEMS = 200
#: What a rule is called and how it is explained, as against what it says.
IN_WORDS = frozenset({"kind", "title", "why", "checklist", "cite", "dissent"})
RULE, HOLD = TypeAdapter(RulePart), TypeAdapter(HoldPart)

Document = Mapping[str, Any]


@cache
def builtin() -> dict[str, Playbook]:
    """The built-in playbooks by id, the default first."""
    return {name: read_inline(_written(name)) for name in BUILTIN}


@cache
def builtin_document(identifier: str) -> dict[str, Any]:
    """A built-in playbook as data, whole: giving it back inline gives the same answers."""
    return whole_document(_written(identifier))


@cache
def lasting() -> frozenset[str]:
    """The ids of the rules that are part of every playbook and stay in it."""
    return frozenset(rule["id"] for rule in _written(COMMON)["rules"])


def whole_document(document: Document) -> dict[str, Any]:
    """A document with all that it extends, which stays what it is when that changes: it extends nothing."""
    head, rules = resolve(document)
    return {**head, "rules": [rule for _, rule in rules]}


def read_inline(document: Document) -> Playbook:
    """A playbook document, checked, with what it extends. Raises `InvalidPlaybook` naming each field and its remedy."""
    return _read(*resolve(document))


def read_whole(document: Document) -> Playbook:
    """A playbook as `whole_document` gave it. Nothing is added, not even what is part of every playbook by now.

    It was checked before it was kept; what a later release refuses besides is no reason not to read it.
    """
    head = {key: value for key, value in document.items() if key != "rules"}
    return _read(head, [(f"rules.{index}", rule) for index, rule in enumerate(document["rules"])], checks=False)


def _read(head: Document, rules: list[tuple[str, dict[str, Any]]], checks: bool = True) -> Playbook:
    entries: list[Placed] = []
    found: list[FieldProblem] = []
    for path, rule in rules:
        entry = _entry(path, rule, found)
        if entry is not None:
            entries.append((path, entry))
    if checks:
        unread = {_id(rule) for _, rule in rules} - {entry.id for _, entry in entries}
        found.extend(problems(entries, unread, _kinds))
    if found:
        written = dict(rules)
        raise _invalid([_as_written(problem, written) for problem in found])
    return Playbook(
        id=head["id"],
        version=_version(head, rules),
        title=head.get("title") or head["id"],
        rules=tuple(entry for _, entry in entries if isinstance(entry, Rule)),
        holds=tuple(entry for _, entry in entries if isinstance(entry, HoldRule)),
    )


def resolve(document: Document) -> tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]:
    """The head of a document, and its rules with those of what it extends, each with the path to name it by."""
    head = _head(document)
    own = [(f"rules.{index}", dict(rule)) for index, rule in enumerate(document["rules"])]
    base: list[tuple[str, dict[str, Any]]] = []
    if head.extends:
        if head.extends not in BUILTIN:
            raise _refused("extends", f"there is no built-in playbook {head.extends}; there are: {', '.join(BUILTIN)}")
        base = [(f"{head.extends}.{rule['id']}", rule) for rule in builtin_document(head.extends)["rules"]]
    elif head.without:
        raise _refused("without", "drops rules of what is extended; name that in extends")
    missing = set(head.without) - {rule["id"] for _, rule in base}
    if missing:
        raise _refused("without", f"there is no rule {min(missing)} in {head.extends}")
    kept = [(path, rule) for path, rule in base if rule["id"] not in head.without]
    common = [(f"{COMMON}.{rule['id']}", rule) for rule in _written(COMMON)["rules"]]
    lasting = set(head.without) & {rule["id"] for _, rule in common}
    if lasting:
        raise _refused("without", f"{min(lasting)} is part of every playbook and stays; take it out of this list")
    _refuse_changes(own, {rule["id"]: rule for _, rule in common})
    given = {_id(rule) for _, rule in (*kept, *own)}
    rules = [*_overridden(kept, own), *(entry for entry in common if entry[1]["id"] not in given)]
    return {"id": head.id, "title": head.title or head.id, "about": head.about}, rules


def _refuse_changes(own: list[tuple[str, dict[str, Any]]], common: Mapping[str, Document]) -> None:
    """What is part of every playbook may be given in other words, and not be made to say something else."""
    for path, rule in own:
        lasting = common.get(_id(rule))
        said = rule if "kind" in rule else {**(lasting or {}), **rule}
        if lasting is not None and _in_no_words(said) != _in_no_words(lasting):
            raise _refused(path, f"{_id(rule)} is part of every playbook and stays as it is; give your rule another id")


def _in_no_words(rule: Document) -> dict[str, Any]:
    return {key: value for key, value in rule.items() if key not in IN_WORDS}


def _id(rule: Document) -> str:
    """The rule's id, where it is one; what is not text is refused when the rule itself is read."""
    written = rule.get("id")
    return written if isinstance(written, str) else ""


def _head(document: Document) -> PlaybookDocument:
    try:
        return PlaybookDocument.model_validate(document)
    except ValidationError as refused:
        raise _invalid(field_problems(refused.errors(include_url=False), within=())) from None


def _overridden(
    base: list[tuple[str, dict[str, Any]]], own: list[tuple[str, dict[str, Any]]]
) -> list[tuple[str, dict[str, Any]]]:
    places = {rule["id"]: index for index, (_, rule) in enumerate(base)}
    rules = list(base)
    for path, rule in own:
        place = places.get(_id(rule))
        if place is None:
            rules.append((path, rule))
        else:
            rules[place] = (path, rule if "kind" in rule else {**base[place][1], **rule})
    return rules


def _entry(path: str, rule: dict[str, Any], found: list[FieldProblem]) -> Rule | HoldRule | None:
    try:
        if "forbids" in rule:
            return compiler.hold(HOLD.validate_python(rule), _source_titles())
        return compiler.rule(RULE.validate_python(rule), _source_titles())
    except ValidationError as refused:
        refusals = field_problems(refused.errors(include_url=False), within=())
        found.extend(FieldProblem(f"{path}.{problem.path}", problem.message) for problem in refusals)
        return None


def _refused(path: str, message: str) -> InvalidPlaybook:
    return _invalid([FieldProblem(path, message)])


def _invalid(found: Sequence[FieldProblem]) -> InvalidPlaybook:
    return InvalidPlaybook(f"{found[0].told()}.", tuple(found[:MOST_PROBLEMS]))


def _as_written(problem: FieldProblem, rules: Mapping[str, object]) -> FieldProblem:
    """The problem at its path in the document, where the models have a step more."""
    steps = problem.path.split(".")
    rule, within = ".".join(steps[:2]), ".".join(steps[2:])
    path = f"{rule}.{as_written(rules[rule], within)}" if within else rule
    given, name = steps[:2]
    dropped = "" if given == "rules" else f"; or drop that rule: without: [{name}]"
    return replace(problem, path=path, message=problem.message + dropped)


def _version(head: Document, rules: list[tuple[str, dict[str, Any]]]) -> str:
    whole = json.dumps([head["id"], [rule for _, rule in rules]], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


@cache
def _written(name: str) -> dict[str, Any]:
    path = DATA / f"{name}.yaml"
    try:
        document = yaml_document.load(path.read_text(encoding="utf-8"))
    except InvalidInput as broken:
        raise InvalidPlaybook(f"{path.name}: {broken.detail}", broken.problems) from None
    return document if isinstance(document, dict) else {}


@cache
def _kinds() -> frozenset[str]:
    """Every kind that a built-in playbook speaks of."""
    return frozenset(rule["kind"] for name in (COMMON, *BUILTIN) for rule in _written(name)["rules"])


@cache
def _source_titles() -> dict[str, str]:
    return {name: source["title"] for name, source in _written(SOURCES).items()}
