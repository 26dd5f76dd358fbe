"""What can go wrong in this domain, in words a reader can act on.

Nothing here knows of HTTP: the API maps each class to a status in one table of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field that was refused: its dotted `path` (`interviews.0.starts_at`), and what is wrong with the remedy.

    `line` is where it stands in the text that was sent, from 1; None where no text is known.
    """

    path: str
    message: str
    line: int | None = None

    def told(self, file: str | None = None) -> str:
        """The problem in one line, the way compilers write: `mine.yaml:7: rules.0.when: is missing`."""
        place = str(file or "line") + (":" if file else " ") + str(self.line) if self.line else file
        return ": ".join(part for part in (place, self.path, self.message) if part)


class AfterwordError(Exception):
    """Every refusal of ours. `title` names the class of it, `detail` this case of it."""

    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str, problems: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.problems = problems


class InvalidInput(AfterwordError):
    title = "The request has fields that cannot be accepted"

    @classmethod
    def at(cls, path: str, message: str) -> InvalidInput:
        return cls(f"{path} {message}.", (FieldProblem(path, message),))


class InvalidPlaybook(AfterwordError):
    title = "The playbook cannot be read"


class NotFound(AfterwordError):
    title = "Not found"

    @classmethod
    def of(cls, noun: str, identifier: str) -> NotFound:
        return cls(f"There is no {noun} {identifier} in this account.")


class Forgotten(AfterwordError):
    title = "Not kept any more"


class Unauthenticated(AfterwordError):
    title = "Sign in first"


class Forbidden(AfterwordError):
    title = "Not allowed"


class RegistrationClosed(Forbidden):
    title = "Registration is closed"


class Conflict(AfterwordError):
    title = "In conflict with what is stored"


class IdempotencyRunning(Conflict):
    title = "The same request is still running"


class IdempotencyMismatch(AfterwordError):
    title = "The Idempotency-Key was used for another request"


class PreconditionFailed(AfterwordError):
    title = "Changed in the meantime"


class TooLarge(AfterwordError):
    title = "The request is too large"


class TooManyRequests(AfterwordError):
    title = "Too many requests"

    def __init__(self, detail: str, retry_after_seconds: int) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class Busy(AfterwordError):
    title = "Busy, try again"

    def __init__(self, detail: str, retry_after_seconds: int = 1) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class UnknownSchema(AfterwordError):
    title = "The database has another schema"
