"""Switching a playbook on: opportunities, or the account itself, go by its current version from now on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from afterword.errors import InvalidInput, NotFound
from afterword.policy.playbook import Playbook
from afterword.services import playbooks
from afterword.services.planner import plan_after_change, wake_account
from afterword.storage import accounts, playbook_uses
from afterword.storage.database import Session

#: So many are planned before the request is answered; the worker plans more than that.
PLANNED_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Switched:
    """What is on now, how many opportunities came to it, and whether they are planned already."""

    playbook: str
    version: str
    moved: int
    planned: bool


def available(session: Session, account_id: str, identifier: str) -> Playbook:
    """The playbook of an address. NotFound where there is none."""
    try:
        return playbooks.available(session, account_id, identifier)
    except InvalidInput as refused:
        raise NotFound(f"There is no playbook {identifier}; {refused.detail.partition('; ')[2]}") from None


def switch_on(
    session: Session, account_id: str, identifier: str, opportunity_ids: Collection[str] | None, now: datetime
) -> Switched:
    """Have the given opportunities, or with None all that are open, judged by a playbook as it is now."""
    playbook = available(session, account_id, identifier)
    if opportunity_ids is not None:
        require_known(session, account_id, opportunity_ids)
    playbooks.keep(session, account_id, playbook, now)
    moved = playbook_uses.move(session, account_id, opportunity_ids, playbook.id, playbook.version, now)
    return Switched(playbook.id, playbook.version, len(moved), _plan(session, account_id, moved, now))


def make_default(session: Session, account_id: str, identifier: str, now: datetime) -> Switched:
    """Have the account judged by a playbook as it is now, with every open opportunity that follows it."""
    playbook = available(session, account_id, identifier)
    playbooks.keep(session, account_id, playbook, now)
    _point_account_at(session, account_id, playbook, now)
    moved = playbook_uses.move_followers(session, account_id, playbook.version, now)
    return Switched(playbook.id, playbook.version, len(moved), _plan(session, account_id, moved, now))


def _point_account_at(session: Session, account_id: str, playbook: Playbook, now: datetime) -> None:
    account = accounts.find_account(session, account_id)
    version = playbooks.own_version(session, account_id, playbook.id)
    if account is not None and (account.playbook, account.playbook_version) != (playbook.id, version):
        to = {"playbook": playbook.id, "playbook_version": version, "updated_at": now}
        accounts.change_account(session, account_id, to)
        wake_account(session, account_id, now)


def require_known(session: Session, account_id: str, opportunity_ids: Collection[str]) -> None:
    """NotFound for the first that the account does not have."""
    missing = frozenset(opportunity_ids) - playbook_uses.existing(session, account_id, opportunity_ids)
    if missing:
        raise NotFound.of("opportunity", min(missing))


def _plan(session: Session, account_id: str, moved: Collection[str], now: datetime) -> bool:
    if len(moved) > PLANNED_AT_ONCE:
        wake_account(session, account_id, now)
        return False
    if moved:
        plan_after_change(session, account_id, moved, now)
    return True
