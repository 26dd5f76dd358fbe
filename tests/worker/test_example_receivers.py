"""The whole receivers of our page, run as programs and sent to by a real sender."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest

from afterword import clock
from afterword.formats import standard_webhook
from afterword.storage.database import Database
from afterword.worker.sender import Sender
from support.eventually import eventually
from support.node import PACKAGES, node
from support.recorded import SECRET, Recorded
from support.server import free_port
from support.webhooks_page import example


def kept_in_table(directory: Path) -> list[str]:
    with closing(sqlite3.connect(directory / "inbox.db")) as inbox:
        return [body for (body,) in inbox.execute("SELECT body FROM events")]


def kept_in_files(directory: Path) -> list[str]:
    return [file.read_text() for file in (directory / "inbox").glob("*.json")]


@dataclass(frozen=True)
class Program:
    """How a receiver of the page is run, and how what it has kept is read."""

    language: str
    file: str
    command: list[str]
    kept: Callable[[Path], list[str]]


PROGRAMS = {
    "Python": Program("python", "receiver.py", [sys.executable, "-W", "error"], kept_in_table),
    "JavaScript": Program("js", "receiver.mjs", [node()], kept_in_files),
}


@dataclass(frozen=True)
class Running:
    url: str
    directory: Path
    program: Program

    def kept(self) -> dict[str, Any]:
        """The events that it has kept, by their ids."""
        bodies = [json.loads(text) for text in self.program.kept(self.directory)]
        assert len({each["data"]["id"] for each in bodies}) == len(bodies)
        return {each["data"]["id"]: each for each in bodies}

    def post(self, body: bytes, headers: dict[str, str]) -> int:
        return httpx.post(self.url, content=body, headers=headers, timeout=10, trust_env=False).status_code


@contextmanager
def running(program: Program, verified: str, directory: Path) -> Iterator[Running]:
    (directory / program.file).write_text(
        "\n".join(example(program.language, part) for part in (verified, "receiver"))
    )  # fmt: skip
    (directory / "node_modules").symlink_to(PACKAGES)
    port = free_port()
    process = subprocess.Popen(
        [*program.command, program.file],
        cwd=directory,
        env={"PATH": os.environ["PATH"], "PORT": str(port), "WEBHOOK_SECRET": SECRET},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert eventually(lambda: _listens(port))
        yield Running(f"http://127.0.0.1:{port}/afterword", directory, program)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _listens(port: int) -> bool:
    try:
        httpx.post(f"http://127.0.0.1:{port}/", content=b"{}", timeout=5, trust_env=False)
    except httpx.TransportError:
        return False
    return True


@pytest.mark.parametrize("verified", ["verify", "reference"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_receiver_of_the_page_keeps_every_event_once_and_nothing_else(
    name: str, verified: str, database: Database, tmp_path: Path
) -> None:
    mine = Recorded.in_(database)
    with running(PROGRAMS[name], verified, tmp_path) as receiver:
        mine.subscribe(receiver.url)
        mine.log(clock.now(), company="Ça va — 株式会社")
        sender = Sender(database, clock.now, (ip_network("127.0.0.0/8"),), None)
        sender.start()
        assert eventually(lambda: {row.state for row in mine.deliveries()} == {"delivered"})
        sender.stop()
        told = {row.id: row.payload["type"] for row in mine.told()}
        assert {each: event["type"] for each, event in receiver.kept().items()} == told

        body = json.dumps(receiver.kept()[mine.told()[0].id]).encode()
        signed = standard_webhook.headers(mine.told()[0].id, clock.now(), body, [SECRET])
        assert receiver.post(body, signed) == httpx.codes.NO_CONTENT
        old = standard_webhook.headers("evt_old", clock.now() - timedelta(minutes=6), body, [SECRET])
        for changed, headers in ((body + b" ", signed), (body, {**signed, "webhook-id": "evt_other"}), (body, old)):
            assert receiver.post(changed, headers) == httpx.codes.UNAUTHORIZED
        assert receiver.post(b"{}", {}) == httpx.codes.UNAUTHORIZED
        assert receiver.kept().keys() == told.keys()
