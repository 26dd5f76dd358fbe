"""Writing down what came of deliveries that were sent, and what that says of their endpoints."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from afterword.delivery.answers import Answer
from afterword.delivery.retry import MOST_ATTEMPTS, next_attempt_at, retry_after
from afterword.services import endpoint_health, webhook_endpoints
from afterword.services.claims import Claimed
from afterword.services.endpoint_health import GONE, Outcome
from afterword.storage import outbox, planned
from afterword.storage import webhook_endpoints as stored
from afterword.storage.database import Session
from afterword.storage.identifiers import new_id
from afterword.storage.outbox import Finish
from afterword.storage.webhook_endpoints import Health

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


def finish(session: Session, sent: Sequence[Sent]) -> Counter[str]:
    """Write down what came of attempts, and give up endpoints that are of no use any more. How many led to which state
    of their delivery."""
    finished = [_finish(each) for each in sent]
    _judge(session, sent, finished)
    outbox.finish(session, finished)
    return Counter(each.state for each in finished)


def finish_again(session: Session, sent: Sequence[Sent]) -> Counter[str]:
    """The same once more, when it is not known whether it was done: a commit may be done though nobody could say so."""
    listed = outbox.listed(session, [each.attempt_id for each in sent])
    rest = [each for each in sent if each.attempt_id not in listed]
    if rest:
        finish(session, rest)
    return Counter(_outcome(each)[0] for each in sent)


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


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What attempts say of one endpoint. `reason` is why it is given up."""

    account_id: str
    endpoint_id: str
    before: Health
    health: Health
    reason: str | None


def _judge(session: Session, sent: Sequence[Sent], finished: Sequence[Finish]) -> None:
    now = max(each.finished_at for each in sent)
    verdicts = list(_verdicts(session, _outcomes(sent, finished), now))
    # All accounts before the first endpoint: locks are taken in one order everywhere.
    for account_id in sorted({each.account_id for each in verdicts if each.reason}):
        planned.lock_account(session, account_id)
    for verdict in verdicts:
        if verdict.health != verdict.before:
            stored.note_health(session, verdict.endpoint_id, verdict.health)
        if verdict.reason:
            webhook_endpoints.give_up_on(session, verdict.account_id, verdict.endpoint_id, verdict.reason, now)


def _outcomes(sent: Sequence[Sent], finished: Sequence[Finish]) -> Mapping[tuple[str, str], Sequence[Outcome]]:
    found: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for each, ended in zip(sent, finished, strict=True):
        exhausted = ended.state == "failed" and each.answer.status != GONE
        outcome = Outcome(each.answer, each.finished_at, exhausted)
        found[each.delivery.account_id, each.delivery.endpoint_id].append(outcome)
    return found


def _verdicts(
    session: Session, outcomes: Mapping[tuple[str, str], Sequence[Outcome]], now: datetime
) -> Iterator[_Verdict]:
    known = stored.health(session, [endpoint_id for _, endpoint_id in outcomes])
    for (account_id, endpoint_id), made in sorted(outcomes.items()):
        if endpoint_id in known:
            before = known[endpoint_id]
            health = endpoint_health.after(before, made)
            reason = endpoint_health.reason_to_give_up(health, made, now)
            yield _Verdict(account_id, endpoint_id, before, health, reason)
