"""A database with one account of 200 opportunities, stored the way an import stores them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from afterword import clock
from afterword.formats.facts_reading import parse
from afterword.services import accounts, api_keys, imports
from afterword.storage.database import Database, migrate, open_database
from benchmarks.facts import document

OPPORTUNITIES, AT_ONCE = 200, 50


@dataclass(frozen=True)
class Stored:
    directory: Path
    account_id: str
    key: str

    @property
    def path(self) -> Path:
        return self.directory / "afterword.db"


def store(directory: Path) -> Stored:
    """Make the database in a directory."""
    database = open_database(f"sqlite:///{directory / 'afterword.db'}")
    migrate(database.engine)
    stored = _account(database, directory)
    for start in range(0, OPPORTUNITIES, AT_ONCE):
        with database.write() as session:
            imports.store(session, stored.account_id, parse(document(range(start, start + AT_ONCE))), clock.now())
    database.engine.dispose()
    return stored


def _account(database: Database, directory: Path) -> Stored:
    settings = {"name": "Benchmark", "time_zone": "America/New_York", "holidays": "US"}
    with database.write() as session:
        account = accounts.create(session, settings, clock.now())
        _, key = api_keys.create(session, account.id, "benchmark", clock.now())
    return Stored(directory, account.id, key)
