"""Empty databases of both kinds, gone at the end."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from support.postgres import running_cluster

#: As an operator would have it, with nothing of what makes it safe turned off.
SETTINGS = ("max_connections=100", "shared_buffers=256MB", "max_wal_size=4GB")
KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@contextmanager
def fresh_databases() -> Iterator[Callable[[str], str]]:
    """Makes one of a kind each time it is called, and says its URL."""
    numbers = itertools.count()
    with tempfile.TemporaryDirectory() as directory, running_cluster(SETTINGS) as cluster:

        def fresh(kind: str) -> str:
            name = f"benchmark_{next(numbers)}"
            if kind == "sqlite":
                return f"sqlite:///{Path(directory, name)}.db"
            cluster.execute(f"CREATE DATABASE {name}")
            return cluster.url(name)

        yield fresh
