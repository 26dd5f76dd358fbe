"""Runs a command of the product under the orders of a test.

They say what mark the process's requests carry, where it keeps notes, at which point it kills itself, and how leases
and pauses are scaled. The product has no settings for these, so it is done to it from outside.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from afterword.__main__ import main
from faults.fail_points import FailPoint, arm, kill_self
from faults.notes import Notebook


@dataclass(frozen=True)
class Orders:
    """None leaves a lease or the pauses as the product has them."""

    mark: int
    sends: bool
    notes: Path
    fail_point: FailPoint | None
    lease_seconds: float | None
    pauses_seconds: Sequence[float] | None


def run(orders: Orders, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    """In a process of its own: do `afterword COMMAND`, and end with its status."""
    os.environ.clear()
    os.environ.update(environment)
    _write_to(log)
    notebook = Notebook(orders.notes)
    if orders.sends:
        _mark(orders.mark, notebook)
        _scale(orders)
    if orders.fail_point is not None:
        arm(orders.fail_point, lambda: (notebook.write("killed", time.monotonic()), kill_self()))
    sys.exit(main(command))


def _write_to(log: Path) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(descriptor, stream)


def _mark(mark: int, notebook: Notebook) -> None:
    from afterword.worker import sender

    sender.PLAIN_HEADERS["user-agent"] = f"Afterword/{mark}"
    notebook.keep()


def _scale(orders: Orders) -> None:
    from afterword.delivery import retry
    from afterword.services import claims

    if orders.lease_seconds is not None:
        claims.LEASE = timedelta(seconds=orders.lease_seconds)
    if orders.pauses_seconds is not None:
        assert len(orders.pauses_seconds) == len(retry.PAUSES)
        retry.PAUSES = tuple(timedelta(seconds=each) for each in orders.pauses_seconds)
