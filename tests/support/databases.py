"""Fresh databases with the schema that the migrations make: migrated once per run and kind, then copied."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from afterword.storage import database
from support.postgres import Cluster

KINDS = ("sqlite", "postgresql")


def migrate(url: str) -> None:
    engine = database.create_engine_for(url)
    try:
        database.migrate(engine)
    finally:
        engine.dispose()


@dataclass
class SqliteFiles:
    """Databases as files of one directory."""

    directory: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _template: Path | None = None

    @contextmanager
    def empty(self) -> Iterator[str]:
        directory = self.directory / str(next(self._numbers))
        directory.mkdir()
        yield _sqlite_url(directory / "afterword.db")
        shutil.rmtree(directory)

    @contextmanager
    def migrated(self) -> Iterator[str]:
        if self._template is None:
            self._template = self.directory / "template.db"
            migrate(_sqlite_url(self._template))
        with self.empty() as url:
            shutil.copyfile(self._template, url.removeprefix("sqlite:///"))
            yield url


@dataclass
class PostgresDatabases:
    """Databases of one cluster."""

    cluster: Cluster
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _template: str | None = None

    @contextmanager
    def empty(self, template: str = "template0") -> Iterator[str]:
        name = f"test_{next(self._numbers)}"
        # Copying files beats the write-ahead log while the template is small and fsync is off.
        self.cluster.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.cluster.url(name)
        finally:
            self.cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def migrated(self) -> Iterator[str]:
        if self._template is None:
            self.cluster.execute("CREATE DATABASE migrated")
            migrate(self.cluster.url("migrated"))
            self._template = "migrated"
        with self.empty(self._template) as url:
            yield url


def _sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"
