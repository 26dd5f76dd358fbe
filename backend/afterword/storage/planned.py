"""What was last announced of each opportunity, its actions and holds with state and window, and when to look again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update

from afterword.storage.database import Session
from afterword.storage.tables import accounts, interviews, opportunities, outcomes, people, planned

#: Outcomes of one opportunity that the advice on every other one may depend on.
CONCERNS_THE_OTHERS = ("offer", "accepted")


@dataclass(frozen=True, slots=True)
class Plan:
    """One action or hold as announced. `key` is its id."""

    opportunity_id: str
    key: str
    type: str
    state: str
    window: Mapping[str, Any] | None
    item: Mapping[str, Any]

    @property
    def place(self) -> tuple[str, str]:
        """What makes it one row."""
        return (self.opportunity_id, self.key)


def lock_account(session: Session, account_id: str) -> None:
    """Wait for the account's turn; all that plans or numbers events for it goes one after another."""
    # Not the key itself: rows that only refer to the account may be written by others meanwhile.
    session.execute(select(accounts.c.id).where(accounts.c.id == account_id).with_for_update(key_share=True))


def try_to_lock_account(session: Session, account_id: str) -> bool:
    """Take the account's turn unless somebody else has it."""
    wanted = select(accounts.c.id).where(accounts.c.id == account_id).with_for_update(key_share=True, skip_locked=True)
    return session.execute(wanted).first() is not None


def raise_version(session: Session, account_id: str) -> None:
    """Make every answer kept by a reader of the account stale."""
    session.execute(
        update(accounts).where(accounts.c.id == account_id).values(version=accounts.c.version + 1)
    )  # fmt: skip


def circle(session: Session, account_id: str, opportunity_ids: Collection[str]) -> frozenset[str]:
    """The given opportunities and those that share a person with them, one of them, and so on."""
    known, frontier = frozenset[str](), frozenset(opportunity_ids)
    while frontier:
        known |= frontier
        met = select(people.c.contact_id).where(
            people.c.account_id == account_id, people.c.opportunity_id.in_(sorted(frontier))
        )
        near = select(people.c.opportunity_id).where(
            people.c.account_id == account_id, people.c.contact_id.in_(met.scalar_subquery())
        )
        frontier = frozenset(session.execute(near.distinct()).scalars()) - known
    return known


def with_standing_offer(session: Session, account_id: str) -> frozenset[str]:
    """Opportunities with an outcome that concerns the others: an offer, or one accepted."""
    found = select(outcomes.c.opportunity_id).where(
        outcomes.c.account_id == account_id,
        outcomes.c.superseded_at.is_(None),
        outcomes.c.status.in_(CONCERNS_THE_OTHERS),
    )
    return frozenset(session.execute(found).scalars())


def read_plans(session: Session, account_id: str, opportunity_ids: Collection[str]) -> dict[tuple[str, str], Plan]:
    """What was announced of the given opportunities, by place."""
    rows = session.execute(
        select(planned).where(planned.c.account_id == account_id, planned.c.opportunity_id.in_(sorted(opportunity_ids)))
    )
    plans = (Plan(row.opportunity_id, row.key, row.type, row.state, row.window, row.item) for row in rows)
    return {plan.place: plan for plan in plans}


def opportunity_of(session: Session, account_id: str, key: str) -> str | None:
    """The opportunity of an action or hold that was planned."""
    wanted = select(planned.c.opportunity_id).where(planned.c.account_id == account_id, planned.c.key == key)
    return session.execute(wanted).scalars().first()


def bearing_on(session: Session, account_id: str, opportunity_ids: Collection[str]) -> frozenset[str]:
    """All that must be known to judge the given opportunities: their circle, and offers elsewhere."""
    return circle(session, account_id, opportunity_ids) | with_standing_offer(session, account_id)


def replace_plans(session: Session, account_id: str, gone: Sequence[Plan], written: Sequence[Plan]) -> None:
    """Take away the plans that are gone or changed and write those that are new or changed."""
    by_opportunity: dict[str, list[str]] = {}
    for plan in (*gone, *written):
        by_opportunity.setdefault(plan.opportunity_id, []).append(plan.key)
    for opportunity_id, keys in by_opportunity.items():
        session.execute(delete(planned).where(planned.c.opportunity_id == opportunity_id, planned.c.key.in_(keys)))
    if written:
        session.execute(insert(planned), [_row(account_id, plan) for plan in written])


def _row(account_id: str, plan: Plan) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "opportunity_id": plan.opportunity_id,
        "key": plan.key,
        "type": plan.type,
        "state": plan.state,
        "window": plan.window,
        "item": plan.item,
    }


def set_wake(session: Session, opportunity_ids: Collection[str], wake_at: datetime | None) -> bool:
    """Say when to look again; True when that is another instant than before for any of them."""
    differs = (
        opportunities.c.wake_at.is_not(None)
        if wake_at is None
        else or_(opportunities.c.wake_at.is_(None), opportunities.c.wake_at != wake_at)
    )
    changed = session.execute(
        update(opportunities)
        .where(opportunities.c.id.in_(sorted(opportunity_ids)), or_(differs, opportunities.c.plan_failures > 0))
        .values(wake_at=wake_at, parked_until=None, plan_failures=0, plan_error=None)
    )
    return changed.rowcount > 0


def wake_all(session: Session, account_id: str, now: datetime) -> None:
    """Have every opportunity of the account looked at again by the worker, at once."""
    session.execute(update(opportunities).where(opportunities.c.account_id == account_id).values(wake_at=now))


def keep_at_version(session: Session, opportunity_ids: Collection[str], version: str) -> None:
    """Remember which version of its playbook the opportunities are judged by."""
    session.execute(
        update(opportunities).where(opportunities.c.id.in_(sorted(opportunity_ids))).values(playbook_version=version)
    )


def due(session: Session, now: datetime, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Opportunities whose timeline has changed by itself since it was last looked at, longest due first."""
    wanted = (
        select(opportunities.c.id, opportunities.c.account_id)
        .where(opportunities.c.wake_at <= now)
        .order_by(opportunities.c.wake_at)
        .limit(limit)
    )
    return session.execute(wanted).all()


def claim(session: Session, opportunity_id: str, now: datetime) -> bool:
    """Take one that is still due; False when somebody else has planned it meanwhile."""
    claimed = session.execute(
        update(opportunities)
        .where(opportunities.c.id == opportunity_id, opportunities.c.wake_at <= now)
        .values(wake_at=None)
        .returning(opportunities.c.id)
    )
    return claimed.first() is not None


def park(session: Session, opportunity_id: str, until: datetime, error: str) -> None:
    """Leave one alone for a while whose planning failed."""
    session.execute(
        update(opportunities)
        .where(opportunities.c.id == opportunity_id)
        .values(wake_at=until, parked_until=until, plan_failures=opportunities.c.plan_failures + 1, plan_error=error)
    )


def failures(session: Session, opportunity_id: str) -> int:
    """How often planning one has failed in a row."""
    counted = select(opportunities.c.plan_failures).where(opportunities.c.id == opportunity_id)
    return session.execute(counted).scalar_one_or_none() or 0


def next_wake(session: Session) -> datetime | None:
    """The earliest instant at which anything is due."""
    earliest: datetime | None = session.execute(select(func.min(opportunities.c.wake_at))).scalar_one()
    return earliest


def newly_held(
    session: Session, account_id: str, opportunity_ids: Collection[str], now: datetime
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Interviews that have ended since they were last looked at, now marked as announced."""
    ended = (
        update(interviews)
        .where(
            interviews.c.account_id == account_id,
            interviews.c.opportunity_id.in_(sorted(opportunity_ids)),
            interviews.c.status == "scheduled",
            interviews.c.ends_at <= now,
            interviews.c.held_announced.is_(False),
        )
        .values(held_announced=True)
        .returning(interviews.c.id, interviews.c.opportunity_id, interviews.c.ends_at)
    )
    return sorted(session.execute(ended).all(), key=lambda row: (row.ends_at, row.id))


def no_longer_held(session: Session, account_id: str, opportunity_ids: Collection[str], now: datetime) -> None:
    """Forget that interviews were announced as held which have been put off or called off since."""
    session.execute(
        update(interviews)
        .where(
            interviews.c.account_id == account_id,
            interviews.c.opportunity_id.in_(sorted(opportunity_ids)),
            interviews.c.held_announced.is_(True),
            or_(interviews.c.ends_at > now, interviews.c.status != "scheduled"),
        )
        .values(held_announced=False)
    )
