"""Where processes under test come from: each is forked from one that has loaded the product and done nothing else.

To load it takes longer than a process lives here. All else is as `afterword COMMAND` does it, which `tests/processes`
starts; a process is as real, and as dead after kill -9.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from faults import entry
from faults.entry import Orders

_LOADED = ["uvicorn", "alembic.command", "psycopg", "afterword.api.app", "afterword.worker.outlet", entry.__name__]
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(_LOADED)


def born(orders: Orders, command: Sequence[str], environment: Mapping[str, str], log: Path) -> BaseProcess:
    """A process that runs a command of the product under these orders."""
    process = _context.Process(target=entry.run, args=(orders, command, environment, log))
    process.start()
    return process
