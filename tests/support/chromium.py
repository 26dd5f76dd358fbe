"""Starts the machine's own Chromium, told to keep to itself: nothing but the test may open a connection."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, Playwright

QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch(playwright: Playwright) -> Browser:
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError(
            "The browser tests need the command `chromium` on PATH: `scripts/commands.sh chromium` installs it."
        )
    # Chromium's sandbox refuses to work for root.
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return playwright.chromium.launch(executable_path=path, headless=True, args=[*QUIET, *sandbox])
