"""Signing in and out, for the front end."""

from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from afterword import clock
from afterword.api.accounts import Me, told
from afterword.api.credentials import clear_cookie, cookie_name, require_same_origin, set_cookie
from afterword.api.deps import TheBackend
from afterword.api.fields import Given, Searched
from afterword.api.routes import router
from afterword.services import accounts, passwords, sessions

routes = router("sessions")


class SignInRequest(Given):
    email: Searched
    password: Annotated[str, Field(max_length=passwords.LONGEST)]


@routes.post("/sessions", status_code=201, operation_id="create_session")
def create_session(body: SignInRequest, request: Request, response: Response, backend: TheBackend) -> Me:
    """Sign in: the answer sets a cookie that lasts thirty days."""
    require_same_origin(request, backend.settings)
    with backend.database.read() as session:
        found = sessions.find_user(session, body.email)
    user = sessions.require_password(found, body.password)
    with backend.database.write() as session:
        sign_in, token = sessions.start(session, user.id, clock.now())
        account = accounts.find(session, sign_in.account_id)
    set_cookie(response, backend.settings, token, sign_in.expires_at)
    return told(user, account)


@routes.delete("/sessions", status_code=204, operation_id="delete_session")
def delete_session(request: Request, response: Response, backend: TheBackend) -> None:
    """Sign out: the cookie's token is worth nothing from now on."""
    require_same_origin(request, backend.settings)
    token = request.cookies.get(cookie_name(backend.settings))
    if token:
        with backend.database.write() as session:
            sessions.end(session, token)
    clear_cookie(response, backend.settings)
