"""What no linter measures: how long files and functions are, and what files are called."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import afterword

ROOT = Path(afterword.__file__).parents[2]
FOLDERS = ("backend", "benchmarks", "mutation", "tests", "scripts")
PYTHON = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
SAYS_NOTHING = frozenset({"base", "common", "helper", "helpers", "manager", "misc", "util", "utils"})


def long_functions(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.name}: {lines} lines"


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_short_and_well_named(path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) <= LONGEST_FILE
    assert list(long_functions(source)) == []
    assert SAYS_NOTHING.isdisjoint(path.stem.split("_"))


def test_a_long_function_would_be_found() -> None:
    body = "\n".join("    pass" for _ in range(LONGEST_FUNCTION))
    assert list(long_functions(f"def endless():\n{body}\n")) == ["endless: 61 lines"]
