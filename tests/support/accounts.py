"""Accounts for tests, made as the product makes them but without the slow hash of a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from afterword.services import accounts, api_keys
from afterword.storage.database import Database

FOUNDED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class TestAccount:
    id: str
    key: str

    __test__ = False

    def client(self, url: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=30, trust_env=False)


def open_account(database: Database, name: str = "Mine", **settings: Any) -> TestAccount:
    with database.write() as session:
        account = accounts.create(session, {"name": name, "time_zone": "America/New_York", **settings}, FOUNDED)
        _, key = api_keys.create(session, account.id, "tests", FOUNDED)
    return TestAccount(account.id, key)
