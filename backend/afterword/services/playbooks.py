"""Which playbook is meant: one that all may use, an account's own, one kept at a version, a whole one inline.

What an opportunity was planned with is never given another's advice in its place: where a version can no longer be
read, that is said, and somebody chooses.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Any

from afterword.errors import FieldProblem, InvalidInput, InvalidPlaybook
from afterword.playbooks import shelf
from afterword.playbooks.loader import read_inline, read_whole
from afterword.policy.playbook import Playbook
from afterword.storage import playbook_versions
from afterword.storage import playbooks as own
from afterword.storage.database import Session

DEFAULT = "balanced"
MOST_NAMED = 60


def chosen(choice: str | Mapping[str, Any], path: str = "playbook") -> Playbook:
    """The playbook of an id that all may use, or of a whole document. InvalidInput at `path` names the ids."""
    if not isinstance(choice, str):
        return _inline(choice)
    known = shelf.known()
    if choice not in known:
        raise _unknown(path, sorted(known))
    return known[choice]


def available(session: Session, account_id: str, identifier: str, path: str = "playbook") -> Playbook:
    """The playbook of an id as it is now: the account's own, else one that all may use."""
    mine = own.find(session, account_id, identifier)
    if mine is not None:
        found = _kept_or_refused(session, account_id, identifier, mine.current_version)
        # The title may have changed since the version was read: it is no part of what makes one.
        return found if found.title == mine.title else replace(found, title=mine.title)
    known = shelf.known()
    if identifier not in known:
        raise _unknown(path, sorted(known) + [each.id for each in own.listed(session, account_id)])
    return known[identifier]


def own_version(session: Session, account_id: str, identifier: str) -> str | None:
    """The version that an own playbook is at; None for one that all may use, which goes with the release."""
    return own.current_version(session, account_id, identifier)


def in_force(session: Session, account_id: str, identifier: str, version: str | None) -> Playbook:
    """The playbook at the version that something was planned with, else as it is now.

    Raises `InvalidPlaybook` where this release cannot read it or there is none any more.
    """
    found = at_version(session, account_id, identifier, version) if version else None
    if found is not None:
        return found
    try:
        return available(session, account_id, identifier)
    except InvalidInput:
        raise InvalidPlaybook(f"There is no playbook {identifier} any more; choose another.") from None


def at_version(session: Session, account_id: str, identifier: str, version: str) -> Playbook | None:
    """A playbook at a version, if that is the one there is or one that is kept."""
    known = shelf.known().get(identifier)
    if known is not None and known.version == version:
        return known
    return _kept(session, account_id, identifier, version)


def keep(session: Session, account_id: str, playbook: Playbook, now: datetime) -> None:
    """Store a playbook whole under its version, so that a later release cannot change what was planned with it."""
    if playbook_versions.find(session, account_id, playbook.id, playbook.version) is None:
        document = shelf.document(playbook.id)
        playbook_versions.write(session, account_id, playbook.id, playbook.version, document, now)


def _inline(document: Mapping[str, Any]) -> Playbook:
    try:
        return read_inline(document)
    except InvalidPlaybook as refused:
        found = tuple(FieldProblem(f"playbook.{each.path}", each.message) for each in refused.problems)
        raise InvalidPlaybook(f"playbook.{refused.detail}", found) from None


def _unknown(path: str, ids: list[str]) -> InvalidInput:
    more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
    return InvalidInput.at(path, f"is not the id of a playbook; there are: {', '.join(ids[:MOST_NAMED])}{more}")


def _kept_or_refused(session: Session, account_id: str, identifier: str, version: str) -> Playbook:
    found = _kept(session, account_id, identifier, version)
    if found is None:
        raise InvalidPlaybook(f"Version {version} of the playbook {identifier} is not kept; store it again.")
    return found


def _kept(session: Session, account_id: str, identifier: str, version: str) -> Playbook | None:
    place = (account_id, identifier, version)
    known = _READ.get(place)
    if known is not None:
        return known
    kept = playbook_versions.find(session, account_id, identifier, version)
    if kept is None:
        return None
    try:
        found = replace(read_whole(kept.document), version=version)
    except InvalidPlaybook as refused:
        raise _unreadable(identifier, version, refused) from None
    _READ.put(place, found)
    return found


def _unreadable(identifier: str, version: str, refused: InvalidPlaybook) -> InvalidPlaybook:
    reason = refused.detail.rstrip(".")
    detail = (
        f"Version {version} of the playbook {identifier} cannot be read by this release ({reason}). "
        "Store it again as it should be now, or choose another, and switch that on."
    )
    return InvalidPlaybook(detail, refused.problems)


class _ReadBefore:
    """The last so many kept versions as the policy reads them. Their rules never change, so none goes stale."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._known: OrderedDict[tuple[str, str, str], Playbook] = OrderedDict()

    def get(self, place: tuple[str, str, str]) -> Playbook | None:
        with self._lock:
            if place in self._known:
                self._known.move_to_end(place)
            return self._known.get(place)

    def put(self, place: tuple[str, str, str], playbook: Playbook) -> None:
        with self._lock:
            self._known[place] = playbook
            while len(self._known) > self._most:
                self._known.popitem(last=False)


_READ = _ReadBefore(200)
