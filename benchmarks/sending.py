"""The product's sender in a process of its own: `python -m benchmarks.sending URL SLOTS`.

Each line on standard input starts it, or stops it again; the answer is the instant, in seconds since the epoch.
"""

from __future__ import annotations

import sys
import time
from ipaddress import ip_network

from afterword import clock
from afterword.__main__ import collect_seldom
from afterword.storage.database import open_database
from afterword.worker.sender import Sender

LOOPBACK = (ip_network("127.0.0.0/8"),)


def serve(url: str, slots: int) -> None:
    """Until the input ends."""
    database, running = open_database(url), None
    collect_seldom()
    while sys.stdin.readline():
        at = time.time()
        if running is None:
            running = Sender(database, clock.now, LOOPBACK, "https://afterword.example", slots=slots)
            running.start()
        else:
            running.stop()
            running = None
        print(at, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
