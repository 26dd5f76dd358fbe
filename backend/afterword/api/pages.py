"""Lists in pages: at most `limit` items, and a cursor that says where the next page begins."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query, Request, Response

from afterword.api.fields import IDENTIFIER, Told
from afterword.errors import InvalidInput

T = TypeVar("T")
MOST = 200


class Page(Told, Generic[T]):
    items: list[T]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page is asked for, and where to say how the next one is reached."""

    request: Request
    response: Response
    limit: int
    after: str | None

    @property
    def one_more(self) -> int:
        """How many to read, so that it is known whether there is a next page."""
        return self.limit + 1

    def next_cursor(self, ids: Sequence[str]) -> str | None:
        """The next page's cursor, if more ids were found than fit; the Link header says the same."""
        if len(ids) <= self.limit:
            return None
        cursor = base64.urlsafe_b64encode(ids[self.limit - 1].encode()).decode().rstrip("=")
        address = self.request.url.include_query_params(cursor=cursor, limit=self.limit)
        self.response.headers["Link"] = f'<{address.path}?{address.query}>; rel="next"'
        return cursor


def paging(
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=MOST, description="The most items on a page.")] = 50,
    cursor: Annotated[str | None, Query(max_length=200, description="The `next_cursor` of the page before.")] = None,
) -> Paging:
    return Paging(request, response, limit, _id_of(cursor) if cursor else None)


def _id_of(cursor: str) -> str:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        found = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        found = ""
    if not re.fullmatch(IDENTIFIER, found):
        raise InvalidInput.at("cursor", "is not one of ours; leave it out to begin at the first page")
    return found


Pages = Annotated[Paging, Depends(paging)]
