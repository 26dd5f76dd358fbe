"""The tests that kill: run in the order asked for until the first one fails, in a process that holds the mutant.

Most mutants change a function that nothing has called while the tests were collected: a fork of the process that has
collected them, with the code of that function exchanged, is as good as a fresh one. The others get everything afresh:
the fork forgets all that is the project's own, and collects anew with the changed module in place.
"""

from __future__ import annotations

import gc
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import coverage
import pytest
import yaml
from hypothesis import HealthCheck, Phase, is_hypothesis_test, settings

from mutation.child import allow_cpu
from mutation.mutants import Mutant, Place

PACKAGE = "afterword"
OURS = (PACKAGE, "support", "tests", "conftest")
#: The policy's own tests and no others: what only a test from elsewhere would notice counts as survived.
KILLING = ("tests/policy",)
#: So many examples makes a property that names a number of its own, which the costly ones do, so that a survivor costs
#: seconds and not a minute; every other property makes as many as in `make test`.
EXAMPLES = 3
SECONDS_TO_COLLECT = 120.0
OPTIONS = (
    *("--assert=plain", "--tb=native", "-q", "-s", "--durations=0", "--hypothesis-profile=mutation"),
    *("-p", "no:randomly", "-p", "no:cacheprovider"),
)

settings.register_profile(
    "mutation",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=False,
    report_multiple_bugs=False,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


def run_pytest(plugin: object) -> int:
    """Collects the killing tests and hands them to the plugin."""
    yaml.safe_load = _read_quickly
    return int(pytest.main([*OPTIONS, *KILLING], plugins=[plugin]))


def _read_quickly(stream: Any) -> Any:
    """The golden cases by libyaml: mutants run afresh read them each time. Playbooks have a reader of their own."""
    return yaml.load(stream, yaml.CSafeLoader)


def chosen(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests that need no database. Properties come last; the costly ones make fewer examples."""
    found = [item for item in items if "database_kind" not in getattr(item, "fixturenames", ())]
    usual = settings.get_profile("mutation").max_examples
    for item in found:
        test: Any = getattr(item, "obj", None)
        own = test._hypothesis_internal_use_settings if is_hypothesis_test(test) else None
        if own is not None and own.max_examples != usual:
            few = min(own.max_examples, EXAMPLES)
            test._hypothesis_internal_use_settings = settings(own, max_examples=few)
    return sorted(found, key=lambda item: is_hypothesis_test(getattr(item, "obj", None)))


def first_failing(items: Sequence[pytest.Item], limits: dict[str, float]) -> str | None:
    """The id of the first test that fails; None when all pass."""
    for index, item in enumerate(items):
        following = items[index + 1] if index + 1 < len(items) else None
        allow_cpu(limits.get(item.nodeid, SECONDS_TO_COLLECT))
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        if item.session.testsfailed:
            return item.nodeid
    allow_cpu(0)
    return None


def verdict(failing: str | None) -> dict[str, Any]:
    return {"verdict": "killed", "test": failing} if failing else {"verdict": "survived", "test": None}


# In the process that has collected


def settled() -> None:
    """Before forking, or before many tests: what is there already need not be walked by the collector again."""
    gc.collect()
    gc.freeze()


def functions_of(package: str) -> list[FunctionType]:
    """Every function object of a package that is alive."""
    alive = (one for one in gc.get_objects() if isinstance(one, FunctionType))
    return [one for one in alive if (one.__module__ or "").startswith(package)]


def codes(code: CodeType) -> Iterator[CodeType]:
    """A code object and all within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


def place(code: CodeType) -> Place:
    return code.co_qualname, code.co_firstlineno


def exchange(functions: Sequence[FunctionType], module: str, function: Place, source: str, file: str) -> bool:
    """Gives the live functions the code they have in a changed source; whether that could be done."""
    name, _ = function
    changed = {
        place(code): code
        for code in codes(compile(source, file, "exec", dont_inherit=True))
        if place(code) == function or code.co_qualname.startswith(f"{name}.<locals>.")
    }
    live = [one for one in functions if one.__module__ == module and place(one.__code__) in changed]
    try:
        for one in live:
            one.__code__ = changed[place(one.__code__)]
    except ValueError:  # it closes over other variables than before
        return False
    return any(place(one.__code__) == function for one in live)


# In a process that starts anew


class Changed(importlib.machinery.SourceFileLoader):
    """Loads a module from a text in place of its file."""

    def __init__(self, fullname: str, path: str, source: str) -> None:
        super().__init__(fullname, path)
        self.source = source

    def get_code(self, fullname: str) -> CodeType:
        """Never from the byte code that stands next to the file."""
        del fullname
        return compile(self.source, self.path, "exec", dont_inherit=True)


class InPlace(importlib.abc.MetaPathFinder):
    """Finds one module, with a changed text."""

    def __init__(self, name: str, path: str, source: str) -> None:
        self.name, self.path, self.source = name, path, source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if fullname != self.name:
            return None
        loader = Changed(fullname, self.path, self.source)
        return importlib.util.spec_from_file_location(fullname, self.path, loader=loader)


def forget() -> None:
    """As if nothing of the project's own had been imported."""
    for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
        del sys.modules[name]


class Afresh:
    """Runs the tests of a collection of its own, in the order of their ids given; new ones last."""

    def __init__(self, order: Sequence[str], limits: dict[str, float]) -> None:
        self.order = {nodeid: index for index, nodeid in enumerate(order)}
        self.limits = limits
        self.answer: dict[str, Any] = {"verdict": "broken", "test": "cannot be imported"}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            return True
        items = sorted(chosen(session.items), key=lambda item: self.order.get(item.nodeid, len(self.order)))
        settled()
        self.answer = verdict(first_failing(items, self.limits))
        return True


def run_afresh(mutant: Mutant | None, path: str, source: str, order: Sequence[str], limits: dict[str, float]) -> Any:
    """What comes of a mutant in a process that imports everything anew; None runs the code as it is."""
    allow_cpu(SECONDS_TO_COLLECT)
    forget()
    if mutant:
        sys.meta_path.insert(0, InPlace(module_of(mutant.file), path, mutant.applied(source)))
    plugin = Afresh(order, limits)
    run_pytest(plugin)
    return plugin.answer


def module_of(file: str) -> str:
    """`policy/calendar.py` is afterword.policy.calendar."""
    return ".".join((PACKAGE, *Path(file).with_suffix("").parts)).removesuffix(".__init__")


# Once, before all


class Measured:
    """Runs every test on the code as it is, and notes which lines each one runs and how long it takes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.coverage = coverage.Coverage(data_file=None, config_file=False, include=[f"{folder}/*"])
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.failed = ["collection"] if session.testsfailed else []
        items = chosen(session.items)
        for index, item in enumerate(items):
            self.coverage.switch_context(item.nodeid)
            began = time.process_time()
            following = items[index + 1] if index + 1 < len(items) else None
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            self.seconds[item.nodeid] = time.process_time() - began
            if session.testsfailed > len(self.failed):
                self.failed.append(item.nodeid)
        return True

    def answer(self) -> dict[str, Any]:
        """For each file and line the tests that run it; the name of none stands for what runs before all tests."""
        data = self.coverage.get_data()
        tests = {nodeid: number for number, nodeid in enumerate(self.seconds)}
        lines = {
            str(Path(file).relative_to(self.folder.parent)): {
                str(line): sorted(tests.get(context, -1) for context in contexts)
                for line, contexts in data.contexts_by_lineno(file).items()
            }
            for file in sorted(data.measured_files())
        }
        return {"verdict": "measured", "failed": self.failed, "seconds": self.seconds, "lines": lines}


def measure(folder: Path) -> dict[str, Any]:
    """The tests on the code as it is, in a process that imports everything anew."""
    forget()
    plugin = Measured(folder)
    plugin.coverage.start()
    run_pytest(plugin)
    plugin.coverage.stop()
    return plugin.answer()
