"""Replays: everything that an endpoint missed since a time, sent again by the worker."""

from typing import Annotated, Literal

from fastapi import Path
from pydantic import StrictBool

from afterword.api.deps import Creating, Reading
from afterword.api.fields import Given, Identifier, Instant, Told
from afterword.api.routes import router
from afterword.services import replays as service

routes = router("webhooks")


class NewReplay(Given):
    """Since when. Without `delivered_too` what was delivered is left alone."""

    since: Instant
    delivered_too: StrictBool = False


class Replay(Told):
    """How far it is: `queued` deliveries are back in the queue."""

    id: str
    endpoint_id: str
    since: Instant
    delivered_too: bool
    state: Literal["running", "done"]
    queued: int
    created_at: Instant
    finished_at: Instant | None


@routes.post(
    "/webhook-endpoints/{endpoint_id}/replays",
    operation_id="create_replay",
    summary="Have everything sent again that an endpoint missed since a time",
    status_code=202,
)
def create_replay(body: NewReplay, access: Creating, endpoint_id: Annotated[Identifier, Path()]) -> Replay:
    begun = service.begin(
        access.session, access.account_id, endpoint_id, body.since, body.delivered_too, access.now
    )  # fmt: skip
    return Replay.model_validate(begun)


@routes.get(
    "/webhook-endpoints/{endpoint_id}/replays/{replay_id}",
    operation_id="get_replay",
    summary="How far a replay is",
)
def get_replay(
    access: Reading, endpoint_id: Annotated[Identifier, Path()], replay_id: Annotated[Identifier, Path()]
) -> Replay:
    return Replay.model_validate(service.find(access.session, access.account_id, endpoint_id, replay_id))
