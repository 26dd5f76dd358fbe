"""The database goes away, is full or has no room for us, and comes back: nothing is lost, and nothing sent twice."""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import TimeoutError as PoolTimeout

from afterword import clock
from afterword.errors import Busy
from afterword.storage.database import Database, open_database
from faults.host import Host, answering, held_until, hosting
from faults.processes import Installation, installed
from faults.sending import MovedClock, Subscribed, disagreements, eventually, sending
from support.databases import PostgresDatabases
from support.postgres import USER, Cluster, running_cluster

#: A claim whose commit was never acknowledged is free again after a minute.
LEASE_SECONDS = 60


@pytest.fixture
def host() -> Iterator[Host]:
    with hosting() as running:
        running.behaviours["/hook"] = answering(after=0.05)
        yield running


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """One that may be stopped without anybody else's missing it."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def own_databases(own_cluster: Cluster) -> PostgresDatabases:
    return PostgresDatabases(own_cluster)


@pytest.fixture
def own_database(own_databases: PostgresDatabases) -> Iterator[Database]:
    with own_databases.migrated() as url:
        opened = open_database(url)
        yield opened
        opened.engine.dispose()


@contextmanager
def things_happening(box: Subscribed) -> Iterator[None]:
    """Somebody writes all the while, and tries again where the database says no."""
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(0.02):
            try:
                box.happen(2, clock.now())
            except Busy:
                stop.wait(0.1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


def cut_all_connections(cluster: Cluster) -> None:
    others = "pid <> pg_backend_pid() AND backend_type = 'client backend'"
    for _ in range(15):
        cluster.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        time.sleep(0.1)


def take_all_connections(cluster: Cluster) -> None:
    """Whoever comes meanwhile is told that there are too many clients."""
    with ExitStack() as stack:
        for _ in range(200):
            try:
                one = psycopg.connect(host="127.0.0.1", port=cluster.port, user=USER, dbname="postgres")
            except psycopg.OperationalError:
                break
            stack.enter_context(one)
        others = "pid <> pg_backend_pid() AND datname <> 'postgres'"
        with one.cursor() as cursor:
            cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}".encode())
        time.sleep(1)


def restart_fast(cluster: Cluster) -> None:
    cluster.stop("fast")
    time.sleep(0.5)
    cluster.start()


def restart_immediately(cluster: Cluster) -> None:
    cluster.stop("immediate")
    cluster.start()


FAULTS = (restart_fast, restart_immediately, cut_all_connections, take_all_connections)


@pytest.mark.process
def test_workers_live_through_restarts_cut_connections_and_a_full_house(
    own_cluster: Cluster, own_database: Database, host: Host, tmp_path: Path, say: Callable[[str], None]
) -> None:
    box = Subscribed.alone(own_database, host, "/hook")
    with installed(own_database, tmp_path) as installation:
        for fault in FAULTS:
            with things_happening(box):
                assert eventually(lambda: host.most_at_once() > 2)
                fault(own_cluster)
            came, at = len(host.ledger), time.monotonic()
            assert eventually(lambda came=came: len(host.ledger) > came + 5)
            say(f"{fault.__name__}: sending again {time.monotonic() - at:.2f} s after it")
        assert eventually(lambda: set(box.states()) == {"delivered"}, LEASE_SECONDS + 30)
        assert [worker.process.poll() for worker in installation.workers] == [None, None]
    say(f"{sum(box.states().values())} committed, {len(host.ledger)} came, {len(host.ids())} of them different")
    assert set(host.ids()) == {row.event_id for row in box.deliveries()}
    assert set(host.ids().values()) == {1}
    assert disagreements(own_database, host) == []


@pytest.fixture
def full(database: Database) -> Callable[[Installation], Iterator[None]]:
    """How the disk of a running server is made full for a while, as far as it can be done without being root.

    On SQLite the server may write no file any further. On PostgreSQL, which has the disk, each statement that writes
    fails as one does that finds no room.
    """
    return sqlite_is_full if database.engine.dialect.name == "sqlite" else postgresql_is_full(database)


@contextmanager
def sqlite_is_full(installation: Installation) -> Iterator[None]:
    pid = installation.api.process.pid
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, most))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


NO_ROOM = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END$$
"""


def postgresql_is_full(database: Database) -> Callable[[Installation], Iterator[None]]:
    tables = ("deliveries", "attempts", "events", "heartbeats", "accounts")

    @contextmanager
    def is_full(_: Installation) -> Iterator[None]:
        with database.write() as session:
            session.exec_driver_sql(NO_ROOM)
            for table in tables:
                trigger = f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION no_room()"
                session.exec_driver_sql(trigger)
        yield
        with database.write() as session:
            session.exec_driver_sql("DROP FUNCTION no_room() CASCADE")

    return is_full


@pytest.mark.process
def test_a_disk_that_is_full_and_then_freed_costs_time_and_nothing_else(
    database: Database, host: Host, tmp_path: Path, full: Callable[[Installation], Iterator[None]]
) -> None:
    gate = threading.Event()
    host.behaviours["/hook"] = held_until(gate, answering())
    box = Subscribed.alone(database, host, "/hook")
    with installed(database, tmp_path, workers=1) as installation:
        box.happen(40, clock.now())
        assert eventually(lambda: len(host.ledger) == 4)
        with full(installation):
            gate.set()
            time.sleep(1.5)
            assert box.states() == {"pending": 36, "sending": 4}, "answered, and nobody could write it down"
        assert eventually(lambda: box.states() == {"delivered": 40}, 20)
    assert set(host.ids().values()) == {1}
    assert disagreements(database, host) == []


@contextmanager
def all_of_the_pool(database: Database) -> Iterator[None]:
    """All connections that the process may have, as they become free."""
    with ExitStack() as stack:
        with suppress(PoolTimeout):
            while True:
                stack.enter_context(database.engine.connect())
        yield


def test_a_sender_that_gets_no_connection_goes_on_when_there_is_one(database: Database, host: Host) -> None:
    box = Subscribed.alone(database, host, "/hook")
    box.happen(20, clock.now())
    database.engine.pool._timeout = 0.2
    with sending(database, MovedClock()):
        assert eventually(lambda: len(host.ledger) > 4)
        with all_of_the_pool(database):
            time.sleep(0.3)
            came = len(host.ledger)
            time.sleep(0.7)
            assert len(host.ledger) == came < 20
        assert eventually(lambda: box.states() == {"delivered": 20})
    assert set(host.ids().values()) == {1}
    assert disagreements(database, host) == []


def test_a_commit_that_was_done_and_never_acknowledged_is_not_done_twice(own_database: Database, host: Host) -> None:
    host.behaviours["/hook"] = answering(500)
    box = Subscribed.alone(own_database, host, "/hook")
    box.happen(1, clock.now())
    with losing_one_acknowledgement(own_database, "INSERT INTO attempts") as lost, sending(own_database, MovedClock()):
        assert eventually(lost.is_set)
        assert eventually(lambda: box.states() == {"retrying": 1})
        time.sleep(0.5)
    assert len(box.attempts()) == len(host.ledger) == 1
    assert disagreements(own_database, host) == []


@contextmanager
def losing_one_acknowledgement(database: Database, statement: str) -> Iterator[threading.Event]:
    """The connection is lost when the first transaction with such a statement has been committed."""
    lost = threading.Event()
    engine = database.engine
    commit = engine.dialect.do_commit

    def note(connection: Any, _cursor: Any, sent: str, *_: Any) -> None:
        connection.info["awaited"] = connection.info.get("awaited") or sent.startswith(statement)

    def lose(connection: Any) -> None:
        commit(connection)
        if connection.info.pop("awaited", False) and not lost.is_set():
            lost.set()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    event.listen(engine, "before_cursor_execute", note)
    engine.dialect.do_commit = lose  # type: ignore[method-assign]
    yield lost
    engine.dialect.do_commit = commit  # type: ignore[method-assign]
    event.remove(engine, "before_cursor_execute", note)
