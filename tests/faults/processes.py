"""The processes of one installation: `serve` on SQLite, an `api` and workers on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from afterword.storage.database import Database
from afterword.storage.tables import heartbeats
from faults.sending import eventually
from support.server import Server, free_port, start, wait_until_ready

START_SECONDS = 30
ALLOWED = {"AFTERWORD_ALLOWED_NETWORKS": "127.0.0.0/8"}


@dataclass
class Installation:
    """`api` answers requests; on SQLite it is also the one worker."""

    api: Server
    workers: list[Server] = field(default_factory=list)


@contextmanager
def installed(
    database: Database, directory: Path, workers: int = 2, settings: Mapping[str, str] | None = None
) -> Iterator[Installation]:
    """Running processes on the database, ready to send."""
    is_alone = database.engine.dialect.name == "sqlite"
    chosen = {**ALLOWED, "DATABASE_URL": database.engine.url.render_as_string(False), **(settings or {})}
    api = start(directory, free_port(), chosen, "serve" if is_alone else "api")
    apart = [] if is_alone else [start(directory, 0, chosen, "worker") for _ in range(workers)]
    try:
        wait_until_ready(api)
        assert eventually(lambda: _beating(database) >= max(len(apart), 1), START_SECONDS)
        yield Installation(api, apart or [api])
        for server in {api.process: api, **{each.process: each for each in apart}}.values():
            assert server.stop() == 0, server.log.read_text()
    finally:
        for server in (api, *apart):
            if server.process.poll() is None:
                server.kill()


def _beating(database: Database) -> int:
    with database.read() as session:
        return int(session.execute(select(func.count()).select_from(heartbeats)).scalar_one())
