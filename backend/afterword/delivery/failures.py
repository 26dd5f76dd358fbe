"""Why there was no answer, in words that somebody who runs a receiver can act on."""

from __future__ import annotations

from collections.abc import Iterator

import aiohttp

from afterword.delivery.url_guard import AddressRefused

LONGEST_REASON = 500


def reason_of(error: BaseException) -> str:
    """One line, of printable characters: what a receiver sends may be quoted in it."""
    line = " ".join(_said(error).split()).removesuffix(" ^")
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)[:LONGEST_REASON]


def took_too_long(error: BaseException) -> bool:
    """Whether it failed for time; a refused connection did not, whatever httpx calls it."""
    return any(isinstance(each, TimeoutError) for each in _causes(error))


def _said(error: BaseException) -> str:
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, AddressRefused):
            return f"refused: {cause}"
    for cause in causes:
        match cause:
            case aiohttp.ConnectionTimeoutError():
                return str(cause.__cause__ or "") or "no connection could be made in time"
            case aiohttp.ServerDisconnectedError():
                return "the connection was closed before there was an answer"
            case aiohttp.ClientResponseError():
                return f"the answer is not sound HTTP: {cause.message}"
            case aiohttp.ClientConnectorDNSError():
                return f"the name cannot be looked up: {cause.os_error.strerror or cause.os_error}"
            case aiohttp.ClientConnectorCertificateError():
                return f"the certificate is not good: {cause.certificate_error}"
    return str(error) or type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
