"""GET /next-actions of an account with 200 opportunities: real servers on loopback, asked in turn."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

from benchmarks import by_hand, connection, control
from benchmarks.comparison import Comparison, compared, repeated
from benchmarks.connection import Client, request
from benchmarks.processes import free_port, module, product, wait_for
from benchmarks.stored import Stored, store

UNCHANGED_BOUND, EVALUATED_BOUND = 0.6, 0.5
LIST = "/api/v1/next-actions"


def compare() -> Iterator[Comparison]:
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        stored = store(Path(directory))
        ours = stack.enter_context(_product(stored))
        control_port = stack.enter_context(_control(stored))
        yield from _unchanged(stored, ours, control_port)
        yield _evaluated(stored, ours)


def _unchanged(stored: Stored, ours: int, control_port: int) -> Iterator[Comparison]:
    asked = request(LIST, [_authorization(stored), ("If-None-Match", _tag(stored, ours))])
    for callers in (1, 4):
        for way, bound in (("engine", UNCHANGED_BOUND), ("driver", None)):
            yield compared(
                f"304, callers: {callers}",
                lambda callers=callers: connection.rate(ours, asked, callers, 0.25),
                (
                    f"a def route, two reads by the {way}",
                    lambda way=way, callers=callers: connection.rate(control_port, request(f"/{way}"), callers, 0.25),
                ),
                bound,
                rounds=15,
            )


def _evaluated(stored: Stored, ours: int) -> Comparison:
    asked = request(f"{LIST}?limit=500&at={quote(control.AT.isoformat())}", [_authorization(stored)])

    def ask() -> None:
        with Client(ours) as client:
            if client.get(asked).status != 200:
                raise RuntimeError("The answer was not 200.")

    return compared(
        "200 opportunities evaluated",
        repeated(ask, 0),
        (
            "SQL by hand + 200 evaluate + msgspec",
            repeated(lambda: by_hand.answer(str(stored.path), stored.account_id), 0),
        ),
        EVALUATED_BOUND,
        rounds=15,
    )


def _authorization(stored: Stored) -> tuple[str, str]:
    return ("Authorization", f"Bearer {stored.key}")


def _tag(stored: Stored, port: int) -> str:
    with Client(port) as client:
        return client.get(request(LIST, [_authorization(stored)])).headers["etag"].replace("w/", "W/")


@contextmanager
def _product(stored: Stored) -> Iterator[int]:
    port = free_port()
    with product("api", "--port", str(port), settings={"AFTERWORD_DATA_DIR": str(stored.directory)}) as process:
        wait_for(process, port)
        yield port


@contextmanager
def _control(stored: Stored) -> Iterator[int]:
    port, prefix = free_port(), stored.key.split("_")[1]
    with module("control_route", str(port), str(stored.path), prefix, stored.account_id) as process:
        wait_for(process, port)
        yield port
