"""A receiver of webhooks in a process of its own, as cheap as aiohttp allows; it notes when each one first arrived.

`GET /` tells how many requests came, when the last one did and when each `webhook-id` first did; `DELETE /` forgets
them. `PUT /` with a list of paths makes these hang: they are read and not answered before the next `PUT /`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from aiohttp import web

OWN_PATH = "/"


class Receiver:
    """What arrived since the last `DELETE /`, in seconds since the epoch."""

    def __init__(self) -> None:
        self._arrived: dict[str, float] = {}
        self._requests, self._last = 0, 0.0
        self._hanging: frozenset[str] = frozenset()
        self._released = asyncio.Event()

    async def __call__(self, request: web.BaseRequest) -> web.Response:
        at = time.time()
        if request.path == OWN_PATH:
            return await self._told(request)
        self._requests, self._last = self._requests + 1, at
        self._arrived.setdefault(request.headers["webhook-id"], at)
        await request.read()
        if request.path in self._hanging:
            await self._released.wait()
        return web.Response()

    async def _told(self, request: web.BaseRequest) -> web.Response:
        if request.method == "PUT":
            self._released.set()
            self._released = asyncio.Event()
            self._hanging = frozenset(json.loads(await request.read()))
        if request.method == "DELETE":
            self._arrived, self._requests = {}, 0
        return web.json_response({"requests": self._requests, "last": self._last, "arrived": self._arrived})


async def serve(port: int) -> None:
    """Until the process is ended."""
    runner = web.ServerRunner(web.Server(Receiver(), access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=512).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
