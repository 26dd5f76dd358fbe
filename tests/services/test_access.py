"""Who is asking: keys, tokens, and how long they are worth something."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from afterword.errors import Forbidden, Unauthenticated
from afterword.services import access, accounts, api_keys, sessions
from afterword.services.accounts import Registration
from afterword.storage.database import Database, Session
from afterword.storage.tables import memberships
from support.accounts import FOUNDED, open_account

OPEN = Registration("open")


def sign_up(session: Session) -> tuple[str, str]:
    """The ids of a user and of their account."""
    user, account = accounts.sign_up(session, OPEN, {"email": "me@example.org"}, "a hash", FOUNDED)
    return user.id, account.id


def test_a_sign_in_ends_after_thirty_days(database: Database) -> None:
    with database.write() as session:
        user_id, account_id = sign_up(session)
        _, token = sessions.start(session, user_id, FOUNDED)
        almost = FOUNDED + timedelta(days=30) - timedelta(microseconds=1)
        assert access.by_token(session, token, almost).account_id == account_id
        with pytest.raises(Unauthenticated):
            access.by_token(session, token, FOUNDED + timedelta(days=30))


def test_sign_ins_that_have_ended_are_forgotten(database: Database) -> None:
    with database.write() as session:
        user_id, _ = sign_up(session)
        sessions.start(session, user_id, FOUNDED)
        sessions.start(session, user_id, FOUNDED + timedelta(days=31))
        assert session.exec_driver_sql("SELECT count(*) FROM sessions").scalar_one() == 1


def test_a_token_is_not_kept(database: Database) -> None:
    with database.write() as session:
        user_id, _ = sign_up(session)
        _, token = sessions.start(session, user_id, FOUNDED)
        assert token not in repr(session.exec_driver_sql("SELECT * FROM sessions").all())


def test_a_viewer_reads_and_does_not_write(database: Database) -> None:
    with database.write() as session:
        user_id, _ = sign_up(session)
        session.execute(
            insert(memberships).values(user_id=user_id, account_id=open_account_in(session), role="viewer")
        )  # fmt: skip
        session.execute(memberships.delete().where(memberships.c.role == "owner"))
        _, token = sessions.start(session, user_id, FOUNDED)
        principal = access.by_token(session, token, FOUNDED)
    with pytest.raises(Forbidden):
        principal.require_owner()


def open_account_in(session: Session) -> str:
    return accounts.create(session, {"name": "Shared"}, FOUNDED).id


def test_the_use_of_a_key_is_noted_once_a_minute(database: Database) -> None:
    key = open_account(database).key
    with database.write() as session:
        for seconds, noted in ((0, 0), (59, 0), (60, 60), (61, 60), (120, 120)):
            now = FOUNDED + timedelta(seconds=seconds)
            access.note_use(session, access.by_key(session, key, now), now)
            used = session.scalars(select(api_keys.stored.api_keys.c.last_used_at)).one()
            assert used == FOUNDED + timedelta(seconds=noted)


@pytest.mark.parametrize("damage", [lambda key: key[:-1], lambda key: key + "x", lambda key: key.upper(), str.lower])
def test_a_key_that_is_almost_right_is_wrong(database: Database, damage: object) -> None:
    key = open_account(database).key
    wrong = damage(key)  # type: ignore[operator]
    with database.read() as session:
        assert access.by_key(session, key, FOUNDED)
        with pytest.raises(Unauthenticated):
            access.by_key(session, wrong, FOUNDED)
