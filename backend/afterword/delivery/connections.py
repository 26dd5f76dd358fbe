"""aiohttp's connections, where it is stricter or more trusting than a sender of webhooks should be."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection


class Connector(aiohttp.TCPConnector):
    """Uses a connection again only if nothing came on it meanwhile.

    What came would be read as the answer to a request that had not been sent then: a delivery that nobody received
    would be called delivered.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._factory = cast("partial[ResponseHandler]", partial(_Handler, loop=self._loop))

    async def _get(self, *place: Any) -> Connection | None:
        while (found := await super()._get(*place)) is not None:
            if found.protocol is None or not found.protocol.should_close:
                return found
            found.close()
        return None


class _Handler(ResponseHandler):
    def data_received(self, data: bytes) -> None:
        # The head by itself: what follows may be unsound (a body behind 204, a chunk without a size), and read
        # together with it would take back the status that the receiver has given.
        head, end, rest = data.partition(b"\r\n\r\n")
        super().data_received(head + end)
        if rest:
            super().data_received(rest)
        if self.exception() is not None and self._payload is not None and not self._payload.is_eof():
            # Left alone, whoever reads the body would wait for the rest of it until the deadline.
            self._payload.set_exception(aiohttp.ClientPayloadError("the body is not sound"))


class Response(aiohttp.ClientResponse):
    """An answer without its reason phrase: nobody reads it, and one that is not UTF-8 would be an error in httpx."""

    async def start(self, connection: Connection) -> aiohttp.ClientResponse:
        started = await super().start(connection)
        self.reason = None
        return started
