"""Bodies up to a size: refused by what they say of themselves, and counted as they come, whatever they say."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from afterword.api.errors import of_status


class BodyLimit:
    """Starlette has a limit of its own, which answers in plain text."""

    def __init__(self, app: ASGIApp, largest_bytes: int) -> None:
        self.app = app
        self.largest_bytes = largest_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif self._says_too_much(Headers(scope=scope).get("content-length", "0")):
            await of_status(413)(scope, receive, send)
        else:
            await self.app(scope, self._counted(receive), send)

    def _says_too_much(self, length: str) -> bool:
        return length.isdigit() and int(length) > self.largest_bytes

    def _counted(self, receive: Receive) -> Receive:
        counted = 0

        async def receive_counted() -> Message:
            nonlocal counted
            message = await receive()
            counted += len(message.get("body", b""))
            if counted > self.largest_bytes:
                raise HTTPException(413)
            return message

        return receive_counted
