"""What happens in a run: events that are committed beside the processes under test, and writes asked of their API."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

import httpx
from sqlalchemy import select, update

from afterword import clock
from afterword.errors import Busy
from afterword.services import events
from afterword.services.events import Occurrence
from afterword.storage import planned
from afterword.storage.database import Database
from afterword.storage.tables import accounts, deliveries
from afterword.storage.tables import events as event_table
from faults.stage import TYPES, Stage
from support.accounts import TestAccount

MOST_AT_ONCE = 12
SHARE_DUE_LATER, SHARE_EXPIRING = 0.1, 0.04
MOST_TRIES = 200


@dataclass
class Load:
    """Events of all types and accounts. `due` holds, by the wall clock, those that are due later than committed."""

    database: Database
    stage: Stage
    chance: random.Random
    committed: int = 0
    due: dict[str, float] = field(default_factory=dict)

    def commit(self, count: int, account_id: str | None = None) -> None:
        """So many events, a few in each transaction, of one account or of all."""
        left = count
        while left > 0:
            account = account_id or self.chance.choice(self.stage.accounts).id
            left -= self._commit(account, min(left, self.chance.randint(1, MOST_AT_ONCE)))

    def _commit(self, account: str, count: int) -> int:
        kind = self.chance.random()
        expires = timedelta(seconds=self.chance.uniform(0.5, 5)) if kind < SHARE_EXPIRING else None
        later = timedelta(seconds=self.chance.uniform(0.2, 3)) if kind > 1 - SHARE_DUE_LATER else None
        types = self.chance.choices(TYPES, k=count)
        for _ in range(MOST_TRIES):
            try:
                self._record(account, types, expires, later)
            except Busy:
                continue
            self.committed += count
            return count
        raise RuntimeError("the database was busy all the time")

    def _record(
        self, account_id: str, types: list[str], expires: timedelta | None, later: timedelta | None
    ) -> None:  # fmt: skip
        due = {}
        with self.database.write() as session:
            planned.lock_account(session, account_id)
            now = clock.now()
            before = session.execute(select(accounts.c.sequence).where(accounts.c.id == account_id)).scalar_one()
            told = [Occurrence(each, expires_at=expires and now + expires) for each in types]
            events.record(session, account_id, told, now)
            if later is not None:
                new = (event_table.c.account_id == account_id, event_table.c.sequence > before)
                ids = session.execute(select(event_table.c.id).where(*new)).scalars().all()
                moved = update(deliveries).where(deliveries.c.event_id.in_(ids))
                session.execute(moved.values(next_attempt_at=now + later))
                due = dict.fromkeys(ids, (now + later).timestamp())
        self.due.update(due)


@dataclass(frozen=True)
class Write:
    """One change that was asked of the API. `status` is None where the answer was cut off."""

    account_id: str
    opportunity_id: str
    marker: str
    status: int | None

    @property
    def is_committed(self) -> bool:
        return self.status is not None and self.status < 300


@dataclass
class Writing:
    """Changes opportunities through the API, one after the other, whether or not somebody answers."""

    stage: Stage
    url: str
    seed: int
    pause: float = 0.05
    writes: list[Write] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _clients: dict[str, httpx.Client] = field(default_factory=dict)

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="writing", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask for nothing more; what was asked for last has its answer."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        for each in self._clients.values():
            each.close()
        self._clients.clear()

    def write_once(self) -> Write:
        """One change; it is remembered whatever comes of it."""
        number = len(self.writes)
        account = self._accounts[number % len(self._accounts)]
        targets = self.stage.opportunities[account.id]
        target = targets[(number // len(self._accounts)) % len(targets)]
        marker = f"write {self.seed}-{number}"
        try:
            status = self._client(account).patch(f"/opportunities/{target}", json={"role": marker}).status_code
        except httpx.TransportError:
            status = None
        self.writes.append(Write(account.id, target, marker, status))
        return self.writes[-1]

    @cached_property
    def _accounts(self) -> list[TestAccount]:
        return [each for each in self.stage.accounts if self.stage.opportunities[each.id]]

    def _client(self, account: TestAccount) -> httpx.Client:
        # One for each account: to make a client takes longer than most writes.
        if account.id not in self._clients:
            self._clients[account.id] = account.client(self.url)
        return self._clients[account.id]

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.write_once()
            time.sleep(self.pause)
