"""Every mutant gets its verdict: which tests in which order, and so many processes at a time until all are through."""

from __future__ import annotations

import os
import selectors
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import is_hypothesis_test

from mutation import suite
from mutation.child import Child, start
from mutation.ledger import Ledger, Verdict
from mutation.mutants import Mutant

PROCESSES = max(2, os.cpu_count() or 1)
LONGEST_MEASUREMENT = 1200.0
BEFORE_ALL_TESTS = -1
RECENT = 8


class Refused(Exception):
    """The run cannot be trusted, and why."""


class Order:
    """Which tests may notice a mutant, those likeliest to first."""

    def __init__(self, measured: dict[str, Any], properties: set[str], killers: dict[str, str]) -> None:
        self.seconds: dict[str, float] = measured["seconds"]
        self.lines: dict[str, dict[str, list[int]]] = measured["lines"]
        self.names = list(self.seconds)
        self.properties, self.killers = properties, killers
        self.limits = {nodeid: 2 + 10 * seconds for nodeid, seconds in self.seconds.items()}
        self.all = sorted(self.names, key=lambda nodeid: (nodeid in properties, self.seconds[nodeid]))
        self.recent: dict[object, deque[str]] = defaultdict(lambda: deque(maxlen=RECENT))

    def reached(self, mutant: Mutant) -> set[int]:
        """The tests that run a line of the statement changed."""
        lines = self.lines.get(mutant.file, {})
        return {test for line in range(mutant.first, mutant.last + 1) for test in lines.get(str(line), ())}

    def afresh(self, mutant: Mutant) -> bool:
        """Whether it changes what happens before any test runs."""
        return mutant.function is None or BEFORE_ALL_TESTS in self.reached(mutant)

    def tests(self, mutant: Mutant, likeness: str) -> list[str]:
        """By what killed its like before, then what killed its neighbours, then the quickest; properties last."""
        able = set(self.all) if self.afresh(mutant) else {self.names[test] for test in self.reached(mutant)}
        likely = [self.killers.get(likeness, ""), *self.recent[mutant.file, mutant.function], *self.recent[mutant.file]]
        return list(dict.fromkeys([*(one for one in likely if one in able), *(one for one in self.all if one in able)]))

    def learn(self, mutant: Mutant, test: str | None) -> None:
        """Remembers what killed it."""
        for place in ((mutant.file, mutant.function), mutant.file):
            if test in self.seconds and test not in self.recent[place]:
                self.recent[place].appendleft(test)


class Run:
    """A pytest plugin in place of the test loop: forks a process per mutant from the one that has collected."""

    def __init__(self, tree: Path, ledger: Ledger, todo: Sequence[Mutant], until: float, progress: Any) -> None:
        self.tree, self.ledger, self.until, self.progress = tree, ledger, until, progress
        self.todo, self.known = todo, ledger.verdicts()
        self.sources = {file: self.path(file).read_text(encoding="utf-8") for file in {one.file for one in todo}}
        self.refused: str | None = None

    def path(self, file: str) -> Path:
        return self.tree / "backend" / suite.PACKAGE / file

    def key(self, mutant: Mutant) -> str:
        return mutant.key(self.sources[mutant.file])

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        try:
            self._prepare(session)
            self.progress.start()
            self._all()
        except Refused as refused:
            self.refused = str(refused)
        return True

    def _prepare(self, session: pytest.Session) -> None:
        if session.testsfailed:
            raise Refused("the tests cannot be collected")
        items = suite.chosen(session.items)
        self.items = {item.nodeid: item for item in items}
        self.functions = suite.functions_of(f"{suite.PACKAGE}.policy")
        suite.settled()
        waiting = [one for one in self.todo if self.key(one) not in self.known]
        measured = self.ledger.measured()
        if measured is None:
            measured = self._measured()
            self.ledger.note_measured(measured)
        properties = {item.nodeid for item in items if is_hypothesis_test(getattr(item, "obj", None))}
        self.order = Order(measured, properties, self.ledger.killers())
        self.waiting = deque(waiting)

    def _measured(self) -> dict[str, Any]:
        """Measures, and sees to it that the unchanged code passes in each of the ways in which mutants are run."""
        self.progress.say("measuring the tests on the code as it is")
        folder = self.tree / "backend" / suite.PACKAGE / "policy"
        ((_, answer),) = self._finished({start(None, lambda: suite.measure(folder), LONGEST_MEASUREMENT)})
        if answer["verdict"] != "measured" or answer["failed"]:
            raise Refused(f"the tests fail on the code as it is: {answer.get('failed', answer)}")
        if set(answer["seconds"]) != set(self.items):
            raise Refused("two collections of the tests differ")
        order = list(answer["seconds"])
        answer["lines"] = {f"policy/{Path(file).name}": lines for file, lines in answer["lines"].items()}
        controls = {
            start(None, lambda: suite.verdict(suite.first_failing([*self.items.values()], {})), LONGEST_MEASUREMENT),
            start(None, lambda: suite.run_afresh(None, "", "", order, {}), LONGEST_MEASUREMENT),
        }
        for _, control in self._finished(controls):
            if control["verdict"] != "survived":
                raise Refused(f"the unchanged code does not pass: {control}")
        return answer

    def _all(self) -> None:
        running: set[Child] = set()
        try:
            while self.waiting or running:
                while self.waiting and len(running) < PROCESSES and time.monotonic() < self.until:
                    self._begin(self.waiting.popleft(), running)
                if not running:
                    return
                for child, answer in self._finished(running, one=True):
                    running.discard(child)
                    self._settle(child, answer)
        finally:
            for child in running:
                child.stop()
                child.end()

    def _begin(self, mutant: Mutant, running: set[Child]) -> None:
        tests = self.order.tests(mutant, mutant.likeness(self.sources[mutant.file]))
        if not tests:
            self._note(mutant, Verdict("unreached", None, 0.0))
            return
        seconds = 60 + 10 * sum(self.order.seconds[test] for test in tests)
        running.add(start(mutant, lambda: self._tried(mutant, tests), seconds))

    def _tried(self, mutant: Mutant, tests: list[str]) -> dict[str, Any]:
        """What comes of a mutant, in its own process."""
        source, path, function = self.sources[mutant.file], str(self.path(mutant.file)), mutant.function
        if function and not self.order.afresh(mutant):
            module = suite.module_of(mutant.file)
            if suite.exchange(self.functions, module, function, mutant.applied(source), path):
                failing = suite.first_failing([self.items[test] for test in tests], self.order.limits)
                return suite.verdict(failing)
        tests = [*tests, *(test for test in self.order.all if test not in set(tests))]
        answer: dict[str, Any] = suite.run_afresh(mutant, path, source, tests, self.order.limits)
        return answer

    def _settle(self, child: Child, answer: dict[str, Any]) -> None:
        mutant: Mutant = child.subject
        self.order.learn(mutant, answer["test"])
        self._note(mutant, Verdict(answer["verdict"], answer["test"], time.monotonic() - child.began))

    def _note(self, mutant: Mutant, found: Verdict) -> None:
        key = self.key(mutant)
        self.known[key] = found
        self.ledger.note(key, mutant.likeness(self.sources[mutant.file]), found)
        self.progress.show(found)

    def _finished(self, running: set[Child], one: bool = False) -> Iterator[tuple[Child, dict[str, Any]]]:
        """The children as they end, each with its answer; with `one` only until some have."""
        open_ones = set(running)
        with selectors.DefaultSelector() as selector:
            for child in open_ones:
                selector.register(child.answers, selectors.EVENT_READ, child)
            while open_ones and not (one and len(open_ones) < len(running)):
                for child in [key.data for key, _ in selector.select(timeout=1.0) if key.data.listen()]:
                    selector.unregister(child.answers)
                    open_ones.discard(child)
                    yield child, child.end()
                for child in open_ones:
                    if time.monotonic() > child.deadline:
                        child.stop()
