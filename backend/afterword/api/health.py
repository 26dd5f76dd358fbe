"""Whether the process lives, and whether it can serve."""

from typing import Literal

from fastapi import APIRouter, Response

from afterword import clock
from afterword.api.deps import TheBackend
from afterword.api.fields import Told
from afterword.services import health

routes = APIRouter(prefix="/health", tags=["health"])


class Live(Told):
    status: Literal["live"]


class Ready(Told):
    """`worker_beat_age_seconds` is how long ago any worker ticked, within ten seconds; null where none has for a day.
    `parked` counts opportunities that could not be planned, `queue_depth` deliveries that are due, up to 100,000 each;
    the lateness is that of the one which has been due for longest. `concerns` says in words what to look after."""

    status: Literal["ready", "not_ready"]
    reason: str | None
    worker_beat_age_seconds: float | None
    parked: int
    queue_depth: int
    lateness_seconds: float
    planning_lateness_seconds: float
    concerns: list[str]


@routes.get("/live", operation_id="get_live")
async def get_live() -> Live:
    """Answers as long as the process does."""
    # Not in a thread: those may all be waiting for the database.
    return Live(status="live")


@routes.get("/ready", operation_id="get_ready")
def get_ready(backend: TheBackend, response: Response) -> Ready:
    """503 where this process cannot answer: the database cannot be reached, or this release cannot run on its schema.
    What else is wrong is told in `concerns`, with 200."""
    found = health.readiness(backend.database, clock.now())
    response.status_code = 200 if found.reason is None else 503
    return Ready(
        status="ready" if found.reason is None else "not_ready",
        reason=found.reason,
        worker_beat_age_seconds=found.worker_beat_age_seconds,
        parked=found.parked,
        queue_depth=found.queue_depth,
        lateness_seconds=found.lateness_seconds,
        planning_lateness_seconds=found.planning_lateness_seconds,
        concerns=list(found.concerns),
    )
