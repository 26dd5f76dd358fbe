"""The ways to verify that our page shows, tried on the very bytes that were sent."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from afterword import clock
from afterword.formats import standard_webhook
from afterword.services import webhook_endpoints
from afterword.storage.database import open_database
from afterword.worker.sender import Sender
from support.databases import SqliteFiles
from support.node import PACKAGES, node
from support.receiver import receiving
from support.recorded import SECRET, Recorded
from support.webhooks_page import example

NEWER = standard_webhook.secret_of(bytes(range(40)))
STRANGERS = standard_webhook.secret_of(bytes(32))
PYTHON_DRIVER = """
import base64, json, sys
given = json.load(sys.stdin)
print(json.dumps(verified(base64.b64decode(given["body"]), given["headers"], given["secret"])))
"""
JS_DRIVER = """
import { readFileSync } from "node:fs";
const given = JSON.parse(readFileSync(0));
console.log(JSON.stringify(verified(Buffer.from(given.body, "base64"), given.headers, given.secret)));
"""


@dataclass(frozen=True)
class Request:
    """One request, and the secret that its receiver knows."""

    body: bytes
    headers: Mapping[str, str]
    secret: str = NEWER

    def having(self, **headers: str) -> Request:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})

    def signed_at(self, minutes_ago: float) -> Request:
        at = clock.now() - timedelta(minutes=minutes_ago)
        return replace(self, headers=standard_webhook.headers(self.headers["webhook-id"], at, self.body, [self.secret]))


Verifier = Callable[[Path, Request], Any]


def run(command: list[Any], directory: Path, given: bytes, **environ: str) -> subprocess.CompletedProcess[bytes]:
    environment = {"PATH": os.environ["PATH"], **environ}
    return subprocess.run(
        command, cwd=directory, input=given, env=environment, capture_output=True, timeout=30, check=False
    )


def by_program(
    command: list[str], file: str, language: str, part: str, driver: str, directory: Path, request: Request
) -> Any:
    """What a program made of the example says was in the request; None when it refuses."""
    (directory / file).write_text(f"{example(language, part)}\n{driver}")
    (directory / "node_modules").symlink_to(PACKAGES)
    given = {**vars(request), "body": base64.b64encode(request.body).decode()}
    ended = run([*command, file], directory, json.dumps(given).encode())
    return json.loads(ended.stdout) if ended.returncode == 0 else None


def by_shell(directory: Path, request: Request) -> Any:
    (directory / "verify.sh").write_text(example("sh", "verify"))
    signed = [request.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")]
    ended = run(["sh", "verify.sh", *signed], directory, request.body, WEBHOOK_SECRET=request.secret)
    assert ended.returncode == 0 or ended.stderr.startswith(b"refused: ")
    return json.loads(request.body) if ended.returncode == 0 else None


def in_python(part: str) -> Verifier:
    return partial(by_program, [sys.executable, "-W", "error"], "verify.py", "python", part, PYTHON_DRIVER)


def in_javascript(part: str) -> Verifier:
    return partial(by_program, [node()], "verify.mjs", "js", part, JS_DRIVER)


VERIFIERS: dict[str, Verifier] = {
    "Python with the reference library": in_python("reference"),
    "Python alone": in_python("verify"),
    "JavaScript with the reference library": in_javascript("reference"),
    "Node alone": in_javascript("verify"),
    "openssl": by_shell,
}
GENUINE: dict[str, Callable[[Request], Request]] = {
    "as it was sent": lambda sent: sent,
    "by the secret that is being replaced": lambda sent: replace(sent, secret=SECRET),
    "with its newest signature alone": lambda sent: sent.having(
        webhook_signature=sent.headers["webhook-signature"].split()[0]
    ),
    "four minutes old": lambda sent: sent.signed_at(4),
}
FORGED: dict[str, Callable[[Request], Request]] = {
    "a body that was changed": lambda sent: replace(sent, body=sent.body.replace(b'"test":false', b'"test":true')),
    "a body that was written anew": lambda sent: replace(sent, body=json.dumps(json.loads(sent.body)).encode()),
    "another id": lambda sent: sent.having(webhook_id="evt_other"),
    "another time": lambda sent: sent.having(webhook_timestamp=str(int(sent.headers["webhook-timestamp"]) - 1)),
    "no time": lambda sent: sent.having(webhook_timestamp=""),
    "a time that is no number": lambda sent: sent.having(webhook_timestamp="now"),
    "six minutes old": lambda sent: sent.signed_at(6),
    "six minutes ahead": lambda sent: sent.signed_at(-6),
    "signed by somebody else": lambda sent: replace(sent, secret=STRANGERS),
    "no signature": lambda sent: sent.having(webhook_signature=""),
    "no headers": lambda sent: replace(sent, headers={}),
    "another scheme": lambda sent: sent.having(
        webhook_signature=sent.headers["webhook-signature"].replace("v1,", "v2,")
    ),
    "no base64": lambda sent: sent.having(webhook_signature="v1,*** v1, * ,"),
}


@pytest.fixture(scope="module")
def sent(sqlite_files: SqliteFiles) -> Request:
    """A request as the sender made it, in the day in which one secret gives way to another."""
    with sqlite_files.migrated() as url, receiving(SECRET) as receiver:
        database = open_database(url)
        mine = Recorded.in_(database)
        endpoint_id, now = mine.subscribe(receiver.url), clock.now()
        with database.write() as session:
            webhook_endpoints.rotate_secret(
                session, mine.account_id, endpoint_id, NEWER, timedelta(hours=24), os.urandom, now
            )
        mine.log(now, company="Ça va — 株式会社 “Zoë”")
        sender = Sender(database, clock.now, (ip_network("127.0.0.0/8"),), None)
        sender.start()
        assert receiver.wait_for(lambda: bool(receiver.ledger), 10)
        sender.stop()
        database.engine.dispose()
    received = receiver.ledger[0]
    assert received.headers["webhook-signature"].count("v1,") == 2
    assert "株式会社".encode() in received.body
    return Request(received.body, {name: received.headers[name] for name in received.headers if "webhook" in name})


@pytest.mark.parametrize("verifier", VERIFIERS)
@pytest.mark.parametrize("changed", GENUINE)
def test_what_we_send_is_accepted(verifier: str, changed: str, sent: Request, tmp_path: Path) -> None:
    assert VERIFIERS[verifier](tmp_path, GENUINE[changed](sent)) == json.loads(sent.body)


@pytest.mark.parametrize("verifier", VERIFIERS)
@pytest.mark.parametrize("changed", FORGED)
def test_what_we_did_not_send_is_refused(verifier: str, changed: str, sent: Request, tmp_path: Path) -> None:
    forged = FORGED[changed](sent)
    assert forged != sent
    assert VERIFIERS[verifier](tmp_path, forged) is None
