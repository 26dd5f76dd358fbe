"""Places at which a process ends itself as kill -9 would end it, without a line for it in the product.

The process is started by `faults.entry`, which puts a wrapper around the function that a point names.
"""

from __future__ import annotations

import importlib
import inspect
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from itertools import count
from typing import Any

COMMIT = "sqlalchemy.engine.base:Connection._commit_impl"
Die = Callable[[], None]


@dataclass(frozen=True)
class FailPoint:
    """Before or after the n-th call of a function, which is named as `module:qualified.name`.

    With `commit`, instead at the commit of the transaction that was the first argument of that call. With `fruitful`
    only calls count that gave back something true.
    """

    name: str
    function: str
    when: str
    nth: int = 1
    commit: str | None = None
    fruitful: bool = False


def kill_self() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: FailPoint, die: Die = kill_self) -> None:
    """Wrap the function of the point. Names what is not there any more with an error."""
    if point.commit is None:
        _wrap(point.function, _Counted(point, die))
        return
    doomed: list[Any] = []
    # The first session that came by is the one; the others commit unharmed.
    chosen = _Counted(point, lambda: None, doomed.append)
    _wrap(point.function, chosen)
    _wrap(COMMIT, _AtCommit(point.commit, doomed, die))


@dataclass(frozen=True)
class _AtCommit:
    when: str
    doomed: list[Any]
    die: Die

    def before(self, arguments: tuple[Any, ...]) -> None:
        self._at("before", arguments)

    def after(self, arguments: tuple[Any, ...], _result: object) -> None:
        self._at("after", arguments)

    def _at(self, when: str, arguments: tuple[Any, ...]) -> None:
        if when == self.when and any(each is arguments[0] for each in self.doomed):
            self.die()


class _Counted:
    def __init__(self, point: FailPoint, die: Die, choose: Callable[[Any], None] = lambda _: None) -> None:
        self._point, self._die, self._choose = point, die, choose
        self._calls = count(1)

    def before(self, arguments: tuple[Any, ...]) -> None:
        if self._point.when == "before":
            self._reached(arguments)

    def after(self, arguments: tuple[Any, ...], result: object) -> None:
        if self._point.when == "after" and (result or not self._point.fruitful):
            self._reached(arguments)

    def _reached(self, arguments: tuple[Any, ...]) -> None:
        if next(self._calls) == self._point.nth:
            self._choose(arguments[0] if arguments else None)
            self._die()


def _wrap(function: str, around: _Counted | _AtCommit) -> None:
    wrap(function, before=around.before, after=around.after)


def wrap(
    function: str,
    before: Callable[[tuple[Any, ...]], None] = lambda _: None,
    after: Callable[[tuple[Any, ...], Any], None] = lambda *_: None,
) -> None:
    """Have these called with the positional arguments of each call of a function, and with its result."""
    module, _, qualified = function.partition(":")
    *owners, name = qualified.split(".")
    owner: Any = importlib.import_module(module)
    for each in owners:
        owner = getattr(owner, each)
    original = getattr(owner, name)

    @wraps(original)
    async def waited_for(*arguments: Any, **named: Any) -> Any:
        before(arguments)
        result = await original(*arguments, **named)
        after(arguments, result)
        return result

    @wraps(original)
    def called(*arguments: Any, **named: Any) -> Any:
        before(arguments)
        result = original(*arguments, **named)
        after(arguments, result)
        return result

    setattr(owner, name, waited_for if inspect.iscoroutinefunction(original) else called)
