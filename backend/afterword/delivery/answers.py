"""What came of one request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is None when there was no answer; then `error` says why, and `timed_out` whether it took too long.

    `body` is its beginning.
    """

    status: int | None
    headers: Mapping[str, str]
    body: str
    error: str | None
    duration_ms: int
    timed_out: bool = False

    @property
    def succeeded(self) -> bool:
        """Only 2xx is a success; a redirect is not followed and is a failure."""
        return self.status is not None and 200 <= self.status < 300
