"""Signing as Standard Webhooks has it: HMAC-SHA256 over `id.timestamp.body`, in base64 behind `v1,`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

PREFIX = "whsec_"
FEWEST_SECRET_BYTES, MOST_SECRET_BYTES = 24, 64
USUAL_SECRET_BYTES = 32
_WHAT_FOLLOWS = f"the base64 of {FEWEST_SECRET_BYTES} to {MOST_SECRET_BYTES} bytes"


def secret_of(random_bytes: bytes) -> str:
    """A secret as it is shown and stored."""
    return PREFIX + base64.b64encode(random_bytes).decode()


def key_of(secret: str) -> bytes:
    """The key that a secret stands for; ValueError says what is wrong with one that was made elsewhere."""
    if not secret.startswith(PREFIX):
        raise ValueError(f"must begin with {PREFIX}; after it comes {_WHAT_FOLLOWS}")
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"is not base64 after {PREFIX}; what comes there is {_WHAT_FOLLOWS}") from None
    if not FEWEST_SECRET_BYTES <= len(key) <= MOST_SECRET_BYTES:
        raise ValueError(f"stands for {len(key)} bytes; after {PREFIX} comes {_WHAT_FOLLOWS}")
    return key


def headers(event_id: str, sent_at: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The headers of one attempt, signed with each live secret."""
    timestamp = int(sent_at.timestamp())
    signed = b".".join((event_id.encode(), str(timestamp).encode(), body))
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(_known_key(secret), signed) for secret in secrets),
    }


#: An endpoint's secret signs again and again.
_known_key = lru_cache(maxsize=1024)(key_of)


def _signature(key: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
