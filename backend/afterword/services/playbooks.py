"""Which playbook a caller or an opportunity means: a built-in by its id, one kept at a version, a whole one inline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from afterword.errors import FieldProblem, InvalidInput, InvalidPlaybook, NotFound
from afterword.playbooks.loader import builtin, builtin_document, read_inline
from afterword.policy.playbook import Playbook
from afterword.storage import playbook_versions
from afterword.storage.database import Session

DEFAULT = "balanced"


def chosen(choice: str | Mapping[str, Any], path: str = "playbook") -> Playbook:
    """The playbook of an id or of a whole document; InvalidInput at `path` names the ids there are."""
    if not isinstance(choice, str):
        return _inline(choice)
    known = builtin()
    if choice not in known:
        raise InvalidInput.at(path, f"is not the id of a playbook; there are: {', '.join(sorted(known))}")
    return known[choice]


def _inline(document: Mapping[str, Any]) -> Playbook:
    try:
        return read_inline(document)
    except InvalidPlaybook as refused:
        found = tuple(FieldProblem(f"playbook.{each.path}", each.message) for each in refused.problems)
        raise InvalidPlaybook(f"playbook.{refused.detail}", found) from None


def in_force(session: Session, account_id: str, identifier: str, version: str | None) -> Playbook:
    """The playbook at the version an opportunity was planned with, else as this release has it."""
    current = builtin().get(identifier) or builtin()[DEFAULT]
    if version is None or version == current.version:
        return current
    return _kept(session, account_id, identifier, version) or current


def keep(session: Session, account_id: str, playbook: Playbook, now: datetime) -> None:
    """Store a playbook whole under its version, so that a later release cannot change what was planned with it."""
    if playbook_versions.read(session, account_id, playbook.id, playbook.version) is None:
        playbook_versions.write(session, account_id, playbook.id, playbook.version, whole(playbook.id), now)


def listed() -> list[dict[str, str]]:
    """Id, version and title of each, in the loader's order."""
    return [{"id": each.id, "version": each.version, "title": each.title} for each in builtin().values()]


def whole(identifier: str) -> dict[str, Any]:
    """One playbook as data, the way it is written."""
    if identifier not in builtin():
        raise NotFound(f"There is no playbook {identifier}; there are: {', '.join(sorted(builtin()))}.")
    return builtin_document(identifier)


def _kept(session: Session, account_id: str, identifier: str, version: str) -> Playbook | None:
    document = playbook_versions.read(session, account_id, identifier, version)
    return None if document is None else replace(_parsed(json.dumps(document)), version=version)


@lru_cache(maxsize=64)
def _parsed(document: str) -> Playbook:
    return read_inline(json.loads(document))
