"""What a request shows to say who sends it: an API key, or the cookie of a sign-in, which any site can have sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from fastapi import Request, Response

from afterword.config import Settings
from afterword.errors import Forbidden, Unauthenticated
from afterword.services import access
from afterword.services.access import Principal
from afterword.storage.database import Session

COOKIE = "afterword_session"
SAME = ("same-origin", "none")


@dataclass(frozen=True, slots=True)
class Credentials:
    """An API key or the token of a sign-in; a key goes first."""

    key: str | None
    token: str | None

    @classmethod
    def of(cls, request: Request, settings: Settings) -> Credentials:
        found = cls(bearer(request), request.cookies.get(cookie_name(settings)))
        if found.key is None and found.token is None:
            raise Unauthenticated(
                "Send an API key as `Authorization: Bearer afw_…`, or sign in with POST /api/v1/sessions."
            )
        return found

    @property
    def fingerprint(self) -> str:
        return access.digest(self.key or self.token or "")

    def principal(self, session: Session, now: datetime) -> Principal:
        if self.key is not None:
            return access.by_key(session, self.key, now)
        return access.by_token(session, self.token or "", now)


def cookie_name(settings: Settings) -> str:
    return f"__Host-{COOKIE}" if settings.secure_cookies else COOKIE


def set_cookie(response: Response, settings: Settings, token: str, expires_at: datetime) -> None:
    response.set_cookie(
        cookie_name(settings), token, expires=expires_at, httponly=True, samesite="lax", secure=settings.secure_cookies
    )


def clear_cookie(response: Response, settings: Settings) -> None:
    response.delete_cookie(
        cookie_name(settings), httponly=True, samesite="lax", secure=settings.secure_cookies
    )  # fmt: skip


def require_same_origin(request: Request, settings: Settings) -> None:
    """Refuse what another site has a browser send with our cookie. Programs send neither header, and a key."""
    if bearer(request) is not None:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if (site is not None and site not in SAME) or (origin is not None and not _is_ours(origin, request, settings)):
        raise Forbidden("This request came from another site. Send it from the front end, or use an API key.")


def _is_ours(origin: str, request: Request, settings: Settings) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    public = urlsplit(settings.public_url or "")
    # `null`, and an empty Host, name nobody: two of them are not the same site.
    if not parts.netloc:
        return False
    same_as_public = (parts.scheme, parts.netloc) == (public.scheme, public.netloc)
    return same_as_public or parts.netloc == request.headers.get("host", "")


def bearer(request: Request) -> str | None:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" and value.strip() else None
