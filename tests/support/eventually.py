"""Waiting for what another thread or process does."""

from __future__ import annotations

import time
from collections.abc import Callable


def eventually(found: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether it was so within so many seconds."""
    until = time.monotonic() + seconds
    while not found() and time.monotonic() < until:
        time.sleep(0.05)
    return found()
