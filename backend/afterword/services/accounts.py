"""Accounts: signing up, and the settings that every window depends on."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from afterword.errors import Conflict, InvalidInput, NotFound, RegistrationClosed
from afterword.services import playbooks
from afterword.services.planner import wake_account
from afterword.storage import accounts as stored
from afterword.storage.accounts import Account, User
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id

WORKING_WEEK = ("mon", "tue", "wed", "thu", "fri")


@dataclass(frozen=True, slots=True)
class Registration:
    """Who may sign up: `policy` is first, open or closed; `code`, where there is one, guards the first sign-up."""

    policy: str
    code: str | None = None


def require_registration(session: Session, registration: Registration, code: str | None) -> None:
    """Refuse a sign-up that is not allowed."""
    taken = stored.any_user(session)
    if registration.policy == "closed" or (registration.policy == "first" and taken):
        raise RegistrationClosed("This server takes no more accounts. Ask whoever runs it.")
    if not taken and registration.code and not hmac.compare_digest(registration.code, code or ""):
        raise InvalidInput.at("code", "is needed for the first sign-up: the server has printed it in its log")


def sign_up(
    session: Session,
    registration: Registration,
    values: Mapping[str, Any],
    password_hash: str,
    now: datetime,
) -> tuple[User, Account]:
    """A user who owns a new account. `values`: email, code, and any settings of the account."""
    stored.lock_registration(session)
    require_registration(session, registration, values.get("code"))
    email = values["email"].lower()
    if stored.find_user_by_email(session, email):
        raise Conflict("There is already a user with this e-mail address. Sign in instead.")
    user = User(new_id("usr"), email, password_hash, now)
    stored.add_user(session, user)
    settings = {key: value for key, value in values.items() if key not in ("email", "code") and value is not None}
    account = create(session, {"name": email.partition("@")[0], **settings}, now)
    stored.add_membership(session, user.id, account.id, "owner")
    return user, account


def create(session: Session, values: Mapping[str, Any], now: datetime) -> Account:
    """An account; what is not given is the working week, 09:00 to 17:00, UTC, and the default playbook."""
    defaults = {
        "time_zone": "UTC",
        "working_days": list(WORKING_WEEK),
        "holidays": None,
        "contact_from": "09:00",
        "contact_until": "17:00",
        "playbook": playbooks.DEFAULT,
    }
    settings = {**defaults, **values}
    identifier = new_id("acc")
    _require_sound(session, identifier, settings)
    stored.add_account(session, {"id": identifier, **settings, "created_at": now, "updated_at": now})
    return find(session, identifier)


def find(session: Session, account_id: str) -> Account:
    found = stored.find_account(session, account_id)
    if found is None:
        raise NotFound.of("account", account_id)
    return found


def find_user(session: Session, user_id: str | None) -> User | None:
    return stored.find_user(session, user_id) if user_id else None


def change(session: Session, account: Account, values: Mapping[str, Any], now: datetime) -> Account:
    """Change settings, and have every opportunity planned anew where one did change."""
    changed = {key: value for key, value in values.items() if getattr(account, key) != value}
    if not changed:
        return account
    _require_sound(session, account.id, {**{name: getattr(account, name) for name in _HOURS}, **changed})
    if "playbook" in changed:
        changed["playbook_version"] = playbooks.own_version(session, account.id, changed["playbook"])
    stored.change_account(session, account.id, {**changed, "updated_at": now})
    wake_account(session, account.id, now)
    return find(session, account.id)


_HOURS = ("contact_from", "contact_until")


def _require_sound(session: Session, account_id: str, settings: Mapping[str, Any]) -> None:
    if settings["contact_from"] >= settings["contact_until"]:
        raise InvalidInput.at("contact_until", "must be later than the start, like 09:00 and 17:00")
    if "playbook" in settings:
        playbooks.available(session, account_id, settings["playbook"])
