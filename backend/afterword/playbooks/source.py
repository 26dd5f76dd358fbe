"""Playbooks as text, YAML or JSON: each problem is named with the path and the line where it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from afterword.errors import AfterwordError, FieldProblem, InvalidInput, InvalidPlaybook
from afterword.formats import yaml_document
from afterword.playbooks.loader import read_inline
from afterword.policy.playbook import Playbook

Lines = Mapping[str, int]
#: Half of a letter that JSON writes as two.
_HALF = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


def read_source(text: str, name: str | None = None) -> tuple[dict[str, Any], Playbook]:
    """The document of a text as it is written, and the playbook that it makes with what it extends.

    `name` is the file's, if there is one; without it a text that begins with a brace may be JSON or YAML. Raises
    `InvalidPlaybook`, whose problems carry path and line.
    """
    try:
        document, lines = _parsed(text, name)
    except InvalidInput as broken:
        raise refused(broken, {}, name) from None
    try:
        return document, read_inline(document)
    except InvalidPlaybook as broken:
        raise refused(broken, lines, name) from None


def as_written(text: str) -> dict[str, Any]:
    """The document of a text that was read before, with `extends` in place of what it extends."""
    return _parsed(text, None)[0]


def read_file(path: Path) -> tuple[dict[str, Any], Playbook]:
    """A file's document and playbook."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(yaml_document.LARGEST_DOCUMENT + 1)
    except (OSError, UnicodeDecodeError) as error:
        problem = FieldProblem("", f"cannot be read: {error}; give a file of UTF-8 text")
        raise InvalidPlaybook(f"{problem.told(str(path))}.", (problem,)) from None
    return read_source(text, str(path))


def refused(error: AfterwordError, lines: Lines, name: str | None) -> InvalidPlaybook:
    """The refusal with the line of each problem, in the order of the text."""
    found = [replace(each, line=each.line or _line(each.path, lines)) for each in error.problems]
    found.sort(key=lambda problem: problem.line or 0)
    return InvalidPlaybook(f"{found[0].told(name)}.", tuple(found))


def _line(path: str, lines: Lines) -> int | None:
    """The line of a path; of a key that is not there, that of the nearest part which is."""
    parts = path.split(".")
    for count in range(len(parts), 0, -1):
        line = lines.get(".".join(parts[:count]))
        if line is not None:
            return line
    # What is wrong with a rule that is extended came about by dropping another, else by extending it at all.
    return lines.get("without") or lines.get("extends") or lines.get("")


def _parsed(text: str, name: str | None) -> tuple[dict[str, Any], Lines]:
    if len(text) > yaml_document.LARGEST_DOCUMENT:
        raise InvalidInput.at("", f"is larger than {yaml_document.LARGEST_DOCUMENT // 1024} kB; split it")
    said_to_be_json = bool(name and name.lower().endswith(".json"))
    as_json = _as_json(text, said_to_be_json) if said_to_be_json or text.lstrip().startswith("{") else None
    # What reads YAML knows the lines of JSON too, but for tabs and halves of letters; its numbers it reads another way.
    document, lines = yaml_document.load_with_lines(
        text if as_json is None else _HALF.sub(" ", text.replace("\t", " "))
    )
    found = document if as_json is None else as_json
    if not isinstance(found, dict):
        raise InvalidInput("", (FieldProblem("", "must be a mapping with the keys id, title and rules", 1),))
    return found, lines


def _as_json(text: str, must_be: bool) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as broken:
        if not must_be:
            return None
        line, reason = 1, "it is nested too deeply, or has a number that is none"
        if isinstance(broken, json.JSONDecodeError):
            line, reason = broken.lineno, broken.msg
        raise InvalidInput("", (FieldProblem("", f"is not JSON: {reason}", line),)) from None


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is not a number")
