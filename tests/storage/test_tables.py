"""What the database itself refuses, whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, insert
from sqlalchemy.exc import IntegrityError

from afterword.storage.database import Database
from afterword.storage.tables import (
    accounts,
    contacts,
    interviews,
    metadata,
    opportunities,
    outcomes,
    people,
    touches,
    users,
)
from support.accounts import FOUNDED, open_account

#: Logins and what joins them to accounts, and what the service notes of itself.
WITHOUT_AN_ACCOUNT = {"users", "accounts", "memberships", "sessions", "heartbeats", "releases", "schema_floor"}
STAMPED = {"version": 1, "created_at": FOUNDED, "updated_at": FOUNDED}


@pytest.fixture
def mine(database: Database) -> str:
    """An account with the opportunity opp_mine, where con_mine takes part."""
    return furnished(database, "mine")


@pytest.fixture
def theirs(database: Database) -> str:
    """Another one with opp_theirs and con_theirs."""
    return furnished(database, "theirs")


def furnished(database: Database, whose: str) -> str:
    account = open_account(database, whose).id
    place = {"id": f"per_{whose}", "roles": [], "point_of_contact": False, "connected": False}
    with database.write() as session:
        session.execute(insert(opportunities).values(an_opportunity(account, f"opp_{whose}")))
        session.execute(insert(contacts).values(a_contact(account, f"con_{whose}")))
        session.execute(
            insert(people).values(
                account_id=account, opportunity_id=f"opp_{whose}", contact_id=f"con_{whose}", **place
            )
        )  # fmt: skip
    return account


def an_opportunity(account: str, identifier: str) -> dict[str, Any]:
    named = {"company": "Acme", "company_key": "acme", "long_process": False}
    return {"id": identifier, "account_id": account, **named, **STAMPED}


def a_contact(account: str, identifier: str) -> dict[str, Any]:
    named = {"name": "Ana", "name_key": "ana", "do_not_contact": False}
    return {"id": identifier, "account_id": account, **named, **STAMPED}


def a_touch(account: str, opportunity: str, contact: str | None) -> dict[str, Any]:
    said = {"direction": "outbound", "at": FOUNDED, "automatic": False}
    subjects = {"account_id": account, "opportunity_id": opportunity, "contact_id": contact}
    return {"id": "tch_1", **subjects, **said, **STAMPED}


def an_interview(account: str, opportunity: str, **other: Any) -> dict[str, Any]:
    times = {"starts_at": FOUNDED, "ends_at": FOUNDED + timedelta(hours=1), "time_zone": "UTC"}
    kind = {"round": 1, "format": "onsite", "status": "scheduled", "held_announced": False}
    return {"id": "int_1", "account_id": account, "opportunity_id": opportunity, **times, **kind, **STAMPED, **other}


def is_refused(database: Database, table: Table, values: Mapping[str, Any]) -> bool:
    try:
        with database.write() as session:
            session.execute(insert(table).values(**values))
    except IntegrityError:
        return True
    return False


def test_every_row_belongs_to_an_account() -> None:
    without = {table.name for table in metadata.sorted_tables if "account_id" not in table.c}
    assert without <= WITHOUT_AN_ACCOUNT
    for table in metadata.sorted_tables:
        if table.name not in WITHOUT_AN_ACCOUNT:
            assert not table.c.account_id.nullable
            assert any(each.column.table is accounts for each in table.c.account_id.foreign_keys)


def test_no_row_can_speak_of_another_accounts(database: Database, mine: str, theirs: str) -> None:
    place = {"id": "per_1", "account_id": mine, "roles": [], "point_of_contact": False, "connected": False}
    outcome = {"id": "out_1", "account_id": mine, "status": "offer", "at": FOUNDED, "created_at": FOUNDED}
    for table, values in (
        (people, {**place, "opportunity_id": "opp_mine", "contact_id": "con_theirs"}),
        (people, {**place, "opportunity_id": "opp_theirs", "contact_id": "con_mine"}),
        (interviews, an_interview(mine, "opp_theirs")),
        (interviews, an_interview(mine, "opp_mine", decision_said_by="con_theirs")),
        (touches, a_touch(mine, "opp_theirs", None)),
        (touches, a_touch(mine, "opp_mine", "con_theirs")),
        (touches, a_touch(theirs, "opp_mine", "con_mine")),
        (outcomes, {**outcome, "opportunity_id": "opp_theirs"}),
    ):
        assert is_refused(database, table, values), (table.name, values)


def test_a_touch_is_with_somebody_who_takes_part(database: Database, mine: str) -> None:
    with database.write() as session:
        session.execute(insert(contacts).values(a_contact(mine, "con_elsewhere")))
    assert is_refused(database, touches, a_touch(mine, "opp_mine", "con_elsewhere"))
    assert not is_refused(database, touches, a_touch(mine, "opp_mine", "con_mine"))


def test_only_words_that_are_known_are_kept(database: Database, mine: str) -> None:
    assert is_refused(database, interviews, an_interview(mine, "opp_mine", status="ghosted"))
    assert is_refused(database, interviews, an_interview(mine, "opp_mine", follow_up_channel="pigeon"))
    assert is_refused(database, interviews, an_interview(mine, "opp_mine", ends_at=FOUNDED))
    assert not is_refused(database, interviews, an_interview(mine, "opp_mine"))


def test_one_outcome_governs(database: Database, mine: str) -> None:
    first = {"account_id": mine, "opportunity_id": "opp_mine", "status": "offer", "at": FOUNDED, "created_at": FOUNDED}
    assert not is_refused(database, outcomes, {"id": "out_1", **first, "superseded_at": FOUNDED})
    assert not is_refused(database, outcomes, {"id": "out_2", **first})
    assert is_refused(database, outcomes, {"id": "out_3", **first})


def test_an_address_is_kept_in_small_letters(database: Database) -> None:
    user = {"id": "usr_1", "password_hash": "x", "created_at": FOUNDED}
    assert is_refused(database, users, {**user, "email": "Me@example.org"})
    assert not is_refused(database, users, {**user, "email": "me@example.org"})


@pytest.mark.usefixtures("theirs")
def test_a_removed_account_takes_everything_of_its_own_with_it(database: Database, mine: str) -> None:
    with database.write() as session:
        session.execute(insert(touches).values(a_touch(mine, "opp_mine", "con_mine")))
        session.execute(insert(interviews).values(an_interview(mine, "opp_mine")))
        session.execute(accounts.delete().where(accounts.c.id == mine))
        for table in metadata.sorted_tables:
            if "account_id" in table.c:
                left = session.execute(table.select().where(table.c.account_id == mine)).all()
                assert left == []
        assert session.execute(opportunities.select()).one().id == "opp_theirs"
