"""Passwords as Argon2id hashes, one at a time: each takes 19 MiB and tens of milliseconds of a core."""

from __future__ import annotations

from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_turn = Semaphore(1)
# What is checked where there is no such user, so that the answer takes as long and tells nothing.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$bm9ib2R5IGhhcyB0aGlzIHBhc3N3b3JkLCBldmVyISE"


def hashed(password: str) -> str:
    with _turn:
        return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    with _turn:
        try:
            _hasher.verify(password_hash or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None
