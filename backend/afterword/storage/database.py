"""One database: its engine, its two kinds of transaction, and the schema it must have.

A reading transaction is one snapshot and cannot write. A writing one takes SQLite's only write lock at its start: a
reader that turned into a writer half-way would fail at once, whatever the busy timeout.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic_core import from_json, to_json
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

import afterword
from afterword.errors import Busy, UnknownSchema
from afterword.storage.revisions import Revisions

Session = Connection

BUSY_TIMEOUT_MS = 5_000
#: A process that stands still within a transaction keeps its locks; after so long PostgreSQL takes them from it.
STANDSTILL_TIMEOUT_MS = 15_000
LONGEST_TO_MIGRATE_SECONDS = 60
PAUSE_BEFORE_MIGRATING_AGAIN_SECONDS = 0.1
MIGRATIONS = Path(afterword.__file__).parents[2] / "migrations"

#: As it is sent: compact, in UTF-8.
_JSON: dict[str, Any] = {"json_serializer": lambda value: to_json(value).decode(), "json_deserializer": from_json}

# What passes by itself or with an operator's help. A quota that is used up is no full disk to SQLite, but an I/O error.
_SQLITE_PASSES = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
)

#: The class of what is too large for PostgreSQL at any time, which its driver takes for an operational error.
_LIMIT_EXCEEDED = "54"


class Database:
    """An engine and the transactions on it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @cached_property
    def _reader(self) -> Engine:
        if self.engine.dialect.name == "sqlite":
            return self.engine
        return self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @cached_property
    def _writer(self) -> Engine:
        return self.engine.execution_options(writes=True)

    @property
    def name(self) -> str:
        """Where it is, without the password."""
        return self.engine.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        with busy_means_try_again(), self._reader.begin() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        with busy_means_try_again(writes=True), self._writer.begin() as session:
            yield session

    @contextmanager
    def write_if_free(self) -> Iterator[Session]:
        """A writing transaction that waits for nobody: Busy at once, where somebody else writes."""
        with busy_means_try_again(writes=True), self._writer.execution_options(waits=False).begin() as session:
            if self.engine.dialect.name == "postgresql":
                session.exec_driver_sql("SET LOCAL lock_timeout = 1")
            yield session


def open_database(url: str) -> Database:
    return Database(create_engine_for(url))


def create_engine_for(url: str, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Engine:
    """An engine whose transactions wait at most so long for a lock."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url, busy_timeout_ms)
    settings = {
        "timezone": "UTC",
        # What is asked for is in memory or on an SSD. As if on a disk, a few rows would be read as a whole table.
        "random_page_cost": 1.1,
        "lock_timeout": busy_timeout_ms,
        "idle_in_transaction_session_timeout": STANDSTILL_TIMEOUT_MS,
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    engine = create_engine(
        url,
        pool_size=10,
        pool_timeout=10,
        pool_pre_ping=True,
        hide_parameters=True,
        **_JSON,
        connect_args={"options": options, "connect_timeout": 5},
    )
    event.listen(engine, "handle_error", _hide_values)
    return engine


def _hide_values(context: ExceptionContext) -> None:
    """PostgreSQL quotes the row that it refuses, secrets and all. What is wrong with it remains."""
    refused, told = context.original_exception, context.sqlalchemy_exception
    primary = getattr(getattr(refused, "diag", None), "message_primary", None)
    if primary and isinstance(told, (DataError, IntegrityError)):
        refused.args, told.args = (primary,), (f"({type(refused).__name__}) {primary}",)


def _sqlite_engine(url: str, busy_timeout_ms: int) -> Engine:
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_timeout=10,
        hide_parameters=True,
        **_JSON,
        connect_args={"timeout": busy_timeout_ms / 1000},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transaction handling would begin late and commit around DDL; we begin ourselves.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    writes = bool(options.get("writes"))
    _allow_writing(connection, writes)
    if not writes:
        # Cannot fail or wait, so it goes straight to the driver, which takes a tenth of the time.
        _driver_of(connection).execute("BEGIN")
        return
    with nullcontext() if options.get("waits", True) else _no_waiting(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _allow_writing(connection: Connection, writes: bool) -> None:
    # The pool's connections remember what was said last; most readers come after readers.
    if connection.info.get("writes") is not writes:
        _driver_of(connection).execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        connection.info["writes"] = writes


def _driver_of(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


@contextmanager
def _no_waiting(connection: Connection) -> Iterator[None]:
    timeout = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={timeout}")


@contextmanager
def busy_means_try_again(*, writes: bool = False) -> Iterator[None]:
    """Busy instead of what passes by itself or with an operator's help."""
    try:
        yield
    except PoolTimeout:
        raise Busy("All database connections are in use. Try again in a moment.") from None
    except DBAPIError as error:
        if not (_is_busy(error.orig) or (writes and _is_read_only(error.orig))):
            raise
        raise Busy("The database is locked by another writer or cannot be reached. Try again in a moment.") from error


def _is_busy(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode & 0xFF in _SQLITE_PASSES
    # Locks, deadlocks, lost and refused connections, a full disk: what passes, or what an operator mends. By name,
    # because the driver takes 10 MB to import and a server on SQLite never needs it.
    driver = sys.modules.get("psycopg")
    if driver is None or not isinstance(error, driver.Error) or (error.sqlstate or "").startswith(_LIMIT_EXCEEDED):
        return False
    return isinstance(error, (driver.OperationalError, driver.errors.IdleInTransactionSessionTimeout))


def _is_read_only(error: BaseException | None) -> bool:
    """Whether the server has become a standby, or a file cannot be written for now; of a transaction that was to write.

    One that was only to read is refused in the same words, and that is our own mistake.
    """
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY
    driver = sys.modules.get("psycopg")
    return driver is not None and isinstance(error, driver.errors.ReadOnlySqlTransaction)


def look_at_clock(engine: Engine) -> tuple[datetime, float] | None:
    """What the server's clock shows, and our own counter at that moment; None where there is no server."""
    if engine.dialect.name == "sqlite":
        return None
    with busy_means_try_again(), engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        before = time.monotonic()
        shown: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        return shown, (before + time.monotonic()) / 2


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision. Safe to run again, by two processes at once, and while others work.

    Who works meanwhile may hold one table and wait for another that is being altered. Then one of the two is ended; if
    that is the migration, all of it is undone, and it is tried again for a while.
    """
    until = time.monotonic() + LONGEST_TO_MIGRATE_SECONDS
    while True:
        try:
            with busy_means_try_again():
                _migrate(engine)
        except Busy:
            if time.monotonic() > until:
                raise
            time.sleep(PAUSE_BEFORE_MIGRATING_AGAIN_SECONDS)
        else:
            return


def _migrate(engine: Engine) -> None:
    with (
        engine.execution_options(writes=True).connect() as connection,
        _references_unchecked(connection),
        connection.begin(),
    ):
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4719302655)")
        # A newer release was here. Whether this one may run on its schema is asked before anything is served.
        if not known_revisions().is_newer(MigrationContext.configure(connection).get_current_revision()):
            config = _alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


@contextmanager
def _references_unchecked(connection: Connection) -> Iterator[None]:
    # SQLite alters a table by copying and dropping it, and dropping one cascades to what refers to it.
    driver: Any = connection.connection.dbapi_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def check_schema(engine: Engine) -> None:
    """Refuse a database whose schema this release cannot run on."""
    found, known = schema_revision(engine), known_revisions()
    floor = _schema_floor(engine) if known.is_newer(found) else None
    objection = known.objection(found, floor)
    if objection:
        raise UnknownSchema(objection)


def schema_revision(engine: Engine) -> str | None:
    with busy_means_try_again(), engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _schema_floor(engine: Engine) -> str | None:
    with busy_means_try_again(), engine.connect() as connection:
        if not inspect(connection).has_table("schema_floor"):
            return None
        floor: str | None = connection.exec_driver_sql("SELECT revision FROM schema_floor").scalar_one_or_none()
        return floor


def newest_revision() -> str:
    return known_revisions().newest


@lru_cache(maxsize=1)
def known_revisions() -> Revisions:
    """The revisions of this release, in the order in which its files follow one another."""
    walked = ScriptDirectory.from_config(_alembic_config()).walk_revisions()
    return Revisions(tuple(script.revision for script in walked)[::-1])


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
