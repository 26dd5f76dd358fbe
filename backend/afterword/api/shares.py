"""Share links: read-only looks at one opportunity, or at what there is to do, for somebody without an account."""

from datetime import datetime
from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from afterword.api.deps import Changing, Creating, Reading, TheBackend
from afterword.api.fields import Given, Identifier, Instant, Name, Told
from afterword.api.pages import Page, Pages
from afterword.api.routes import router
from afterword.services import shares
from afterword.storage.shares import Share as StoredShare

routes = router("shares")

Days = Annotated[int, Field(strict=True, ge=1, le=366)]


class NewShare(Given):
    """For whom (`name`, which they never see), and of what: an opportunity, or without one what there is to do.

    It ends at `expires_at`, or after `expires_in_days`, or when it is revoked.
    """

    name: Name
    opportunity_id: Identifier | None = None
    expires_at: Instant | None = None
    expires_in_days: Days | None = None


class Share(Told):
    """`opportunity_id` null: of what there is to do over all. `ended`: its time is over. `last_seen_at`: when somebody
    last looked, by the minute."""

    id: str
    name: str
    opportunity_id: str | None
    expires_at: Instant | None
    ended: bool
    created_at: Instant
    last_seen_at: Instant | None


class ShownShare(Share):
    """The secret, and the address with it in its fragment, are shown this once; null where the same request is answered
    again."""

    secret: str | None
    url: str | None


class SharePage(Page[Share]):
    """A page of links, none of them whole."""


@routes.post("/shares", status_code=201, operation_id="create_share")
def create_share(
    body: NewShare, access: Creating, request: Request, response: Response, backend: TheBackend
) -> ShownShare:
    """Make a link. It is shown in this answer and never again."""
    made, secret = shares.create(access.session, access.account_id, body.model_dump(), access.now)
    access.hide_when_replayed("secret", "url")
    response.headers["Cache-Control"] = "no-store"
    origin = backend.settings.public_url or str(request.base_url).rstrip("/")
    # Browsers send no fragment: it is in no log of a server or proxy, and in no Referer.
    return ShownShare(**_told(made, access.now).model_dump(), secret=secret, url=f"{origin}/shared#{secret}")


@routes.get("/shares", operation_id="list_shares")
def list_shares(access: Reading, pages: Pages) -> SharePage:
    """The links there are, with those whose time is over."""
    found = shares.listed(access.session, access.account_id, pages.after, pages.one_more)
    next_cursor = pages.next_cursor([each.id for each in found])
    return SharePage(items=[_told(each, access.now) for each in found[: pages.limit]], next_cursor=next_cursor)


@routes.delete("/shares/{share_id}", status_code=204, operation_id="delete_share")
def delete_share(share_id: Identifier, access: Changing) -> None:
    """Revoke a link at once."""
    shares.revoke(access.session, access.account_id, share_id)


def _told(share: StoredShare, now: datetime) -> Share:
    kept = {name: getattr(share, name) for name in Share.model_fields if hasattr(share, name)}
    return Share(**kept, ended=shares.has_ended(share, now))
