"""No date or verdict is computed outside the policy: not where answers are formatted, pushed or shown."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import afterword

PACKAGE = Path(afterword.__file__).parent
FRONTEND = PACKAGE.parents[1] / "frontend" / "src"
PYTHON = sorted(path for folder in ("formats", "worker") for path in (PACKAGE / folder).rglob("*.py"))
SCREENS = sorted(path for path in FRONTEND.rglob("*") if path.suffix in {".ts", ".svelte", ".js"})

CALCULATORS = frozenset({"timedelta", "relativedelta", "dateutil"})
DATE_LIKE = re.compile(r"(^|_)(at|on|now|today|date|day|instant|start|starts|end|ends|opens|due|until|moment)$")
DATE_CALLS = frozenset({"now", "today", "date", "datetime", "fromisoformat", "combine", "fromtimestamp", "astimezone"})

IN_TEXT = re.compile(
    r"""\.set(UTC)?(Date|Hours|Minutes|Seconds|Month|FullYear|Time)\(   # moves a Date
    | (getTime\(\)|valueOf\(\)|Date\.now\(\)|Date\.parse\([^)]*\)|new\ Date\([^)]*\))\s*[+]  # adds to an instant
    | [+-]\s*(?:\d[\d_]*\s*\*\s*)*\d*\s*(DAY|HOUR|WEEK|MINUTE)S?(_MS)?\b                     # adds a named length
    | \b(86_?400|3_?600)(_?000)?\b                                                            # a day or an hour by hand
    | Temporal\.|\.add\(\{\s*(days|hours|weeks|months)|\b(addDays|addHours|addWeeks|subDays|addMonths)\b
    | from\s+['"](date-fns|dayjs|luxon|moment)
    """,
    re.VERBOSE,
)


def calculations(source: str) -> Iterator[str]:
    """Where a Python file computes with dates, as `line: what`."""
    for node in ast.walk(ast.parse(source)):
        if _imports_a_calculator(node) or _adds_to_a_date(node):
            yield f"{getattr(node, 'lineno', 0)}: {ast.unparse(node)}"


def _imports_a_calculator(node: ast.AST) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        names = {part for alias in node.names for part in alias.name.split(".")} | set(module.split("."))
        return not CALCULATORS.isdisjoint(names)
    return isinstance(node, ast.Attribute) and node.attr in {"timedelta", "relativedelta"}


def _adds_to_a_date(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        if _is_stopwatch(node.left) or _is_stopwatch(node.right):
            return False
        return _is_date_like(node.left) or _is_date_like(node.right)
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub):
        return _is_date_like(node.target)
    return False


def _is_date_like(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name | ast.Attribute) and _last_name(node.func) in DATE_CALLS
    return isinstance(node, ast.Name | ast.Attribute) and bool(DATE_LIKE.search(_last_name(node)))


def _is_stopwatch(node: ast.expr) -> bool:
    """Seconds of no calendar: they measure how long something took."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "time.monotonic"


def _last_name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_formats_and_worker_compute_no_dates(path: Path) -> None:
    assert list(calculations(path.read_text())) == []


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: str(path.relative_to(FRONTEND)))
def test_screens_compute_no_dates(path: Path) -> None:
    assert [line for line in path.read_text().splitlines() if IN_TEXT.search(line)] == []


def test_there_is_something_to_look_at() -> None:
    assert PYTHON
    assert SCREENS


@pytest.mark.parametrize(
    "planted",
    [
        "from datetime import timedelta",
        "import datetime\nlater = datetime.timedelta(days=1)",
        "from dateutil.relativedelta import relativedelta",
        "due = opens_at + length",
        "length = action.window.due_at - now",
        "def f(now):\n    now += length",
        "later = datetime.now(UTC) + length",
    ],
)
def test_a_calculation_in_python_would_be_found(planted: str) -> None:
    assert list(calculations(planted))


@pytest.mark.parametrize(
    "planted",
    [
        "due.setDate(due.getDate() + 1)",
        "const later = start.getTime() + length",
        "const day = 86400 * 1000",
        "const soon = Date.now() + wait",
        "const later = new Date(text) + 1",
        "return start + 2 * DAY_MS",
        "import { addDays } from 'date-fns'",
    ],
)
def test_a_calculation_on_a_screen_would_be_found(planted: str) -> None:
    assert IN_TEXT.search(planted)


@pytest.mark.parametrize(
    "harmless",
    [
        "count = total + 1",
        "text = before + after",
        "from datetime import UTC, datetime",
        "left = until - time.monotonic()",
    ],
)
def test_other_sums_are_left_alone(harmless: str) -> None:
    assert not list(calculations(harmless))
