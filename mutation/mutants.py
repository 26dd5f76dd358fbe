"""The mutants of a file: every place that an operator can change, in functions, methods, properties and tables alike.

Only annotations are left as they are: under `from __future__ import annotations` nothing reads them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider, WhitespaceInclusivePositionProvider
from mutmut.mutation.mutators import mutation_operators

Place = tuple[str, int]
Change = tuple[cst.CSTNode, cst.CSTNode]


@dataclass(frozen=True)
class Mutant:
    """One change: `replacement` for the characters from `start` to `end`.

    `first` and `last` are the lines of the statement changed: a test that runs none of them cannot notice. `function`
    names the outermost function whose body is changed, and its first line; None where the change is outside of all.
    """

    file: str
    start: int
    end: int
    replacement: str
    line: int
    first: int
    last: int
    function: Place | None

    def applied(self, source: str) -> str:
        """The file's text with the change."""
        return source[: self.start] + self.replacement + source[self.end :]

    def key(self, source: str) -> str:
        """Its name as long as the file stays as it is."""
        told = f"{self.file}\0{self.start}\0{self.end}\0{self.replacement}\0{source}"
        return hashlib.sha256(told.encode()).hexdigest()

    def likeness(self, source: str) -> str:
        """Its name even after edits elsewhere in the file, to try first what found it before."""
        told = f"{self.file}\0{self.function and self.function[0]}\0{source[self.start : self.end]}\0{self.replacement}"
        return hashlib.sha256(told.encode()).hexdigest()


def mutants(file: str, source: str) -> list[Mutant]:
    """All that can be made of a file, in the order of its text, each different from all others."""
    collector = _Collector(file, source)
    MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True).visit(collector)
    found = {(one.start, one.end, one.replacement): one for one in collector.found}
    return [found[place] for place in sorted(found) if _is_program(found[place].applied(source))]


def _is_program(source: str) -> bool:
    try:
        compile(source, "mutant", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


def _condition_negated(node: cst.If | cst.While | cst.CompIf) -> Iterator[Change]:
    test = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    yield node.test, cst.UnaryOperation(cst.Not(), test)


def _return_of_none(node: cst.Return) -> Iterator[Change]:
    if node.value is not None and not (isinstance(node.value, cst.Name) and node.value.value == "None"):
        yield node.value, cst.Name("None")


def _statement_dropped(node: cst.Expr) -> Iterator[Change]:
    if not isinstance(node.value, cst.BaseString | cst.Ellipsis):
        yield node.value, cst.Ellipsis()


#: What mutmut has no operator for: each yields a part of the node and what takes its place.
FURTHER: tuple[tuple[Any, Callable[[Any], Iterable[Any]]], ...] = (
    (cst.If | cst.While | cst.CompIf, _condition_negated),
    (cst.Return, _return_of_none),
    (cst.Expr, _statement_dropped),
)


def changes(node: cst.CSTNode) -> Iterator[Change]:
    """What is replaced at a node, and by what."""
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            for mutated in operator(node):
                yield node, mutated
    for kind, further in FURTHER:
        if isinstance(node, kind):
            yield from further(node)


class _Collector(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider, WhitespaceInclusivePositionProvider)

    def __init__(self, file: str, source: str) -> None:
        super().__init__()
        self.file, self.module, self.found = file, cst.Module([]), list[Mutant]()
        self.line_starts = [0, *accumulate(map(len, source.splitlines(keepends=True)))]
        self.names: list[str] = []
        self.statements: list[cst.CSTNode] = []
        self.bodies: dict[int, Place] = {}
        self.function: Place | None = None

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation):
            return False
        if isinstance(node, cst.ClassDef | cst.FunctionDef):
            self.names.append(node.name.value)
        if isinstance(node, cst.FunctionDef) and self.function is None:
            self.bodies[id(node.body)] = (".".join(self.names), self._first_line(node))
        if isinstance(node, cst.BaseStatement):
            self.statements.append(node)
        self.function = self.function or self.bodies.get(id(node))
        self.found += [self._mutant(*change) for change in changes(node)]
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.ClassDef | cst.FunctionDef):
            self.names.pop()
        if isinstance(original_node, cst.BaseStatement):
            self.statements.pop()
        if id(original_node) in self.bodies:
            self.function = None

    def _first_line(self, node: cst.FunctionDef) -> int:
        return min(self._lines(one).start.line for one in (node, *node.decorators))

    def _lines(self, node: cst.CSTNode) -> CodeRange:
        found: CodeRange = self.get_metadata(PositionProvider, node)
        return found

    def _mutant(self, node: cst.CSTNode, mutated: cst.CSTNode) -> Mutant:
        place: CodeRange = self.get_metadata(WhitespaceInclusivePositionProvider, node)
        start, end = (self.line_starts[at.line - 1] + at.column for at in (place.start, place.end))
        statement = self.statements[-1]
        lines, own = self._lines(statement), self._lines(node)
        simple = isinstance(statement, cst.SimpleStatementLine)
        # Of an `if` or a `for` only the head up to the change counts: what hangs on it may not run.
        last = lines.end.line if simple else own.end.line
        replacement = self.module.code_for_node(mutated)
        return Mutant(self.file, start, end, replacement, own.start.line, lines.start.line, last, self.function)
