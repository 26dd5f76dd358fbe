"""Events that are not kept any more: whoever reads on from before them is told, and how to go on."""

from __future__ import annotations

from datetime import timedelta

from afterword import clock
from afterword.worker import jobs
from api.conftest import Server
from support.accounts import open_account
from support.problems import refused_fields
from support.requests import AN_INTERVIEW, post


def test_who_reads_on_from_before_what_is_kept_is_told_so(fresh: Server) -> None:
    with open_account(fresh.database).client(fresh.url) as client:
        post(client, "/interviews", AN_INTERVIEW)
        last = client.get("/events").json()["items"][-1]["data"]["sequence"]
        jobs.forget(fresh.database, lambda: clock.now() + timedelta(days=31))
        told = client.get("/events", params={"after": 1})
        refused_fields(told, 410)
        assert f"after={last}" in told.json()["detail"]
        assert client.get("/events", params={"after": last}).json()["items"] == []
        assert client.get("/events").json()["items"] == []
