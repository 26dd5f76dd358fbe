"""Accounts, their users and the memberships between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from afterword.storage import rows
from afterword.storage.database import Session
from afterword.storage.tables import accounts, memberships, users


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    name: str
    time_zone: str
    working_days: list[str]
    holidays: str | None
    contact_from: str
    contact_until: str
    playbook: str
    playbook_version: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class User:
    id: str
    email: str
    password_hash: str
    created_at: datetime


def find_account(session: Session, account_id: str) -> Account | None:
    return rows.find(session, Account, accounts, accounts.c.id == account_id)


def find_user(session: Session, user_id: str) -> User | None:
    return rows.find(session, User, users, users.c.id == user_id)


def find_user_by_email(session: Session, email: str) -> User | None:
    return rows.find(session, User, users, users.c.email == email.lower())


def accounts_of(session: Session, user_id: str) -> list[str]:
    """The ids of a user's accounts, oldest first."""
    statement = select(memberships.c.account_id).where(memberships.c.user_id == user_id)
    return list(session.scalars(statement.order_by(memberships.c.account_id)))


def addresses_of(session: Session, account_id: str) -> list[str]:
    """The e-mail addresses of everybody who belongs to an account."""
    statement = select(users.c.email).join(memberships, memberships.c.user_id == users.c.id)
    return list(session.scalars(statement.where(memberships.c.account_id == account_id)))


def single_account(session: Session) -> str | None:
    """The id of the only account there is; None where there is none or more than one."""
    found = session.scalars(select(accounts.c.id).order_by(accounts.c.id).limit(2)).all()
    return found[0] if len(found) == 1 else None


def lock_registration(session: Session) -> None:
    """Make two first sign-ups at once wait for each other. SQLite has one writer anyway."""
    if session.dialect.name == "postgresql":
        session.exec_driver_sql("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE")


def any_user(session: Session) -> bool:
    return session.execute(select(users.c.id).limit(1)).first() is not None


def add_user(session: Session, user: User) -> None:
    rows.add(
        session,
        users,
        {"id": user.id, "email": user.email, "password_hash": user.password_hash, "created_at": user.created_at},
    )


def add_account(session: Session, values: Mapping[str, Any]) -> None:
    rows.add(session, accounts, {**values, "version": 1, "sequence": 0})


def add_membership(session: Session, user_id: str, account_id: str, role: str) -> None:
    rows.add(session, memberships, {"user_id": user_id, "account_id": account_id, "role": role})


def change_account(session: Session, account_id: str, values: Mapping[str, Any]) -> None:
    rows.change(session, accounts, {**values, "version": accounts.c.version + 1}, accounts.c.id == account_id)


def lock_account(session: Session, account_id: str) -> None:
    """Make the account's writers take turns. On SQLite the transaction itself does."""
    if session.dialect.name == "postgresql":
        session.execute(select(accounts.c.id).where(accounts.c.id == account_id).with_for_update(key_share=True))
