"""Smaller answers for slow connections: what is read is sent compressed, and what is changed is not.

What tells a secret, such as a key that was just made, answers a POST. So no secret is compressed together with text
that somebody else may have chosen, from which the length of an answer could give it away (BREACH).
"""

from __future__ import annotations

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

SMALLEST_BYTES = 1_000
# Above it the answers hardly shrink, and take half as long again.
LEVEL = 5


class Compression:
    """Compresses the answers to GET."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.compressing = GZipMiddleware(app, minimum_size=SMALLEST_BYTES, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_read = scope["type"] == "http" and scope["method"] == "GET"
        await (self.compressing if is_read else self.app)(scope, receive, send)
