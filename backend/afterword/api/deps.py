"""What routes ask for: a session with the caller known, to read, to change, or to create with an Idempotency-Key.

Each is one transaction, and ends before the answer leaves: a commit that fails answers 5xx.
"""

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.concurrency import contextmanager_in_threadpool

from afterword import clock
from afterword.api import etags
from afterword.api.backend import Backend
from afterword.api.credentials import Credentials, require_same_origin
from afterword.errors import Busy, InvalidInput, Unauthenticated
from afterword.services import access, idempotency
from afterword.services.access import Principal
from afterword.storage import accounts
from afterword.storage.database import Session
from afterword.storage.idempotency import KeptAnswer


class Replayed(Exception):
    """Raised to end a request that was answered before."""

    def __init__(self, answer: KeptAnswer) -> None:
        self.answer = answer


@dataclass
class Access:
    """One request's session, who asks, and when. `hidden` are the fields that a replayed answer leaves out."""

    session: Session
    principal: Principal
    now: datetime
    if_match: str | None = None
    repeatable: idempotency.Request | None = None
    hidden: tuple[str, ...] = field(default=())

    @property
    def account_id(self) -> str:
        return self.principal.account_id

    def require_unchanged(self, etag: str) -> None:
        """Honour If-Match: refuse to change what is no longer what the caller read."""
        etags.require_match(self.if_match, etag)

    def hide_when_replayed(self, *names: str) -> None:
        """Name the fields of the answer that are shown this once."""
        self.hidden = names


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, before the route looks them up. For a route that is asked all the time: it opens its transaction in the
    thread it runs in, and going from thread to thread costs as much as saying that nothing has changed."""

    backend: Backend
    credentials: Credentials

    def reading(self) -> AbstractContextManager[Access]:
        """What `Reading` gives to other routes."""
        return _read_access(self.backend, self.credentials)


# Not `def`, here and below: FastAPI would call that in a thread.
async def backend_of(request: Request) -> Backend:
    backend: Backend = request.app.state.backend
    return backend


TheBackend = Annotated[Backend, Depends(backend_of)]


async def calling(request: Request, backend: TheBackend) -> Caller:
    return Caller(backend, Credentials.of(request, backend.settings))


async def reading(request: Request, backend: TheBackend) -> AsyncIterator[Access]:
    credentials = Credentials.of(request, backend.settings)
    async with contextmanager_in_threadpool(_read_access(backend, credentials)) as granted:
        yield granted


async def reading_if_known(request: Request, backend: TheBackend) -> AsyncIterator[Access | None]:
    """For what anybody may see, and somebody known more of. Credentials that are shown have to be good."""
    try:
        credentials = Credentials.of(request, backend.settings)
    except Unauthenticated:
        yield None
        return
    async with contextmanager_in_threadpool(_read_access(backend, credentials)) as granted:
        yield granted


async def changing(
    request: Request,
    backend: TheBackend,
    if_match: Annotated[
        str | None, Header(max_length=200, description="Change it only if its ETag is still this.")
    ] = None,
) -> AsyncIterator[Access]:
    credentials = Credentials.of(request, backend.settings)
    require_same_origin(request, backend.settings)
    async with (
        backend.turn_to_write(),
        contextmanager_in_threadpool(_write_access(backend, credentials, None)) as granted,
    ):
        granted.if_match = if_match
        yield granted


async def creating(
    request: Request,
    backend: TheBackend,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            pattern=r"^[\x21-\x7e]+$",
            description="Any text of yours that names this request: sent again, it is answered again and done once.",
        ),
    ] = None,
) -> AsyncIterator[Access]:
    credentials = Credentials.of(request, backend.settings)
    require_same_origin(request, backend.settings)
    async with AsyncExitStack() as stack:
        keyed = await _keyed(request, idempotency_key)
        if keyed:
            stack.enter_context(_running(backend, credentials, keyed))
        await stack.enter_async_context(backend.turn_to_write())
        granted = await stack.enter_async_context(
            contextmanager_in_threadpool(_write_access(backend, credentials, keyed))
        )
        request.state.access = granted
        yield granted


Calling = Annotated[Caller, Depends(calling)]
Reading = Annotated[Access, Depends(reading, scope="function")]
KnownReading = Annotated[Access | None, Depends(reading_if_known, scope="function")]
Changing = Annotated[Access, Depends(changing, scope="function")]
Creating = Annotated[Access, Depends(creating, scope="function")]


@contextmanager
def _read_access(backend: Backend, credentials: Credentials) -> Iterator[Access]:
    with backend.database.read() as session:
        principal = credentials.principal(session, clock.now())
        # After the first look, which opens the snapshot: nothing in it was planned after this instant.
        now = clock.now()
        _note_use(backend, principal, now)
        yield Access(session, principal, now)


@contextmanager
def _write_access(backend: Backend, credentials: Credentials, keyed: idempotency.Request | None) -> Iterator[Access]:
    now = clock.now()
    with backend.database.write() as session:
        principal = credentials.principal(session, now)
        principal.require_owner()
        repeatable = replace(keyed, account_id=principal.account_id) if keyed else None
        known = idempotency.earlier_answer(session, repeatable, now) if repeatable else None
        if known:
            raise Replayed(known)
        accounts.lock_account(session, principal.account_id)
        access.note_use(session, principal, now)
        yield Access(session, principal, now, repeatable=repeatable)


def _note_use(backend: Backend, principal: Principal, now: datetime) -> None:
    # No reader waits for a writer; the next one will note it.
    if principal.stale_key_id is not None:
        with suppress(Busy), backend.database.write_if_free() as session:
            access.note_use(session, principal, now)


async def _keyed(request: Request, key: str | None) -> idempotency.Request | None:
    if key is None:
        return None
    body = await request.body()
    route = f"{request.method} {request.url.path}"
    if len(route) > 200:
        raise InvalidInput.at("Idempotency-Key", "cannot be used with an address as long as this")
    return idempotency.Request("", route, key, hashlib.sha256(body).hexdigest())


@contextmanager
def _running(backend: Backend, credentials: Credentials, keyed: idempotency.Request) -> Iterator[None]:
    # Which account it is has to be looked up yet; the credentials stand for it.
    mark = (credentials.fingerprint, keyed.route, keyed.key)
    if mark in backend.running:
        raise idempotency.running(keyed.key)
    backend.running.add(mark)
    try:
        yield
    finally:
        backend.running.discard(mark)
