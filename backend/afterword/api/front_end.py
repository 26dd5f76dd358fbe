"""The built front end as static files, and the headers that every answer carries."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import afterword

BUILT = Path(afterword.__file__).parents[2] / "frontend" / "dist"

_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# The page of the API's docs sets style attributes from script.
_DOCS_POLICY = f"{_POLICY}; style-src 'self' 'unsafe-inline'"


def serve(app: FastAPI, directory: Path) -> None:
    """Serve what was built at every address that is not the API's."""
    if (directory / "index.html").is_file():
        app.frontend("/", directory=directory, fallback="index.html", check_dir=False)


class SecurityHeaders:
    """What browsers are told with every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), scope["path"], message["status"])
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _add(headers: MutableHeaders, path: str, status: int) -> None:
    told: dict[str, Any] = {
        "Content-Security-Policy": _DOCS_POLICY if path.startswith("/docs") else _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": _cache(path, status),
    }
    for name, value in told.items():
        headers.setdefault(name, value)


def _cache(path: str, status: int) -> str:
    if path.startswith("/api/"):
        return "private, no-cache"
    # The names of what is built there change with the contents.
    is_built = path.startswith("/assets/") and status == HTTPStatus.OK
    return "public, max-age=31536000, immutable" if is_built else "no-cache"
