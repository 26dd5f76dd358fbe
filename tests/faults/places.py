"""The places at which processes are killed from within, by what the process is doing there."""

from __future__ import annotations

from faults.fail_points import FailPoint

_EVENTS = "afterword.storage.events:insert_events"
_TAKE = "afterword.storage.outbox:take"
_FINISH = "afterword.storage.outbox:finish"
_RESULTS = "afterword.services.results:finish"
_SENT = "aiohttp.client_reqrep:ClientRequest.write_bytes"
_TAKE_BACK = "afterword.storage.outbox:_take_back"
_STEP = "afterword.services.replays:step"
_PUT_BACK = "afterword.services.replays:_put_back"
_FORGET = "afterword.storage.retention:forget_events"

WRITES = (
    FailPoint("before the commit of a write", _EVENTS, "after", commit="before"),
    FailPoint("after the commit of a write, before its response", _EVENTS, "after", commit="after"),
    FailPoint("half-way through fan-out", "afterword.storage.events:insert_deliveries", "before"),
    FailPoint("at the end of fan-out, uncommitted", "afterword.storage.events:insert_deliveries", "after"),
)
CLAIMS = (
    FailPoint("before a claim is committed", _TAKE, "after", commit="before"),
    FailPoint("after a claim", _TAKE, "after", commit="after"),
    FailPoint("after the bytes of 40 requests", _SENT, "after", nth=40),
)
RESULTS = (
    FailPoint("after 2xx, before any is recorded", _RESULTS, "before"),
    FailPoint("after 2xx, before the fifth batch is recorded", _RESULTS, "before", nth=5),
    FailPoint("after 2xx, written and not committed", _FINISH, "after", nth=3, commit="before"),
    FailPoint("after 2xx, as soon as it is committed", _FINISH, "after", nth=4, commit="after"),
)
REAPER = (
    FailPoint("in the reaper, uncommitted", _TAKE_BACK, "after", fruitful=True, commit="before"),
    FailPoint("in the reaper, as soon as it is committed", _TAKE_BACK, "after", fruitful=True, commit="after"),
)
REPLAY = (
    FailPoint("within a step of a replay", _PUT_BACK, "after", nth=2),
    FailPoint("between the steps of a replay", _STEP, "after", nth=2, commit="after"),
    FailPoint("before the commit of a step of a replay", _STEP, "after", commit="before"),
)
FORGETTING = (
    FailPoint("while forgetting, uncommitted", _FORGET, "after", nth=2, commit="before"),
    FailPoint("while forgetting, as soon as a part is committed", _FORGET, "after", nth=2, commit="after"),
)
MIGRATION = "alembic.ddl.impl:DefaultImpl._exec"
