"""An account made as its owner makes it: signed up over HTTP, with a key for a program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx


def key_of_new_account(url: str) -> str:
    """Sign up at a fresh server and make a key."""
    with httpx.Client(base_url=f"{url}/api/v1", timeout=30, trust_env=False) as browser:
        browser.headers["Origin"] = url
        signed_up = browser.post("/accounts", json={"email": "me@example.com", "password": "a long enough password"})
        signed_up.raise_for_status()
        made = browser.post("/api-keys", json={"name": "a program"})
        return str(made.raise_for_status().json()["key"])


@contextmanager
def program(url: str) -> Iterator[httpx.Client]:
    """A client that has the key of a new account."""
    headers = {"Authorization": f"Bearer {key_of_new_account(url)}"}
    with httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=30, trust_env=False) as client:
        yield client
