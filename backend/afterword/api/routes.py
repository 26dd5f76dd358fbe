"""The router of every noun: its answers to keyed requests are kept in the transaction that made them."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute

from afterword.api.deps import Access
from afterword.services import idempotency

KEPT_HEADERS = ("content-type", "etag", "location")


class Route(APIRoute):
    """Keeps the answer while the request's session is still open."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            response = await handle(request)
            access: Access | None = getattr(request.state, "access", None)
            if access is not None and access.repeatable is not None and response.status_code < 400:
                await run_in_threadpool(_keep, access, response)
            return response

        return answer


def router(tag: str) -> APIRouter:
    return APIRouter(prefix="/api/v1", tags=[tag], route_class=Route)


def _keep(access: Access, response: Response) -> None:
    if access.repeatable is None:
        return
    body = bytes(response.body).decode()
    if access.hidden:
        body = json.dumps({**json.loads(body), **dict.fromkeys(access.hidden)}, separators=(",", ":"))
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    idempotency.keep(access.session, access.repeatable, response.status_code, headers, body, access.now)
