"""Signing up, and the account's settings."""

from typing import Annotated, Any, get_args

from fastapi import Request, Response
from pydantic import MISSING, Field

from afterword import clock
from afterword.api import etags
from afterword.api.credentials import require_same_origin, set_cookie
from afterword.api.deps import Changing, Reading, TheBackend
from afterword.api.fields import Email, Given, Holidays, Hour, Instant, Name, PlaybookId, Told, Weekday, ZoneName
from afterword.api.routes import router
from afterword.services import accounts, passwords, sessions
from afterword.storage.accounts import Account as StoredAccount
from afterword.storage.accounts import User as StoredUser

routes = router("accounts")

Password = Annotated[str, Field(min_length=passwords.SHORTEST, max_length=passwords.LONGEST)]
WorkingDays = Annotated[list[Weekday], Field(min_length=1, max_length=7)]


class User(Told):
    id: str
    email: str


class Account(Told):
    """The owner of everything, with the calendar that windows are reckoned by. `playbook_version` is that of a playbook
    of its own; null where the release says which."""

    id: str
    name: str
    time_zone: str
    working_days: list[Weekday]
    holidays: str | None
    contact_from: str
    contact_until: str
    playbook: str
    playbook_version: str | None
    created_at: Instant
    updated_at: Instant


class Me(Told):
    """`user` is null for a program with an API key."""

    user: User | None
    account: Account


class SignUp(Given):
    """`code` is what the server printed in its log, needed for the first sign-up where strangers can reach it."""

    email: Email
    password: Password
    code: Annotated[str, Field(max_length=100)] | None = None
    name: Name | None = None
    time_zone: ZoneName | None = None
    working_days: WorkingDays | None = None
    holidays: Holidays | None = None
    contact_from: Hour | None = None
    contact_until: Hour | None = None
    playbook: PlaybookId | None = None


class AccountChange(Given):
    """Settings to change; those left out are kept."""

    name: Name | MISSING = MISSING
    time_zone: ZoneName | MISSING = MISSING
    working_days: WorkingDays | MISSING = MISSING
    holidays: Holidays | MISSING | None = MISSING
    contact_from: Hour | MISSING = MISSING
    contact_until: Hour | MISSING = MISSING
    playbook: PlaybookId | MISSING = MISSING


@routes.post("/accounts", status_code=201, operation_id="create_account")
def create_account(body: SignUp, request: Request, response: Response, backend: TheBackend) -> Me:
    """Sign up: a user, an account that is theirs, and a cookie that signs them in."""
    require_same_origin(request, backend.settings)
    now = clock.now()
    values = _settings(body.values())
    password_hash = _hashed_if_open(backend, values)
    with backend.database.write() as session:
        user, account = accounts.sign_up(session, backend.registration, values, password_hash, now)
        sign_in, token = sessions.start(session, user.id, now)
    set_cookie(response, backend.settings, token, sign_in.expires_at)
    return told(user, account)


@routes.get("/me", operation_id="get_me")
def get_me(access: Reading, response: Response) -> Me:
    """Who is asking, and the settings of their account."""
    account = accounts.find(access.session, access.account_id)
    response.headers["ETag"] = etags.of_instant(account.updated_at)
    return told(accounts.find_user(access.session, access.principal.user_id), account)


@routes.patch("/me", operation_id="change_me")
def change_me(body: AccountChange, access: Changing, response: Response) -> Me:
    """Change settings of the account; every window is reckoned anew."""
    account = accounts.find(access.session, access.account_id)
    access.require_unchanged(etags.of_instant(account.updated_at))
    account = accounts.change(access.session, account, _settings(body.values()), access.now)
    response.headers["ETag"] = etags.of_instant(account.updated_at)
    return told(accounts.find_user(access.session, access.principal.user_id), account)


def told(user: StoredUser | None, account: StoredAccount) -> Me:
    return Me(user=User.model_validate(user) if user else None, account=Account.model_validate(account))


def _settings(values: dict[str, Any]) -> dict[str, Any]:
    """Hours as they are stored, and each working day once, in the order of the week."""
    for name in ("contact_from", "contact_until"):
        if values.get(name) is not None:
            values[name] = values[name].strftime("%H:%M")
    if values.get("working_days") is not None:
        values["working_days"] = sorted(set(values["working_days"]), key=get_args(Weekday).index)
    return values


def _hashed_if_open(backend: TheBackend, values: dict[str, Any]) -> str:
    # Hashing takes long and much memory: not for those who are refused anyway, and not while others wait to write.
    with backend.database.read() as session:
        accounts.require_registration(session, backend.registration, values.get("code"))
    return passwords.hashed(values.pop("password"))
