"""The schema: made by migrations alone, the same as the tables say, and known before it is used."""

from __future__ import annotations

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import delete, insert, inspect, select, text, update

from afterword.errors import UnknownSchema
from afterword.storage.database import (
    MIGRATIONS,
    Database,
    check_schema,
    create_engine_for,
    known_revisions,
    migrate,
    newest_revision,
    open_database,
    schema_revision,
)
from afterword.storage.tables import metadata, schema_floor, users
from afterword.worker.jobs import heartbeat
from support.accounts import FOUNDED, open_account


def test_the_migrations_make_what_the_tables_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_constraints_are_named_as_the_tables_name_them(database: Database) -> None:
    inspector = inspect(database.engine)
    for table in metadata.sorted_tables:
        wanted = {each.name for each in table.constraints if each.name is not None}
        kept = {inspector.get_pk_constraint(table.name)["name"]}
        kept |= {each["name"] for each in inspector.get_unique_constraints(table.name)}
        kept |= {each["name"] for each in inspector.get_foreign_keys(table.name)}
        kept |= {each["name"] for each in inspector.get_check_constraints(table.name)}
        assert wanted == kept


def test_migrating_again_changes_nothing(database: Database) -> None:
    open_account(database)
    migrate(database.engine)
    check_schema(database.engine)
    with database.read() as session:
        assert session.exec_driver_sql("SELECT count(*) FROM accounts").scalar_one() == 1


def test_an_empty_database_is_refused_until_it_is_migrated(empty_database_url: str) -> None:
    database = open_database(empty_database_url)
    with pytest.raises(UnknownSchema, match="afterword migrate"):
        check_schema(database.engine)
    migrate(database.engine)
    check_schema(database.engine)
    database.engine.dispose()


def upgraded(database: Database, revision: str, floor: str) -> None:
    """As a later release leaves it: a column and a table that we do not know, and what it says of older releases."""
    with database.write() as session:
        session.exec_driver_sql("ALTER TABLE heartbeats ADD COLUMN mood VARCHAR(20) DEFAULT 'well' NOT NULL")
        session.exec_driver_sql("CREATE TABLE moods (name VARCHAR(20) PRIMARY KEY)")
        session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        session.execute(update(schema_floor).values(revision=floor))


def test_a_newer_schema_that_is_open_to_this_release_is_run_on(database: Database) -> None:
    upgraded(database, "9999", floor=newest_revision())
    check_schema(database.engine)
    heartbeat(database, "one", lambda: FOUNDED)
    open_account(database)


def test_there_is_nothing_to_migrate_in_a_newer_schema(database: Database) -> None:
    upgraded(database, "9999_more", floor="0008")
    migrate(database.engine)
    assert schema_revision(database.engine) == "9999_more"
    check_schema(database.engine)


def test_a_newer_schema_that_is_not_open_to_this_release_is_refused(database: Database) -> None:
    upgraded(database, "9999", floor="9998")
    with pytest.raises(UnknownSchema, match=rf"9999.*9998.*{newest_revision()}.*newer release"):
        check_schema(database.engine)


def test_a_newer_schema_that_says_nothing_of_older_releases_is_refused(database: Database) -> None:
    upgraded(database, "9999", floor="0001")
    with database.write() as session:
        session.execute(delete(schema_floor))
    with pytest.raises(UnknownSchema, match="9999"):
        check_schema(database.engine)
    with database.write() as session:
        session.exec_driver_sql("DROP TABLE schema_floor")
    with pytest.raises(UnknownSchema, match="9999"):
        check_schema(database.engine)


def test_an_older_schema_is_refused_however_low_its_floor(database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    with pytest.raises(UnknownSchema, match=rf"0007.*{newest_revision()}.*afterword migrate"):
        check_schema(database.engine)


def test_a_release_can_run_on_the_schema_it_makes_itself(database: Database) -> None:
    with database.read() as session:
        floor = session.scalars(select(schema_floor.c.revision)).one()
    assert known_revisions().reach(floor)


def test_the_files_follow_one_another_as_their_numbers_do() -> None:
    known = known_revisions().known
    assert known == tuple(f"{number:04}" for number in range(1, len(known) + 1))
    assert sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("*.py")) == list(known)


def test_two_may_migrate_at_once(empty_database_url: str) -> None:
    engines = [create_engine_for(empty_database_url) for _ in range(2)]
    failures: list[Exception] = []

    def run(number: int) -> None:
        try:
            migrate(engines[number])
        except Exception as failure:  # noqa: BLE001 -- whatever it is fails the test
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert schema_revision(engines[0]) == newest_revision()
    for engine in engines:
        engine.dispose()


def test_references_are_checked_again_after_migrating(database: Database) -> None:
    migrate(database.engine)
    with database.write() as session:
        session.execute(
            insert(users).values(id="usr_1", email="me@example.org", password_hash="x", created_at=FOUNDED)
        )  # fmt: skip
        assert session.scalars(select(users.c.id)).all() == ["usr_1"]
    if database.engine.dialect.name == "sqlite":
        with database.read() as session:
            assert session.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
