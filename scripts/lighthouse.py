"""Lighthouse's judgement of the built product, signed in, with data: mobile profile, median of five, a table.

Each run is a first visit: Lighthouse drops the caches and the service worker before it, and keeps who is signed in.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from support import searching
from support.addresses import address
from support.chromium import launch_debugged
from support.receiver import receiving
from support.screens import Screens
from support.searching import Search
from support.server import free_port, running_server

LIGHTHOUSE = Path(__file__).parents[1] / "tests" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
RUNS = 5
PAGES = ("today", "opportunity", "log")
#: The least that the median must be, of a hundred.
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100}
Scores = dict[str, float]


def main() -> int:
    with _signed_in() as (search, port):
        rows = [(name, _median(search, port, name)) for name in PAGES]
    _say(f"{'page':<14}" + "".join(f"{category:>16}" for category in LEAST))
    for name, scores in rows:
        _say(f"{name:<14}" + "".join(f"{scores[category]:>16.0f}" for category in LEAST))
    low = [
        f"{name}: {category} is {scores[category]:.0f}, not {least}"
        for name, scores in rows
        for category, least in LEAST.items()
        if scores[category] < least
    ]
    _say("\n".join(low) or f"Each is the median of {RUNS} runs, and high enough.")
    return bool(low)


@contextmanager
def _signed_in() -> Iterator[tuple[Search, int]]:
    """Somebody's search, and the port at which a browser that is signed in can be told what to do."""
    settings = {"AFTERWORD_REGISTRATION": "open", "AFTERWORD_ALLOWED_NETWORKS": "127.0.0.0/8"}
    with (
        tempfile.TemporaryDirectory() as data_dir,
        tempfile.TemporaryDirectory() as profile,
        receiving("unread") as receiver,
        running_server(Path(data_dir), settings=settings) as server,
        sync_playwright() as playwright,
    ):
        search = searching.begin(server.url, "measured@mail.example", receiver.url)
        port = free_port()
        context = launch_debugged(playwright, profile, port, server.url)
        Screens(context.pages[0], search.email).sign_in()
        context.pages[0].goto("about:blank")
        yield search, port
        context.close()


def _median(search: Search, port: int, name: str) -> Scores:
    runs = [_run(f"{search.url}{address(name, search)}", port) for _ in range(RUNS)]
    performances = ", ".join(f"{run['performance']:.0f}" for run in runs)
    _say(f"{name}: performance {performances}")
    return {category: statistics.median(run[category] for run in runs) for category in LEAST}


def _run(url: str, port: int) -> Scores:
    command = ["node", str(LIGHTHOUSE), url, f"--port={port}", "--output=json", "--output-path=stdout", "--quiet"]
    command += [f"--only-categories={','.join(LEAST)}", "--no-enable-error-reporting"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "CI": "1"})
    if done.returncode:
        raise RuntimeError(done.stderr)
    report = json.loads(done.stdout)
    if report["finalDisplayedUrl"] != url:
        raise RuntimeError(f"Measured was {report['finalDisplayedUrl']}, not {url}.")
    _tell_shortcomings(report)
    return {category: 100 * (report["categories"][category]["score"] or 0) for category in LEAST}


def _tell_shortcomings(report: dict[str, dict[str, dict[str, object]]]) -> None:
    """What costs points, whatever the sum."""
    for category in ("accessibility", "best-practices"):
        for reference in report["categories"][category]["auditRefs"]:  # type: ignore[attr-defined]
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] not in (1, None):
                _say(f"  {category}: {audit['title']}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
