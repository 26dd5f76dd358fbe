"""The worker of one process: a tick, a heartbeat and a sender.

APScheduler gives the ticks and nothing else. Due work is rows: as a queue it loses or doubles jobs when a process dies
or two share a store, so its store is in memory and knows two jobs that are always the same.
"""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from afterword.config import IpNetwork
from afterword.errors import Busy
from afterword.services.releases import fingerprint, plan_anew_if_changed
from afterword.storage.database import Database
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

    def start(self) -> None:
        """Begin. A worker that knows itself alone takes back at once what its predecessor was sending."""
        if self._alone:
            self._sender.take_back_own()
        plan_anew_if_changed(self._database, self._clock(), fingerprint())
        self._beat()
        self._every(TICK_SECONDS, self._tick)
        self._every(HEARTBEAT_SECONDS, self._beat)
        self._every(FORGET_SECONDS, self._forget)
        self._scheduler.start()
        self._sender.start()

    def stop(self) -> None:
        """End, letting what is on its way arrive."""
        self._scheduler.shutdown(wait=True)
        self._sender.stop()

    def _every(self, seconds: float, job: Callable[[], Any]) -> None:
        self._scheduler.add_job(job, "interval", seconds=seconds, next_run_time=self._clock())

    def _tick(self) -> None:
        try:
            if tick(self._database, self._clock) + replay(self._database, self._clock):
                self._sender.wake()
        except Busy:
            return  # the next tick is half a second away

    def _forget(self) -> None:
        with suppress(Busy):
            forget(self._database, self._clock)

    def _beat(self) -> None:
        try:
            heartbeat(self._database, self.name, self._clock)
        except Busy:
            return
