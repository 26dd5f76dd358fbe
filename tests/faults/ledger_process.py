"""`python -m faults.ledger_process FILE …`: the receiver that keeps the ledger, in a process that no kill touches.

Every path is an endpoint, with a secret of its own. What comes and what was answered is appended to the file at once,
each with the counter that all processes of a machine share (`time.monotonic`) and with the wall clock. It prints its
port when it listens.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import json
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

#: In the paths of endpoints that joined late and asked for what they had missed.
LATE = "/late-"
GOOD, WRONG_SIGNATURE, WRONG_ID = "good", "wrong-signature", "wrong-id"


def secret_of(path: str) -> str:
    """The secret of the endpoint at a path."""
    return "whsec_" + base64.b64encode(hashlib.sha256(path.encode()).digest()).decode()


def chance_of(seed: int, *about: str) -> float:
    """A number from 0 to 1 that is always the same for the same thing."""
    told = hashlib.sha256("|".join((str(seed), *about)).encode()).digest()
    return int.from_bytes(told[:6]) / 256**6


@dataclass
class Receiver:
    """How it answers, and the file it writes to."""

    file: int
    seed: int
    shortest_pause: float
    longest_pause: float
    failing: float
    serials: count[int] = field(default_factory=count)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)

    def note(self, *words: object) -> None:
        os.write(self.file, (" ".join(map(str, words)) + "\n").encode())

    async def receive(self, request: web.Request) -> web.Response:
        """Note what came, wait, and answer, unless the sender is gone by then."""
        body = await request.read()
        serial, event_id = next(self.serials), request.headers.get("webhook-id", "-")
        sender = request.headers.get("user-agent", "-").rpartition("/")[2]
        seen = (sender, request.path, event_id, _verdict(request, body), hashlib.sha256(body).hexdigest()[:24])
        self.note("came", serial, time.monotonic(), time.time(), *seen)
        await asyncio.sleep(self._pause(request.path, event_id))
        if request.transport is None or request.transport.is_closing():
            self.note("gone", serial, time.monotonic(), time.time())
            return web.Response(status=408)
        status = self._status(request.path, event_id)
        # Before it is written: nobody can have seen it earlier.
        self.note("answered", serial, time.monotonic(), time.time(), status)
        return web.Response(status=status)

    def _pause(self, path: str, event_id: str) -> float:
        share = chance_of(self.seed, "pause", path, event_id)
        if LATE in path:
            # All that happened before goes there, four at a time.
            return share * self.shortest_pause
        return self.shortest_pause + share * (self.longest_pause - self.shortest_pause)

    def _status(self, path: str, event_id: str) -> int:
        """Some are refused once or twice before they are taken."""
        share = chance_of(self.seed, "refuse", path, event_id) / self.failing if self.failing else 1.0
        wanted = 0 if share >= 1 else 2 if share < 0.3 else 1
        if self.refused[path, event_id] >= wanted:
            return 200
        self.refused[path, event_id] += 1
        return 500


def _verdict(request: web.Request, body: bytes) -> str:
    try:
        Webhook(secret_of(request.path)).verify(body, dict(request.headers))
    except WebhookVerificationError:
        return WRONG_SIGNATURE
    return GOOD if json.loads(body)["data"]["id"] == request.headers["webhook-id"] else WRONG_ID


async def listen(receiver: Receiver) -> None:
    """Until the process is ended."""
    app = web.Application()
    app.router.add_post("/{path:.*}", receiver.receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=512)
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("file")
    asked.add_argument("--seed", type=int, required=True)
    asked.add_argument("--pause", type=float, nargs=2, required=True)
    asked.add_argument("--failing", type=float, required=True)
    chosen = asked.parse_args()
    file = os.open(chosen.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    asyncio.run(listen(Receiver(file, chosen.seed, *chosen.pause, chosen.failing)))


if __name__ == "__main__":
    main()
