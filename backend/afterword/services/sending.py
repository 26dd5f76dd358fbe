"""Taking deliveries out of the queue and writing down what came of them; the sending itself is between the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from afterword.delivery.answers import Answer
from afterword.delivery.retry import MOST_ATTEMPTS, next_attempt_at, retry_after
from afterword.storage import outbox
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id
from afterword.storage.outbox import Claimed, Finish

LEASE = timedelta(seconds=60)
MOST_IN_FLIGHT_PER_ENDPOINT = 4
GONE = 410
#: Leaves room for what is said after it; the column holds 500.
LONGEST_REASON = 400


@dataclass(frozen=True, slots=True)
class Sent:
    """One attempt that was made. `jitter` is 0 to 1."""

    delivery: Claimed
    answer: Answer
    started_at: datetime
    finished_at: datetime
    jitter: float


def claim(session: Session, now: datetime, limit: int) -> list[Claimed]:
    """Deliveries to send now. What is past its time, abandoned or not wanted any more is put aside first."""
    outbox.take_back_abandoned(session, now)
    outbox.expire(session, now)
    outbox.skip_disabled(session, now)
    return outbox.claim(session, new_id("clm"), now, now + LEASE, limit, MOST_IN_FLIGHT_PER_ENDPOINT)


def finish(session: Session, sent: Sequence[Sent]) -> None:
    """Write down what came of attempts."""
    outbox.finish(session, [_finish(each) for each in sent])
    for each in sent:
        if each.answer.status == GONE:
            outbox.give_up_on(session, each.delivery.endpoint_id, "it answered 410 Gone", each.finished_at)


def without_particulars(sent: Sent, why: str) -> Sent:
    """The bare attempt, for one whose answer cannot be written down. What was received is not sent again."""
    answer = Answer(sent.answer.status, {}, "", f"the answer could not be written down: {why}", 0)
    return replace(sent, answer=answer, jitter=0.0)


def _finish(sent: Sent) -> Finish:
    state, reason, again_at = _outcome(sent)
    return Finish(
        delivery=sent.delivery,
        state=state,
        reason=reason,
        next_attempt_at=again_at,
        finished_at=None if state == "retrying" else sent.finished_at,
        attempt={
            "id": new_id("att"),
            "account_id": sent.delivery.account_id,
            "delivery_id": sent.delivery.id,
            "number": sent.delivery.attempt,
            "started_at": sent.started_at,
            "duration_ms": sent.answer.duration_ms,
            "status_code": sent.answer.status,
            "response_body": sent.answer.body,
            "error": sent.answer.error and sent.answer.error[:LONGEST_REASON],
        },
    )


def _outcome(sent: Sent) -> tuple[str, str | None, datetime | None]:
    answer = sent.answer
    if answer.succeeded:
        return "delivered", None, None
    reason = (answer.error or f"answered {answer.status}")[:LONGEST_REASON]
    if answer.status == GONE:
        return "failed", reason, None
    asked = retry_after(answer.headers.get("retry-after"), sent.finished_at)
    again_at = next_attempt_at(sent.delivery.attempt, sent.finished_at, sent.jitter, asked)
    if again_at is None:
        return "failed", f"{reason}, {MOST_ATTEMPTS} attempts made", None
    if sent.delivery.expires_at is not None and again_at >= sent.delivery.expires_at:
        return "expired", f"{reason}, and its time would have passed before another attempt", None
    return "retrying", reason, again_at
