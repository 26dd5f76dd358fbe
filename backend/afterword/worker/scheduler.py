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
from afterword.worker.jobs import forget, heartbeat, replay, tick
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
        self.name = f"{platform.node()[:24]}-{os.getpid()}"
        # That a tick took longer than half a second and the next was left out is no news: it is made to be.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._sender = Sender(database, clock, allowed, public_url)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            daemon=True,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._watch = ClockWatch(self._scheduler)
        self._beats_next = time.monotonic()

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
        self._watch.stop()
        self._scheduler.shutdown(wait=True)
        self._sender.stop()
        self._beat()

    def _tick(self) -> None:
        try:
            if tick(self._database, self._clock, self._beat_if_time) + replay(self._database, self._clock):
                self._sender.wake()
        except Busy:
            return  # the next tick is half a second away
        self._beat_if_time()

    def _forget(self) -> None:
        with suppress(Busy):
            forget(self._database, self._clock)

    def _beat_if_time(self) -> None:
        if time.monotonic() >= self._beats_next:
            self._beat()

    def _beat(self) -> None:
        with suppress(Busy):
            heartbeat(self._database, self.name, self._clock, self._sender.attempts)
            self._beats_next = time.monotonic() + HEARTBEAT_SECONDS
