"""ETags of single resources: the version of what is stored."""

from __future__ import annotations

from datetime import datetime

from afterword.errors import PreconditionFailed


def of_version(version: int) -> str:
    return f'"{version}"'


def of_instant(instant: datetime) -> str:
    return f'"{instant:%Y%m%d%H%M%S%f}"'


def require_match(if_match: str | None, etag: str) -> None:
    """Refuse where If-Match was sent and none of its tags is this one."""
    if if_match is None:
        return
    tags = [tag.strip() for tag in if_match.split(",")]
    if "*" not in tags and etag not in tags:
        raise PreconditionFailed(
            f"If-Match says {if_match}, and it is {etag} by now. Read it again and repeat the change on what you find."
        )
