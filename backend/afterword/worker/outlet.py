"""An event loop in a thread of its own, and the guarded transport on it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import uvloop

from afterword.config import IpNetwork
from afterword.delivery.answers import Answer
from afterword.delivery.transport import DEADLINE_SECONDS, Transport

GOODBYE_SECONDS = 5
STOPPED = "the sender was stopped before there was an answer"
logger = logging.getLogger("afterword.sender")


@dataclass(frozen=True, slots=True)
class Post:
    """One request, and who is to be told, in the loop's thread, what came of it."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    then: Callable[[Answer], None]


class Outlet:
    """Requests are handed in from any thread."""

    def __init__(
        self, allowed: Sequence[IpNetwork], own_url: str | None, deadline_seconds: float | None = None
    ) -> None:  # fmt: skip
        self._loop = uvloop.new_event_loop()
        self._transport = Transport(allowed, own_url, deadline_seconds or DEADLINE_SECONDS)
        self._posting: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="delivery-loop", daemon=True)
        self._thread.start()

    def post(self, posts: Sequence[Post]) -> None:
        """Begin all of these; the loop is woken once for them."""
        self._loop.call_soon_threadsafe(self._begin, posts)

    def close(self) -> None:
        """Give up what has not been answered, telling who waits for it; close the connections and end the thread."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(GOODBYE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(GOODBYE_SECONDS)
        self._loop.close()

    def _begin(self, posts: Sequence[Post]) -> None:
        for post in posts:
            task = self._loop.create_task(self._post(post))
            self._posting.add(task)
            task.add_done_callback(self._posting.discard)

    async def _end(self) -> None:
        unanswered = list(self._posting)
        for task in unanswered:
            task.cancel()
        await asyncio.gather(*unanswered, return_exceptions=True)
        await self._transport.aclose()

    async def _post(self, post: Post) -> None:
        try:
            answer = await self._transport.post(post.url, post.body, post.headers)
        except asyncio.CancelledError:
            post.then(Answer(None, {}, "", STOPPED, 0))
            raise
        except Exception as error:  # whatever it is, whoever waits must be told
            logger.exception("A request failed in a way that was not foreseen.")
            answer = Answer(None, {}, "", f"{type(error).__name__}: {error}"[:500], 0)
        post.then(answer)
