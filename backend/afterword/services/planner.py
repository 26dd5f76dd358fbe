"""Keeping what was announced in step with what is so: one function for every cause.

A fact changed, a wake-up came, a snooze ended, a setting or a playbook changed: the account is locked, the opportunity
and those that share a person with it are judged anew, the differences become events, and the instant at which the
answer will change by itself is noted. All of it belongs to the transaction of the cause. Planning twice writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from afterword.formats.answer import IDS, Subjects, action_id, action_item, hold_id, hold_item, window_item
from afterword.policy.playbook import Playbook
from afterword.policy.timeline import Timeline
from afterword.services import events, playbooks
from afterword.services.advice import Unread, advice
from afterword.services.announcements import ASKING, Announcement, announcements
from afterword.services.events import LIFE_WITHOUT_EXPIRY, Occurrence
from afterword.storage import planned
from afterword.storage.database import Session
from afterword.storage.facts import Scope, StoredFacts, read_facts
from afterword.storage.planned import Plan

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)


def plan_after_change(
    session: Session, account_id: str, opportunity_ids: Iterable[str], now: datetime, cause: Occurrence | None = None
) -> None:
    """Plan the given opportunities and their circle after their facts changed; `cause` becomes an event first."""
    planned.lock_account(session, account_id)
    if cause is not None:
        events.record(session, account_id, (cause,), now)
    plan(session, account_id, opportunity_ids, now)
    planned.raise_version(session, account_id)


def wake_account(session: Session, account_id: str, now: datetime) -> None:
    """Have everything planned again by the worker: something changed that every opportunity may depend on."""
    planned.lock_account(session, account_id)
    planned.raise_version(session, account_id)
    planned.wake_all(session, account_id, now)


def plan_due(session: Session, account_id: str, opportunity_id: str, now: datetime) -> bool:
    """Plan one opportunity whose time has come; False when another worker has it."""
    if not planned.try_to_lock_account(session, account_id) or not planned.claim(session, opportunity_id, now):
        return False
    plan(session, account_id, (opportunity_id,), now)
    planned.raise_version(session, account_id)
    return True


def park(session: Session, opportunity_id: str, now: datetime, error: str) -> None:
    """Leave an opportunity alone whose planning failed, each time for longer."""
    failures = planned.failures(session, opportunity_id)
    pause = min(FIRST_PAUSE * 2 ** min(failures, 16), LONGEST_PAUSE)
    planned.park(session, opportunity_id, now + pause, error)


def plan(session: Session, account_id: str, opportunity_ids: Iterable[str], now: datetime) -> frozenset[str]:
    """Announce what differs for the given opportunities and their circle; the account must be locked. Their ids."""
    targets = planned.circle(session, account_id, frozenset(opportunity_ids))
    if not targets:
        return targets
    scope = Scope(account_id, targets | planned.with_standing_offer(session, account_id))
    stored = read_facts(session, scope, now)
    known = advice(session, account_id, stored, now)
    judged = targets - _park_unread(session, known.unread, targets, now)
    happened = [*_held(session, account_id, targets, now)]
    happened += _announce(session, account_id, judged, known.timeline, stored, now)
    events.record(session, account_id, happened, now)
    planned.set_wake(session, judged, known.timeline.look_again_at)
    _keep_versions(session, account_id, judged, stored, known.playbooks, now)
    return targets


def _park_unread(session: Session, unread: Iterable[Unread], targets: Collection[str], now: datetime) -> frozenset[str]:
    """Leave alone, with what was last announced of them, those whose playbook cannot be read. Their ids."""
    found = {each.opportunity: each.why for each in unread if each.opportunity and each.opportunity in targets}
    for opportunity_id, why in found.items():
        park(session, opportunity_id, now, why[:500])
    return frozenset(found)


def _held(session: Session, account_id: str, targets: Collection[str], now: datetime) -> Iterator[Occurrence]:
    planned.no_longer_held(session, account_id, targets, now)
    for row in planned.newly_held(session, account_id, targets, now):
        expires_at = row.ends_at + LIFE_WITHOUT_EXPIRY
        if expires_at > now:
            yield Occurrence("interview.held", row.opportunity_id, row.id, expires_at=expires_at)


def _announce(
    session: Session,
    account_id: str,
    targets: Collection[str],
    timeline: Timeline,
    stored: StoredFacts,
    now: datetime,
) -> list[Occurrence]:
    before = planned.read_plans(session, account_id, targets)
    after = {each.place: each for each in _plans(timeline, stored, targets)}
    told = [_occurrence(each, now) for each in announcements(before, after)]
    planned.replace_plans(
        session,
        account_id,
        gone=[each for place, each in before.items() if place not in after],
        written=[each for place, each in after.items() if before.get(place) != each],
    )
    return told


def _plans(timeline: Timeline, stored: StoredFacts, targets: Collection[str]) -> Iterator[Plan]:
    subjects = Subjects(stored.facts, IDS)
    for action in timeline.actions:
        if action.opportunity in targets:
            window = window_item(action.window) if action.window else None
            item = action_item(action, subjects)
            yield Plan(action.opportunity or "", action_id(action), "action", action.state, window, item)
    for hold in timeline.holds:
        if hold.opportunity in targets:
            yield Plan(hold.opportunity, hold_id(hold), "hold", "standing", None, hold_item(hold, subjects))


def _occurrence(announcement: Announcement, now: datetime) -> Occurrence:
    plan = announcement.plan
    item = plan.item if plan.type == "action" else None
    person = plan.item["person"]
    return Occurrence(
        type=announcement.type,
        opportunity_id=plan.opportunity_id,
        interview_id=plan.item.get("interview_id"),
        contact_id=person and person["contact_id"],
        action=item,
        hold=plan.item if item is None else None,
        expires_at=_expiry(announcement, now),
    )


def _expiry(announcement: Announcement, now: datetime) -> datetime | None:
    if announcement.type not in ASKING or not announcement.plan.window:
        return None
    written = announcement.plan.window["expires_at"]
    expires_at = datetime.fromisoformat(written) if written else None
    return expires_at if expires_at and expires_at > now else None


def _keep_versions(
    session: Session,
    account_id: str,
    targets: frozenset[str],
    stored: StoredFacts,
    judging: Mapping[str, Playbook],
    now: datetime,
) -> None:
    by_version: dict[tuple[str, str], list[str]] = {}
    for target in sorted(targets & stored.choices.keys()):
        if stored.choices[target][1] != judging[target].version:
            by_version.setdefault((judging[target].id, judging[target].version), []).append(target)
    for (_, version), members in by_version.items():
        playbooks.keep(session, account_id, judging[members[0]], now)
        planned.keep_at_version(session, members, version)
