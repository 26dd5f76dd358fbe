"""Ids that sort by the time they were made and say what they name: `int_` and a UUIDv7."""

from __future__ import annotations

from uuid_utils import uuid7


def new_id(prefix: str) -> str:
    return f"{prefix}_{uuid7().hex}"
