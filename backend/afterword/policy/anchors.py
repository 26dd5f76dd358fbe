"""What a window's points are counted from, read from the facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from afterword.policy.elsewhere import first_other
from afterword.policy.playbook import Point
from afterword.policy.subject import Subject


def _of_interview(field: str) -> Callable[[Subject, Point], datetime | None]:
    def read(subject: Subject, _: Point) -> datetime | None:
        return getattr(subject.round.interview, field) if subject.round else None

    return read


def _last_round_end(subject: Subject, _: Point) -> datetime | None:
    """The end of the last held round before the subject's own."""
    starts = subject.round.interview.starts_at if subject.round else None
    for round in reversed(subject.situation.held):
        if starts is None or round.interview.ends_at <= starts:
            return round.interview.ends_at
    return None


def _wait(subject: Subject, _: Point) -> datetime | None:
    return subject.wait.start if subject.wait else None


def _promise(subject: Subject, _: Point) -> date | None:
    return subject.wait.promise if subject.wait else None


def _outcome_at(subject: Subject, _: Point) -> datetime | None:
    return subject.situation.outcome.at if subject.situation.outcome else None


def _answer_by(subject: Subject, _: Point) -> date | None:
    return subject.situation.outcome.answer_by if subject.situation.outcome else None


def _last_done(subject: Subject, point: Point) -> datetime | None:
    return subject.case.done_at(subject.case.playbook.by_id[point.rule or ""], subject)


def _last_reply(subject: Subject, _: Point) -> datetime | None:
    replies = tuple(subject.situation.replies_of_round())
    return replies[-1].at if replies else None


def _last_contact(subject: Subject, _: Point) -> datetime | None:
    return subject.situation.last_contact


def _reply_to(subject: Subject, point: Point) -> datetime | None:
    reply = subject.case.reply_to(subject.case.playbook.by_id[point.rule or ""], subject)
    return reply.at if reply else None


def _other_offer_at(subject: Subject, _: Point) -> datetime | None:
    other = first_other(subject.case.offering, subject.situation)
    return other.outcome.at if other else None


def _other_answer_by(subject: Subject, _: Point) -> date | None:
    other = first_other(subject.case.offering, subject.situation)
    return other.outcome.answer_by if other else None


def _other_acceptance_at(subject: Subject, _: Point) -> datetime | None:
    other = first_other(subject.case.accepted, subject.situation)
    return other.outcome.at if other else None


#: What each anchor is: an instant (UTC), a local day, or None when it is not known.
READERS: dict[str, Callable[[Subject, Point], datetime | date | None]] = {
    "interview.start": _of_interview("starts_at"),
    "interview.end": _of_interview("ends_at"),
    "interview.scheduled_at": _of_interview("scheduled_at"),
    "interview.status_at": _of_interview("status_at"),
    "last_round.end": _last_round_end,
    "wait": _wait,
    "promise": _promise,
    "outcome.at": _outcome_at,
    "outcome.answer_by": _answer_by,
    "last_done": _last_done,
    "last_reply": _last_reply,
    "last_contact": _last_contact,
    "reply_to": _reply_to,
    "other_offer.at": _other_offer_at,
    "other_offer.answer_by": _other_answer_by,
    "other_acceptance.at": _other_acceptance_at,
}
