"""Writing down what came of deliveries that were sent, and what that says of their endpoints."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from afterword.delivery.answers import Answer
from afterword.delivery.retry import MOST_ATTEMPTS, next_attempt_at, retry_after
from afterword.services import verdicts
from afterword.services.claims import Claimed
from afterword.services.endpoint_health import GONE, Outcome
from afterword.services.verdicts import Place, Useless
from afterword.storage import outbox
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id
from afterword.storage.outbox import Finish

#: Leaves room for what is said after it; the column holds 500.
LONGEST_REASON = 400


@dataclass(frozen=True, slots=True)
class Sent:
    """One attempt that was made. `jitter` is 0 to 1; `headers` are those that were sent, as the log may show them."""

    delivery: Claimed
    answer: Answer
    started_at: datetime
    finished_at: datetime
    jitter: float
    headers: Mapping[str, str] = field(default_factory=dict)
    attempt_id: str = field(default_factory=partial(new_id, "att"))


@dataclass(frozen=True, slots=True)
class Finished:
    """How many attempts led to which state of their delivery, and which endpoints are to be given up for them."""

    states: Counter[str]
    useless: Sequence[Useless]


def finish(session: Session, sent: Sequence[Sent]) -> Finished:
    """Write down what came of attempts, and what they say of their endpoints."""
    finished = [_finish(each) for each in sent]
    useless = verdicts.judge(session, _outcomes(sent, finished), max(each.finished_at for each in sent))
    outbox.finish(session, finished)
    return Finished(Counter(each.state for each in finished), useless)


def finish_again(session: Session, sent: Sequence[Sent]) -> Finished:
    """The same once more, when it is not known whether it was done: a commit may be done though nobody could say so."""
    listed = outbox.listed(session, [each.attempt_id for each in sent])
    rest = [each for each in sent if each.attempt_id not in listed]
    useless = finish(session, rest).useless if rest else ()
    return Finished(Counter(_outcome(each)[0] for each in sent), useless)


def without_particulars(sent: Sent, why: str) -> Sent:
    """The bare attempt, for one whose answer cannot be written down. What was received is not sent again."""
    answer = Answer(sent.answer.status, {}, "", f"the answer could not be written down: {why}", 0)
    return replace(sent, answer=answer, jitter=0.0)


def _finish(sent: Sent) -> Finish:
    state, reason, again_at = _outcome(sent)
    return Finish(
        delivery_id=sent.delivery.id,
        claim_id=sent.delivery.claim_id,
        state=state,
        reason=reason,
        next_attempt_at=again_at,
        finished_at=None if state == "retrying" else sent.finished_at,
        attempt={
            "id": sent.attempt_id,
            "account_id": sent.delivery.account_id,
            "delivery_id": sent.delivery.id,
            "replay": sent.delivery.replay,
            "number": sent.delivery.attempt,
            "url": sent.delivery.url,
            "request_headers": dict(sent.headers) or None,
            "started_at": sent.started_at,
            "duration_ms": sent.answer.duration_ms,
            "status_code": sent.answer.status,
            "response_headers": dict(sent.answer.headers) or None,
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


def _outcomes(sent: Sequence[Sent], finished: Sequence[Finish]) -> Mapping[Place, Sequence[Outcome]]:
    found: dict[Place, list[Outcome]] = defaultdict(list)
    for each, ended in zip(sent, finished, strict=True):
        exhausted = ended.state == "failed" and each.answer.status != GONE
        place = Place(each.delivery.account_id, each.delivery.endpoint_id, each.delivery.url)
        found[place].append(Outcome(each.answer, each.finished_at, exhausted))
    return found
