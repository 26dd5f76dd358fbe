"""Says 304 before FastAPI reads the parameters, which takes it longer than finding out that nothing has changed.

What a query string means is remembered from when it was last read: it means the same each time.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from afterword.api import routes
from afterword.api.deps import Caller, backend_of, calling
from afterword.services import next_actions as service
from afterword.services.next_actions import Query

MOST_REMEMBERED, LONGEST_REMEMBERED = 256, 500
HEADERS = {"Cache-Control": "private, no-cache"}

_meanings: dict[bytes, Query] = {}


class Route(routes.Route):
    """The route of answers that have a tag."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            return await _unchanged(request) or await handle(request)

        return answer


def remember(request: Request, query: Query) -> None:
    """Keep what the request's query string was found to mean."""
    text: bytes = request.scope["query_string"]
    if len(_meanings) >= MOST_REMEMBERED:
        _meanings.clear()
    if len(text) <= LONGEST_REMEMBERED:
        _meanings[text] = query


def still_true(tag: str | None, if_none_match: str | None) -> Response | None:
    """The answer 304, where a tag is the one that was sent."""
    if tag is None or tag not in [each.strip() for each in (if_none_match or "").split(",")]:
        return None
    return Response(status_code=304, headers={"ETag": tag, **HEADERS})


async def _unchanged(request: Request) -> Response | None:
    if_none_match = request.headers.get("if-none-match")
    query = _meanings.get(request.scope["query_string"])
    if if_none_match is None or query is None:
        return None
    caller = await calling(request, await backend_of(request))
    return await run_in_threadpool(_looked_up, caller, query, if_none_match)


def _looked_up(caller: Caller, query: Query, if_none_match: str) -> Response | None:
    with caller.reading() as access:
        tag = service.entity_tag(access.session, access.account_id, query, access.now)
        return still_true(tag, if_none_match)
