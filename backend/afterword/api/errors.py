"""Every refusal as RFC 9457 problem+json. This table is the one place where errors meet HTTP."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from afterword import errors
from afterword.api.deps import Replayed
from afterword.errors import AfterwordError, FieldProblem
from afterword.formats.field_problems import field_problems

STATUS: dict[type[AfterwordError], int] = {
    errors.InvalidInput: 422,
    errors.InvalidPlaybook: 422,
    errors.IdempotencyMismatch: 422,
    errors.NotFound: 404,
    errors.Forgotten: 410,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.Conflict: 409,
    errors.PreconditionFailed: 412,
    errors.TooLarge: 413,
    errors.TooManyRequests: 429,
    errors.Busy: 503,
    errors.UnknownSchema: 503,
}
PLACES = ("body", "query", "header", "path", "cookie")
DETAILS = {
    404: "There is nothing at this address. The addresses are in /api/v1/openapi.json.",
    405: "This address does not take this method.",
    413: "The body is larger than 256 kB. Send less at once; of a calendar invitation, the event without attachments.",
}
UNREAD = "is not sent as JSON; add the header content-type: application/json"

# Some names differ between versions of Python.
TITLES = {413: "Content Too Large"}


class FieldError(BaseModel):
    """One field that was refused; `line` is that of a text that was sent, such as a playbook's, where one is known."""

    path: str
    message: str
    line: int | None


class Problem(BaseModel):
    """Why a request was refused (RFC 9457), and for a refused body which fields are to blame."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError]


def install(app: FastAPI) -> None:
    app.exception_handler(AfterwordError)(_refused)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(Replayed)(_replayed)
    app.exception_handler(Exception)(_unexpected)


def problem(
    status: int,
    title: str,
    detail: str,
    problems: tuple[FieldProblem, ...] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    slug = re.sub(r"[^a-z]+", "-", title.lower()).strip("-")
    body = Problem(
        type=f"urn:afterword:problem:{slug}",
        title=title,
        status=status,
        detail=detail,
        errors=[FieldError(path=each.path, message=each.message, line=each.line) for each in problems],
    )
    return JSONResponse(body.model_dump(), status, headers, media_type="application/problem+json")


def status_of(error: AfterwordError) -> int:
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


async def _refused(_request: Request, error: AfterwordError) -> Response:
    return problem(status_of(error), error.title, error.detail, error.problems, _headers(error))


def _headers(error: AfterwordError) -> dict[str, str]:
    if isinstance(error, errors.Busy | errors.TooManyRequests):
        return {"Retry-After": str(error.retry_after_seconds)}
    return {"WWW-Authenticate": "Bearer"} if isinstance(error, errors.Unauthenticated) else {}


async def _invalid(_request: Request, error: RequestValidationError) -> Response:
    if any(each["loc"][0] == "path" for each in error.errors()):
        return problem(404, errors.NotFound.title, "There is nothing at this address: no id of ours is written so.")
    problems = field_problems(map(_as_told, error.errors()), PLACES)
    first = problems[0]
    detail = f"{first.path or 'The body'} {first.message}"
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    return problem(422, errors.InvalidInput.title, f"{detail}{more}.", problems)


def _as_told(error: dict[str, Any]) -> dict[str, Any]:
    if error["type"] == "json_invalid":
        # Where JSON is malformed, FastAPI gives the offset in place of a field.
        return {**error, "loc": ("body",)}
    if error["loc"] == ("body",) and isinstance(error["input"], bytes):
        # What is not called JSON it hands on unread, for the model to wonder at.
        return {**error, "type": "value_error", "ctx": {"error": UNREAD}}
    return error


async def _http(_request: Request, error: HTTPException) -> Response:
    unreadable = _unreadable(error.__cause__)
    if unreadable is not None:
        return problem(400, "Bad Request", f"The body {unreadable}.", (FieldProblem("", unreadable),))
    headers = dict(error.headers) if error.headers else None
    return of_status(error.status_code, str(error.detail), headers)


def of_status(status: int, detail: str = "", headers: dict[str, str] | None = None) -> Response:
    """A refusal of which no more is known than its status."""
    title = TITLES.get(status) or HTTPStatus(status).phrase
    return problem(status, title, DETAILS.get(status, detail), headers=headers)


def _unreadable(cause: BaseException | None) -> str | None:
    """What is wrong with a body that Python's reader of JSON gave up on without calling it malformed."""
    if isinstance(cause, UnicodeDecodeError):
        reason = "its text is not UTF-8"
    elif isinstance(cause, RecursionError):
        reason = "it is nested too deeply"
    elif isinstance(cause, ValueError):
        reason = "it has a number of too many digits"
    else:
        return None
    return f"is not JSON that can be read: {reason}; send UTF-8 JSON"


async def _replayed(_request: Request, replayed: Replayed) -> Response:
    answer = replayed.answer
    headers = {**answer.headers, "Idempotency-Replayed": "true"}
    return Response(answer.body, answer.status, headers)


async def _unexpected(_request: Request, _error: Exception) -> Response:
    return problem(
        500,
        "Our fault",
        "Something went wrong here that should not have. Nothing was changed. It was written to the server's log.",
        # The server drops the connection after such an error; a caller that is told does not send on it again.
        headers={"Connection": "close"},
    )
