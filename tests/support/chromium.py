"""Starts the machine's own Chromium, told to keep to itself: nothing but the test may open a connection.

Tests and pictures take the build without a desktop around it, which starts a context with half the work.
"""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, BrowserContext, Playwright

SHELL, WHOLE = "chromium-headless-shell", "chromium"
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=_path(SHELL), headless=True, args=_arguments())


def launch_debugged(playwright: Playwright, profile: str, port: int, url: str) -> BrowserContext:
    """One with a profile of its own, which another program may tell what to do by a port on loopback."""
    return playwright.chromium.launch_persistent_context(
        profile,
        executable_path=_path(WHOLE),
        headless=True,
        args=[*_arguments(), f"--remote-debugging-port={port}"],
        base_url=url,
    )


def _path(command: str) -> str:
    path = shutil.which(command)
    if path is None:
        raise RuntimeError(f"This needs the command `{command}` on PATH: `scripts/commands.sh {command}` installs it.")
    return path


def _arguments() -> list[str]:
    # Chromium's sandbox refuses to work for root.
    return [*QUIET, *(("--no-sandbox",) if os.geteuid() == 0 else ())]
