"""What the process that serves requests holds: settings, database, and the turns of those who write."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio
from anyio import to_thread

from afterword.config import Settings
from afterword.delivery.lookups import Lookups
from afterword.errors import Busy
from afterword.services.accounts import Registration
from afterword.storage.database import Database

# Forty threads, the usual number, fight over the interpreter lock; with two to four it answers three times as many.
THREADS = 4
LONGEST_WAIT_SECONDS = 5


@dataclass
class Backend:
    """One per application. `running` are the idempotent requests that are being answered; `lookups` serve its checks of
    URLs alone, so that nobody who has strange names looked up holds up what is sent."""

    settings: Settings
    database: Database
    registration: Registration
    running: set[tuple[str, str, str]] = field(default_factory=set)
    lookups: Lookups = field(default_factory=Lookups)
    _turns: anyio.Semaphore | None = None

    def start(self) -> None:
        """Size the pools; called on the event loop that serves."""
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        self._turns = anyio.Semaphore(1 if self.database.engine.dialect.name == "sqlite" else THREADS // 2)

    @asynccontextmanager
    async def turn_to_write(self) -> AsyncIterator[None]:
        """Wait here and not in a thread: writers who wait in every thread leave none to the one they wait for."""
        if self._turns is None:
            raise RuntimeError("The application was not started: its lifespan has to run.")
        try:
            with anyio.fail_after(LONGEST_WAIT_SECONDS):
                await self._turns.acquire()
        except TimeoutError:
            raise Busy("Too many writers are waiting. Try again in a moment.") from None
        try:
            yield
        finally:
            self._turns.release()
