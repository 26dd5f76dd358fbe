"""Playbooks that an account writes itself: each stored whole at every version, with its author's text.

A version is what the rules say. The words around them, title, comments and layout, may be put in another way without
anything being planned anew, and are those that were sent last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from afterword.errors import Conflict, FieldProblem, Forbidden, InvalidInput, InvalidPlaybook, NotFound
from afterword.formats import yaml_document
from afterword.formats.text import printable
from afterword.playbooks import shelf
from afterword.playbooks.loader import whole_document
from afterword.playbooks.source import read_source
from afterword.policy.playbook import Playbook
from afterword.storage import accounts as stored_accounts
from afterword.storage import planned, playbook_uses, playbook_versions
from afterword.storage import playbooks as stored
from afterword.storage.database import Session
from afterword.storage.playbooks import OwnPlaybook

MOST_PLAYBOOKS, MOST_VERSIONS, MOST_NAMED = 50, 200, 10
MOST_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Candidate:
    """A playbook that was sent: its author's text, in YAML where that was JSON, the document in it, and what that is
    with all that it extends."""

    source: str
    written: Mapping[str, Any]
    document: dict[str, Any]
    playbook: Playbook


def read(text: str, is_json: bool = False) -> Candidate:
    """A playbook from its text. Raises `InvalidPlaybook` with path and line of each problem."""
    try:
        written, playbook = read_source(text, "body.json" if is_json else None)
    except InvalidPlaybook as refused:
        # Who sent a text knows of no file.
        raise InvalidPlaybook(f"{refused.problems[0].told()}.", refused.problems[:MOST_PROBLEMS]) from None
    document = whole_document(written)
    if is_json:
        # It has no comments and no layout of its author's, and is read and changed again as text.
        text = _in_yaml(written, text)
    for key in ("title", "about"):
        _require_printable(key, document[key])
    return Candidate(text, written, document, playbook)


def _in_yaml(written: Mapping[str, Any], text: str) -> str:
    in_yaml = yaml_document.written(written)
    return in_yaml if len(in_yaml) <= yaml_document.LARGEST_DOCUMENT else text


def create(session: Session, account_id: str, candidate: Candidate, now: datetime) -> OwnPlaybook:
    """A new playbook, under the id that it gives itself."""
    identifier = _free_id(session, account_id, candidate)
    if stored.count(session, account_id) >= MOST_PLAYBOOKS:
        raise Conflict(f"There are {MOST_PLAYBOOKS} playbooks, as many as an account can have. Delete one first.")
    _keep(session, account_id, candidate, now)
    stored.add(session, {"account_id": account_id, "id": identifier, "created_at": now, **_head(candidate, now)})
    planned.raise_version(session, account_id)
    return find(session, account_id, identifier)


def replace(
    session: Session, account_id: str, playbook: OwnPlaybook, candidate: Candidate, now: datetime
) -> OwnPlaybook:
    """Make what was sent the current version. What is planned by an earlier one stays so until it is moved."""
    if candidate.playbook.id != playbook.id:
        raise InvalidInput.at("id", f"must be {playbook.id}, as in the address")
    kept = playbook_versions.find(session, account_id, playbook.id, candidate.playbook.version)
    sent = (playbook.current_version, candidate.document, candidate.source)
    if kept and (kept.version, kept.document, kept.source) == sent:
        return playbook
    _keep(session, account_id, candidate, now)
    stored.change(session, account_id, playbook.id, _head(candidate, now))
    planned.raise_version(session, account_id)
    return find(session, account_id, playbook.id)


def known(session: Session, account_id: str, identifier: str) -> OwnPlaybook | None:
    return stored.find(session, account_id, identifier)


def find(session: Session, account_id: str, identifier: str) -> OwnPlaybook:
    """One of the account's own. Others can be read by all and changed by nobody."""
    found = stored.find(session, account_id, identifier)
    if found is None and identifier in shelf.known():
        raise Forbidden(f"{identifier} is for all and not yours to change. Make one with another id that extends it.")
    if found is None:
        raise NotFound.of("playbook", identifier)
    return found


def remove(session: Session, account_id: str, playbook: OwnPlaybook) -> None:
    """Remove a playbook that nothing open goes by. Versions that something closed went by stay."""
    _require_unused(session, account_id, playbook.id)
    stored.remove(session, account_id, playbook.id)
    playbook_versions.remove_unused(session, account_id, playbook.id)
    planned.raise_version(session, account_id)


def _require_printable(key: str, text: str | None) -> None:
    try:
        printable(text or "")
    except ValueError as refused:
        problem = FieldProblem(key, str(refused))
        raise InvalidPlaybook(f"{problem.told()}.", (problem,)) from None


def _free_id(session: Session, account_id: str, candidate: Candidate) -> str:
    if "id" not in candidate.written:
        raise InvalidInput.at("id", "is missing; give the playbook a name of its own, like our-way")
    identifier = candidate.playbook.id
    if identifier in shelf.RESERVED:
        raise InvalidInput.at("id", f"cannot be {identifier}, which has another meaning here; choose another")
    if identifier in shelf.known():
        raise Conflict(f"{identifier} is the id of a playbook that all may use; give yours another.")
    if stored.find(session, account_id, identifier):
        raise Conflict(f"There is a playbook {identifier} already. Store a new version with PUT, or choose another id.")
    return identifier


def _keep(session: Session, account_id: str, candidate: Candidate, now: datetime) -> None:
    place = (session, account_id, candidate.playbook.id)
    version = candidate.playbook.version
    if playbook_versions.find(*place, version):
        playbook_versions.reword(*place, version, candidate.document, candidate.source)
        return
    if playbook_versions.count(*place) >= MOST_VERSIONS:
        raise Conflict(f"There are {MOST_VERSIONS} versions, as many as a playbook can have. Go on under another id.")
    playbook_versions.write(*place, version, candidate.document, now, candidate.source)


def _head(candidate: Candidate, now: datetime) -> dict[str, Any]:
    return {
        "current_version": candidate.playbook.version,
        "title": candidate.document["title"],
        "about": candidate.document["about"],
        "updated_at": now,
    }


def _require_unused(session: Session, account_id: str, identifier: str) -> None:
    account = stored_accounts.find_account(session, account_id)
    if account is not None and account.playbook == identifier:
        raise Conflict(f"{identifier} is the account's playbook. Choose another with PATCH /api/v1/me first.")
    users = playbook_uses.naming(session, account_id, identifier)
    if users:
        more = f" and {len(users) - MOST_NAMED} more" if len(users) > MOST_NAMED else ""
        raise Conflict(
            f"{identifier} is the playbook of open opportunities: {', '.join(users[:MOST_NAMED])}{more}. "
            "Switch another on for them first."
        )
