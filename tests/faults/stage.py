"""The accounts of a run and who subscribed to what, kept by the test itself: the product is not asked whom to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from afterword import clock
from afterword.services import opportunities, replays, webhook_endpoints
from afterword.storage.database import Database
from faults.ledger_process import LATE, secret_of
from support.accounts import TestAccount, open_account

TYPES = ("touch.recorded", "opportunity.updated", "opportunity.closed", "interview.updated", "interview.deleted")
SELDOM = "opportunity.closed"
OPPORTUNITIES = 4


@dataclass(frozen=True)
class Subscriber:
    """One endpoint. `types` is None for everything; `silent` when nothing may come there.

    `asked_again` when what happened before was asked for: it comes then, whatever its time and its expiry were.
    """

    endpoint_id: str
    account_id: str
    path: str
    types: frozenset[str] | None
    silent: bool = False
    asked_again: bool = False

    def wants(self, event_type: str) -> bool:
        return not self.silent and (self.types is None or event_type in self.types)


@dataclass(frozen=True)
class Stage:
    accounts: Sequence[TestAccount]
    subscribers: dict[str, Subscriber]
    opportunities: Mapping[str, Sequence[str]]

    def join_late(self, database: Database, url: str, account: int) -> str:
        """Subscribe another endpoint to everything and ask for all that happened before; the id of the replay."""
        account_id = self.accounts[account].id
        made = subscribe(database, account_id, url, f"/{account}{LATE}{len(self.subscribers)}", None)
        self.subscribers[made.path] = replace(made, asked_again=True)
        now = clock.now()
        with database.write() as session:
            return replays.begin(session, account_id, made.endpoint_id, now - timedelta(days=1), False, now).id


def set_up(database: Database, url: str, accounts: int) -> Stage:
    """Accounts with an endpoint for everything, one for a seldom type and, in the first, one that is disabled."""
    opened = [open_account(database, f"Account {number}") for number in range(accounts)]
    subscribers: dict[str, Subscriber] = {}
    written = {}
    for number, account in enumerate(opened):
        for name, types in (("all", None), ("some", [SELDOM])):
            made = subscribe(database, account.id, url, f"/{number}/{name}", types)
            subscribers[made.path] = made
        written[account.id] = _opportunities(database, account.id) if number < 2 else ()
    silent = subscribe(database, opened[0].id, url, "/0/disabled", None, silent=True)
    return Stage(opened, {**subscribers, silent.path: silent}, written)


def subscribe(
    database: Database, account_id: str, url: str, path: str, types: list[str] | None, *, silent: bool = False
) -> Subscriber:
    values: dict[str, Any] = {"url": url + path, "secret": secret_of(path), "event_types": types}
    with database.write() as session:
        made, _ = webhook_endpoints.create(session, account_id, values, bytes, clock.now())
        if silent:
            webhook_endpoints.change(session, account_id, made.id, {"enabled": False}, clock.now())
    return Subscriber(made.id, account_id, path, None if types is None else frozenset(types), silent)


def _opportunities(database: Database, account_id: str) -> list[str]:
    with database.write() as session:
        return [
            opportunities.add(session, account_id, {"company": f"Company {number}", "role": "new"}, clock.now())
            for number in range(OPPORTUNITIES)
        ]
