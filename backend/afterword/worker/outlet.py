"""An event loop in a thread of its own, and the guarded transport on it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence

from afterword.config import IpNetwork
from afterword.delivery.answers import Answer
from afterword.delivery.transport import Transport

GOODBYE_SECONDS = 5
logger = logging.getLogger("afterword.sender")


class Outlet:
    """Requests are handed in from any thread; each answer is handed to a function, in the loop's thread."""

    def __init__(self, allowed: Sequence[IpNetwork]) -> None:
        self._loop = asyncio.new_event_loop()
        self._transport = Transport(allowed)
        self._thread = threading.Thread(target=self._loop.run_forever, name="delivery-loop", daemon=True)
        self._thread.start()

    def post(self, url: str, body: bytes, headers: Mapping[str, str], then: Callable[[Answer], None]) -> None:
        """Send, and call `then` with what came of it."""
        asyncio.run_coroutine_threadsafe(self._post(url, body, headers, then), self._loop)

    def close(self) -> None:
        """Close the connections and end the thread."""
        asyncio.run_coroutine_threadsafe(self._transport.aclose(), self._loop).result(GOODBYE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(GOODBYE_SECONDS)
        self._loop.close()

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str], then: Callable[[Answer], None]) -> None:
        try:
            answer = await self._transport.post(url, body, headers)
        except Exception as error:  # whatever it is, whoever waits must be told
            logger.exception("A request failed in a way that was not foreseen.")
            answer = Answer(None, {}, "", f"{type(error).__name__}: {error}"[:500], 0)
        then(answer)
