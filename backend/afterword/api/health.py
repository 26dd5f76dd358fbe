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
    """`worker_beat_age_seconds` is null where no worker has ever run; `parked` counts what could not be planned."""

    status: Literal["ready", "not_ready"]
    reason: str | None
    worker_beat_age_seconds: float | None
    parked: int


@routes.get("/live", operation_id="get_live")
async def get_live() -> Live:
    """Answers as long as the process does."""
    # Not in a thread: those may all be waiting for the database.
    return Live(status="live")


@routes.get("/ready", operation_id="get_ready")
def get_ready(backend: TheBackend, response: Response) -> Ready:
    """503 where the database cannot be reached or has another schema."""
    found = health.readiness(backend.database, clock.now())
    response.status_code = 200 if found.reason is None else 503
    return Ready(
        status="ready" if found.reason is None else "not_ready",
        reason=found.reason,
        worker_beat_age_seconds=found.worker_beat_age_seconds,
        parked=found.parked,
    )
