"""Sign-ins of people: thirty days by a random token that only the browser keeps."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from afterword.errors import Unauthenticated
from afterword.services import passwords
from afterword.services.access import digest
from afterword.storage import accounts
from afterword.storage import sessions as stored
from afterword.storage.accounts import User
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id
from afterword.storage.sessions import SignIn

LIFETIME = timedelta(days=30)


def find_user(session: Session, email: str) -> User | None:
    return accounts.find_user_by_email(session, email)


def require_password(user: User | None, password: str) -> User:
    """The user, if the password is theirs. Needs no transaction, and takes a while."""
    known = passwords.matches(user.password_hash if user else None, password)
    if user is None or not known:
        raise Unauthenticated("The e-mail address and the password do not belong together.")
    return user


def start(session: Session, user_id: str, now: datetime) -> tuple[SignIn, str]:
    """A new sign-in to the user's first account, and its token."""
    account_id = accounts.accounts_of(session, user_id)[0]
    token = secrets.token_urlsafe(32)
    sign_in = SignIn(new_id("ses"), user_id, account_id, "owner", now + LIFETIME)
    stored.remove_expired(session, now)
    stored.add(session, digest(token), sign_in, now)
    return sign_in, token


def end(session: Session, token: str) -> None:
    stored.remove(session, digest(token))
