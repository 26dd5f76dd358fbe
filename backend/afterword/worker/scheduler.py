"""The worker of one process: a tick and a sender.

APScheduler gives the ticks and nothing else. Due work is rows: as a queue it loses or doubles jobs when a process dies
or two share a store, so its store is in memory and knows two jobs that are always the same.

The tick writes the heartbeat, so that the row is as old as the last tick: a scheduler whose thread has died still says
that it is running.
"""

from __future__ import annotations

import logging
import os
import platform
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

from afterword.config import IpNetwork
from afterword.errors import Busy
from afterword.services.releases import fingerprint, plan_anew_if_changed
from afterword.storage.database import Database
from afterword.worker.intervals import ClockWatch, Interval
from afterword.worker.jobs import Turns, complete, forget, heartbeat, replay, tick
from afterword.worker.sender import Sender

TICK_SECONDS = 0.5
HEARTBEAT_SECONDS = 10
FORGET_SECONDS = 600


class Worker:
    """Start it once; stop it before the process ends."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        allowed: Sequence[IpNetwork] = (),
        public_url: str | None = None,
        alone: bool = False,
    ) -> None:
        self._database, self._clock, self._alone = database, clock, alone
        # Containers may share the first part of their names and all have the same process id.
        self.name = f"{platform.node()[:24]}-{os.getpid()}-{secrets.token_hex(3)}"
        # That a tick took longer than half a second and the next was left out is no news: it is made to be.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._sender = Sender(database, clock, allowed, public_url)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            daemon=True,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._watch = ClockWatch(self._scheduler)
        self._turns = Turns()
        self._beats_next = time.monotonic()
        self._stopping = threading.Event()

    def start(self) -> None:
        """Begin. A worker that knows itself alone takes back at once what its predecessor was sending."""
        if self._alone:
            self._sender.take_back_own()
        plan_anew_if_changed(self._database, self._clock(), fingerprint())
        self._scheduler.add_job(self._tick, Interval(TICK_SECONDS))
        self._scheduler.add_job(self._forget, Interval(FORGET_SECONDS))
        self._scheduler.start()
        self._watch.start()
        self._sender.start()

    def stop(self) -> None:
        """End, letting what is on its way arrive."""
        self._stopping.set()
        self._watch.stop()
        self._scheduler.shutdown(wait=True)
        self._sender.stop()
        self._beat()

    def _tick(self) -> None:
        with suppress(Busy):  # the next tick is half a second away
            planned = tick(self._database, self._clock, self._beat_if_time)
            if planned + replay(self._database, self._clock, self._turns, self._beat_if_time):
                self._sender.wake()
        # A worker that waits for others is alive; any other error of a tick leaves the row to grow old.
        self._beat_if_time()

    def _forget(self) -> None:
        with suppress(Busy):
            complete(self._database, self._stopping.wait)
            forget(self._database, self._clock, self._stopping.wait)

    def _beat_if_time(self) -> None:
        if time.monotonic() >= self._beats_next:
            self._beat()

    def _beat(self) -> None:
        with suppress(Busy):
            heartbeat(self._database, self.name, self._clock, self._sender.attempts)
            self._beats_next = time.monotonic() + HEARTBEAT_SECONDS
