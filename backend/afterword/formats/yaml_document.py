"""YAML as the 1.2 core schema has it: dates, times and `no` stay text, and a key given twice is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from afterword.errors import FieldProblem, InvalidInput

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML built without libyaml reads the same, and seven times as long
    from yaml import SafeLoader  # type: ignore[assignment]

LARGEST_DOCUMENT = 256 * 1024
DEEPEST, MOST_NODES = 24, 100_000
#: Of a document written out: its texts, and the path of each value. Aliases and long keys make much of little.
MOST_CHARACTERS = 16 * LARGEST_DOCUMENT
PLAIN = frozenset(f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str", "int", "float", "bool", "null"))


class _CoreLoader(SafeLoader):
    """PyYAML's safe loader with the 1.2 core schema in place of 1.1's surprises."""


_CoreLoader.yaml_implicit_resolvers = {}
_CoreLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_CoreLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_CoreLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789")
)
_CoreLoader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+\.[0-9]+$"), list("-+0123456789"))

Path = tuple[str | int, ...]


def load(text: str) -> Any:
    """The document as plain data. Raises `InvalidInput` with the line of what cannot be read."""
    return load_with_lines(text)[0]


def written(document: Any) -> str:
    """Plain data as YAML that reads back as the same."""
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)


def load_with_lines(text: str) -> tuple[Any, dict[str, int]]:
    """The document, and the line (from 1) on which each dotted path of it begins."""
    if len(text) > LARGEST_DOCUMENT:
        raise InvalidInput.at("", f"is larger than {LARGEST_DOCUMENT // 1024} kB; send less at once")
    loader = _loader(text)
    try:
        _require_shallow(text)
        root = loader.get_single_node()
        lines = _bounded(_lines(root, (), 0)) if root is not None else {}
        return (loader.construct_document(root) if root is not None else None), lines
    except yaml.MarkedYAMLError as broken:
        line = broken.problem_mark.line + 1 if broken.problem_mark else 1
        raise _refused(line, f"is not YAML: {broken.problem or broken.context}") from None
    except RecursionError:
        raise InvalidInput.at("", f"is nested more than {DEEPEST} deep; write it flatter") from None
    except (yaml.YAMLError, ValueError) as broken:
        raise InvalidInput.at("", f"is not YAML: {str(broken).splitlines()[0]}") from None
    except (IndexError, KeyError, AttributeError, TypeError):
        # What PyYAML's own constructors raise for a tag that its text does not fit.
        raise InvalidInput.at("", "has a tag that does not fit its text; leave out what begins with !!") from None
    finally:
        loader.dispose()


def _loader(text: str) -> _CoreLoader:
    try:
        return _CoreLoader(text)
    except yaml.YAMLError as broken:
        raise InvalidInput.at("", f"is not YAML: {str(broken).splitlines()[0]}; remove that character") from None


def _require_shallow(text: str) -> None:
    # Reading the events takes no stack; libyaml's composer takes so much of it that deep nesting ends the process.
    depth = 0
    for event in yaml.parse(text, Loader=_CoreLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST + 1:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise _refused(line, f"is nested more than {DEEPEST} deep; write it flatter")


def _bounded(found: Iterator[tuple[str, int, int]]) -> dict[str, int]:
    """The line of each path, of a document that is not too large when it is written out."""
    lines: dict[str, int] = {}
    characters = 0
    for count, (path, line, length) in enumerate(found, 1):
        characters += len(path) + length
        if count > MOST_NODES:
            raise InvalidInput.at("", f"has more than {MOST_NODES} values; use fewer aliases or send less at once")
        if characters > MOST_CHARACTERS:
            raise InvalidInput.at("", "is too large with its aliases written out; use fewer of them, and shorter keys")
        lines[path] = line
    return lines


def _refused(line: int, message: str, path: Path = ()) -> InvalidInput:
    problem = FieldProblem(".".join(map(str, path)), message, line)
    return InvalidInput(f"{problem.told()}.", (problem,))


def _lines(node: yaml.Node, path: Path, depth: int) -> Iterator[tuple[str, int, int]]:
    """The path, the line and the length of each value, wherever an alias puts it."""
    line = node.start_mark.line + 1
    if node.tag not in PLAIN:
        raise _refused(line, f"has the tag {node.tag}; write it without one", path)
    if depth > DEEPEST:
        raise _refused(line, f"is nested more than {DEEPEST} deep; write it flatter", path)
    yield ".".join(map(str, path)), line, len(node.value) if isinstance(node, yaml.ScalarNode) else 0
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _lines(item, (*path, index), depth + 1)
    elif isinstance(node, yaml.MappingNode):
        yield from _mapping_lines(node, path, depth)


def _mapping_lines(node: yaml.MappingNode, path: Path, depth: int) -> Iterator[tuple[str, int, int]]:
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _refused(key.start_mark.line + 1, "has a key that is not text; write one word before the colon", path)
        if key.value in seen:
            raise _refused(key.start_mark.line + 1, "is given twice; keep one of them", (*path, key.value))
        seen.add(key.value)
        yield from _lines(value, (*path, key.value), depth + 1)
        yield ".".join(map(str, (*path, key.value))), key.start_mark.line + 1, 0
