"""Who looks at playbooks, and at which version."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator

from afterword.api.deps import Access
from afterword.formats.text import printable
from afterword.services.bookshelf import Reader

VersionName = Annotated[
    Annotated[str, AfterValidator(printable)] | None,
    Query(max_length=80, description="As it was at this version, where something was planned with it."),
]


def reader_of(access: Access | None) -> Reader | None:
    """The account, where somebody is signed in."""
    return Reader(access.session, access.account_id) if access else None
