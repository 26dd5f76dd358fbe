"""Texts in the iCalendar format (RFC 5545) as components, each property with the line on which it begins.

Lines are taken apart by the `icalendar` library. Putting them together is ours: a whole text read by the library is
refused without a line, and time zones that it describes are remembered by the library for everybody's next text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from icalendar.parser import Contentline

from afterword.errors import FieldProblem, InvalidInput

PATH = "text"
MOST_LINES = 5_000
DEEPEST = 6
MOST_SHOWN = 80
# Alarms, tasks and whatever else a calendar holds is passed over unread.
READ = frozenset({"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"})
_LINE_END = re.compile(r"\r\n|\n|\r")
_BEGIN_OR_END = re.compile(r"(BEGIN|END)\s*:\s*([A-Za-z0-9-]{1,60})\s*", re.IGNORECASE)
_UNSHOWN = re.compile(r"[\s\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Property:
    """`value` as it is written, without its backslashes; a parameter that was given twice has its first value."""

    name: str
    value: str
    parameters: dict[str, str]
    line: int


@dataclass(slots=True)
class Component:
    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)

    def named(self, name: str) -> list[Component]:
        return [each for each in self.components if each.name == name]

    def all(self, name: str) -> list[Property]:
        return [each for each in self.properties if each.name == name]

    def first(self, name: str) -> Property | None:
        return next((each for each in self.properties if each.name == name), None)

    def value(self, name: str) -> str:
        """The text of the first property of this name, in one line; empty where there is none."""
        found = self.first(name)
        return one_line(found.value) if found else ""


def refusal(message: str, line: int | None = None) -> InvalidInput:
    """What is wrong with the text and the remedy, at the line where it is."""
    problem = FieldProblem(PATH, f"{message} (line {line})" if line else message, line)
    return InvalidInput(f"The calendar invitation {problem.message}.", (problem,))


def one_line(text: str) -> str:
    return _UNSHOWN.sub(" ", text).strip()


def shown(text: str) -> str:
    """A text as a sentence quotes it."""
    line = one_line(text)
    return f"“{line if len(line) <= MOST_SHOWN else line[: MOST_SHOWN - 1] + '…'}”"


def calendars(text: str) -> list[Component]:
    """Every calendar of the text. What stands before, between and after them is passed over."""
    root = Component("", 1)
    stack = [root]
    for number, line in _unfolded(text.removeprefix("\ufeff")):
        bracket = _BEGIN_OR_END.fullmatch(line)
        if bracket and bracket[1].upper() == "BEGIN":
            _begin(stack, bracket[2].upper(), number)
        elif bracket and len(stack) > 1:
            _end(stack, bracket[2].upper(), number)
        elif stack[-1].name in READ and line.strip():
            stack[-1].properties.append(_property(line, number))
    if len(stack) > 1:
        raise refusal(f"is cut off: {stack[-1].name} does not end; send the whole of it", stack[-1].line)
    return root.named("VCALENDAR")


def _begin(stack: list[Component], name: str, number: int) -> None:
    if len(stack) > DEEPEST:
        raise refusal("has components within components within components; send the invitation alone", number)
    begun = Component(name, number)
    # Where nothing else is kept of it, it is only waited for until it ends.
    if stack[-1].name in READ or not stack[-1].name:
        stack[-1].components.append(begun)
    stack.append(begun)


def _end(stack: list[Component], name: str, number: int) -> None:
    begun = stack.pop()
    if begun.name != name:
        raise refusal(f"ends {name} where {begun.name} has to end first; send the whole of it as it came", number)


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its number; a line that begins with a space goes on from the one before."""
    lines = _LINE_END.split(text)
    if len(lines) > MOST_LINES:
        raise refusal(f"has more than {MOST_LINES:,} lines; send the invitation alone, without attachments")
    parts: list[str] = []
    begun = 1
    for number, line in enumerate(lines, 1):
        if line[:1] in (" ", "\t") and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield begun, "".join(parts)
        parts, begun = [line], number
    yield begun, "".join(parts)


def _property(line: str, number: int) -> Property:
    try:
        name, parameters, value = Contentline(line).parts()
    except ValueError:
        message = f"has a line that is not written like NAME:value: {shown(line)}; mend it, or send the file as it came"
        raise refusal(message, number) from None
    given = {str(key).upper(): _single(each) for key, each in parameters.items()}
    return Property(name.upper(), value, given, number)


def _single(value: str | list[str]) -> str:
    return value if isinstance(value, str) else next(iter(value), "")
