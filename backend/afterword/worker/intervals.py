"""Intervals that hold whatever becomes of the machine's clock.

APScheduler writes down by that clock when a job is due next. Set back by an hour, it would sleep for an hour; set ahead
by an hour, it would count what was missed, one by one. The clock that is followed has no part in this.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from apscheduler.job import Job
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from afterword import clock

LOOK_SECONDS = 0.5
#: How much further away than its interval a job may be before its time is taken for that of another clock.
SLACK_SECONDS = 1.0


class Interval(BaseTrigger):  # type: ignore[misc]
    """At once, and then so many seconds after the time before; after a gap from now on, with nothing made up for."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        if previous_fire_time is None:
            return now
        following, present = previous_fire_time.timestamp() + self.seconds, now.timestamp()
        return datetime.fromtimestamp(following if following > present else present + self.seconds, UTC)


class ClockWatch:
    """Looks now and then whether the clock was set back, by a counter that nobody sets, and makes due what waits for a
    time that is no longer near."""

    def __init__(self, scheduler: BackgroundScheduler) -> None:
        self._scheduler = scheduler
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            for job in self._scheduler.get_jobs():
                _pull_in(job, clock.of_this_machine())


def _pull_in(job: Job, now: datetime) -> None:
    if job.next_run_time.timestamp() - now.timestamp() > job.trigger.seconds + SLACK_SECONDS:
        job.modify(next_run_time=now)
