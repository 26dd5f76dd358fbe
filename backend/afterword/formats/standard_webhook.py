"""Signing as Standard Webhooks has it: HMAC-SHA256 over `id.timestamp.body`, in base64 behind `v1,`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

PREFIX = "whsec_"
FEWEST_SECRET_BYTES, MOST_SECRET_BYTES = 24, 64
USUAL_SECRET_BYTES = 32


def secret_of(random_bytes: bytes) -> str:
    """A secret as it is shown and stored."""
    return PREFIX + base64.b64encode(random_bytes).decode()


def key_of(secret: str) -> bytes:
    """The key that a secret stands for; ValueError says what is wrong with one that was made elsewhere."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError(f"must be {PREFIX} and base64") from None
    if not secret.startswith(PREFIX) or not FEWEST_SECRET_BYTES <= len(key) <= MOST_SECRET_BYTES:
        raise ValueError(f"must be {PREFIX} and the base64 of {FEWEST_SECRET_BYTES} to {MOST_SECRET_BYTES} bytes")
    return key


def body_of(payload: Mapping[str, Any]) -> bytes:
    """The bytes that are sent and signed."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def headers(event_id: str, sent_at: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The headers of one attempt, signed with each live secret."""
    timestamp = int(sent_at.timestamp())
    signed = b".".join((event_id.encode(), str(timestamp).encode(), body))
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(key_of(secret), signed) for secret in secrets),
    }


def _signature(key: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
