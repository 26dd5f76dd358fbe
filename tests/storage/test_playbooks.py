"""What the database itself refuses of playbooks, and what it keeps."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from afterword.storage import playbook_uses, playbook_versions, playbooks
from afterword.storage.database import Database, Session
from afterword.storage.tables import opportunities
from afterword.storage.tables import playbook_versions as table
from support.accounts import FOUNDED, open_account

DOCUMENT = {"id": "ours", "rules": [], "title": "Ours", "about": None}
HEAD = {"id": "ours", "title": "Ours", "about": None, "created_at": FOUNDED, "updated_at": FOUNDED}


@pytest.fixture
def mine(database: Database) -> str:
    """An account with the versions 1 and 2 of ours, and 1 of theirs."""
    account_id = open_account(database).id
    with database.write() as session:
        for identifier, version in (("ours", "1"), ("ours", "2"), ("theirs", "1")):
            playbook_versions.write(session, account_id, identifier, version, DOCUMENT, FOUNDED, "id: ours")
    return account_id


def at(session: Session, account_id: str, identifier: str, version: str, playbook: str | None = "ours") -> None:
    row = {"id": identifier, "account_id": account_id, "company": "Acme", "company_key": "acme", "long_process": False}
    stamps = {"version": 1, "created_at": FOUNDED, "updated_at": FOUNDED}
    session.execute(opportunities.insert().values(**row, **stamps, playbook_id=playbook, playbook_version=version))


def kept(session: Session) -> set[tuple[str, str]]:
    return {(row.id, row.version) for row in session.execute(select(table.c.id, table.c.version))}


def test_the_current_version_is_one_that_is_kept(database: Database, mine: str) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        playbooks.add(session, {**HEAD, "account_id": mine, "current_version": "3"})
    with database.write() as session:
        playbooks.add(session, {**HEAD, "account_id": mine, "current_version": "1"})
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(table.delete().where(table.c.id == "ours"))


def test_nor_is_it_another_accounts(database: Database, mine: str) -> None:
    other = open_account(database, "Another").id
    assert mine != other
    with pytest.raises(IntegrityError), database.write() as session:
        playbooks.add(session, {**HEAD, "account_id": other, "current_version": "1"})


def test_a_version_is_kept_once(database: Database, mine: str) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        playbook_versions.write(session, mine, "ours", "1", DOCUMENT, FOUNDED)


def test_what_nothing_goes_by_is_removed(database: Database, mine: str) -> None:
    with database.write() as session:
        at(session, mine, "opp_1", "1")
        playbook_versions.remove_unused(session, mine, "ours")
        assert kept(session) == {("ours", "1"), ("theirs", "1")}


def test_the_current_one_stays_without_being_used(database: Database, mine: str) -> None:
    with database.write() as session:
        playbooks.add(session, {**HEAD, "account_id": mine, "current_version": "2"})
        playbook_versions.remove_unused(session, mine, "ours")
        assert kept(session) == {("ours", "2"), ("theirs", "1")}


def test_only_what_differs_is_moved(database: Database, mine: str) -> None:
    other = open_account(database, "Another").id
    with database.write() as session:
        at(session, mine, "opp_1", "1")
        at(session, mine, "opp_2", "2")
        at(session, mine, "opp_3", "2", playbook=None)
        at(session, other, "opp_4", "1")
        assert playbook_uses.move(session, mine, None, "ours", "2", FOUNDED) == ["opp_1", "opp_3"]
        assert playbook_uses.move(session, mine, ["opp_1", "opp_4"], "ours", "1", FOUNDED) == ["opp_1"]
        assert playbook_uses.naming(session, other, "ours") == ["opp_4"]
        assert playbook_uses.open_ids(session, mine, "opp_1", 1) == ["opp_2"]
