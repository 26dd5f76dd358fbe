"""Headers of an endpoint's own, which are sent with every event."""

from __future__ import annotations

import re
from collections.abc import Mapping

from afterword.errors import FieldProblem, InvalidInput

MOST_HEADERS = 20
LONGEST_VALUE = 2_000
#: What belongs to the connection or is written by the sender (RFC 9110, 7.6.1, and what the transport needs).
RESERVED = frozenset(
    {
        "accept", "accept-encoding", "connection", "content-encoding", "content-length", "content-range",
        "content-type", "expect", "host", "http2-settings", "keep-alive", "te", "trailer", "transfer-encoding",
        "upgrade", "user-agent",
    }
)  # fmt: skip
FOR_PROXIES = "proxy-"
OURS = "webhook-"
LONGEST_NAME = 100
HIDDEN = "(not shown)"
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?|", re.ASCII)


def hidden(headers: Mapping[str, str]) -> dict[str, str]:
    """The names, for a log: a value may be the receiver's secret."""
    return dict.fromkeys(headers, HIDDEN)


def require_sound(headers: Mapping[str, str] | None) -> None:
    """Refuse headers that could not be sent, or that would change what is sent or whom to."""
    problems = [*_problems(headers or {})]
    if problems:
        raise InvalidInput("The headers cannot be sent as they are.", tuple(problems))


def _problems(headers: Mapping[str, str]) -> list[FieldProblem]:
    if len(headers) > MOST_HEADERS:
        return [FieldProblem("headers", f"has {len(headers)} headers; {MOST_HEADERS} is the most")]
    told = [(name, _wrong_with(name, value)) for name, value in headers.items()]
    twice = len({name.lower() for name in headers}) < len(headers)
    found = [FieldProblem(f"headers.{name}", wrong) for name, wrong in told if wrong]
    return [*found, *([FieldProblem("headers", "names a header twice; case makes no difference")] if twice else [])]


def _wrong_with(name: str, value: str) -> str | None:
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        return f"is not a header's name; use at most {LONGEST_NAME} letters, digits and -"
    if name.lower().startswith(OURS):
        return f"begins with {OURS}, which is what the signature's headers begin with; choose another name"
    if name.lower() in RESERVED or name.lower().startswith(FOR_PROXIES):
        return "is set by the connection or by the sender; leave it out"
    if len(value) > LONGEST_VALUE or not _VALUE.fullmatch(value):
        return f"has a value that cannot be sent; use at most {LONGEST_VALUE} characters of plain ASCII in one line"
    return None
