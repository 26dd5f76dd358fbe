"""What the layers' contracts cannot say: the policy core needs nothing but Python itself."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import afterword

POLICY = Path(afterword.__file__).parent / "policy"
ALLOWED = frozenset(sys.stdlib_module_names) - {"logging", "os", "random", "secrets", "socket", "subprocess", "time"}


def foreign_imports(source: str) -> Iterator[str]:
    """The modules that a policy file imports and must not."""
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            if name.split(".")[0] not in ALLOWED and not name.startswith("afterword.policy"):
                yield name


@pytest.mark.parametrize("path", sorted(POLICY.rglob("*.py")), ids=lambda path: str(path.relative_to(POLICY)))
def test_policy_imports_python_only(path: Path) -> None:
    assert list(foreign_imports(path.read_text())) == []


@pytest.mark.parametrize(
    "line", ["import yaml", "from afterword.clock import now", "import random", "from logging import getLogger"]
)
def test_a_foreign_import_would_be_found(line: str) -> None:
    assert list(foreign_imports(f"from datetime import datetime\n{line}\n"))
