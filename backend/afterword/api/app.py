"""The application: its routes, its errors, its front end."""

from __future__ import annotations

import importlib.metadata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from afterword.api import (
    accounts,
    agreements,
    api_keys,
    calendar_invitations,
    comparison,
    contact_check,
    contacts,
    deliveries,
    dry_runs,
    errors,
    events,
    front_end,
    health,
    imports,
    interviews,
    metrics,
    next_actions,
    openapi,
    opportunities,
    outcomes,
    playbook_rules,
    playbooks,
    recaps,
    replays,
    sessions,
    shared,
    shares,
    switches,
    timelines,
    touches,
    webhook_endpoints,
    webhooks,
)
from afterword.api.backend import Backend
from afterword.api.body_limit import BodyLimit
from afterword.api.compression import Compression
from afterword.config import Settings
from afterword.services.accounts import Registration
from afterword.storage.database import Database

LARGEST_BODY_BYTES = 256 * 1024
# Looked through in this order: what is asked all the time comes first.
NOUNS = (
    next_actions,
    accounts,
    sessions,
    api_keys,
    interviews,
    calendar_invitations,
    recaps,
    opportunities,
    outcomes,
    contacts,
    touches,
    comparison,
    contact_check,
    timelines,
    imports,
    agreements,
    playbooks,
    playbook_rules,
    dry_runs,
    switches,
    webhook_endpoints,
    deliveries,
    replays,
    events,
    shares,
    shared,
    health,
    metrics,
)


def create_app(
    settings: Settings, database: Database, sign_up_code: str | None = None, built: Path = front_end.BUILT
) -> FastAPI:
    """The application on a database that is migrated. `sign_up_code` guards the first sign-up where strangers can reach
    it; `built` is the directory of the built front end."""
    backend = Backend(settings, database, Registration(settings.registration, sign_up_code))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        backend.start()
        yield

    app = FastAPI(
        title="Afterword",
        version=importlib.metadata.version("afterword"),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        separate_input_output_schemas=False,
    )
    app.state.backend = backend
    app.add_middleware(BodyLimit, largest_bytes=LARGEST_BODY_BYTES)
    app.add_middleware(Compression)
    app.add_middleware(front_end.SecurityHeaders)
    errors.install(app)
    for noun in NOUNS:
        app.include_router(noun.routes)
    front_end.serve(app, built)
    webhooks.describe(app)
    _set_openapi(app)
    return app


def _set_openapi(app: FastAPI) -> None:
    def document() -> dict[str, Any]:
        return openapi.document(app)

    app.openapi = document  # type: ignore[method-assign]
