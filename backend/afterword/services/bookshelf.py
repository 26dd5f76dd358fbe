"""Looking at playbooks: those that all may use, and an account's own; whole, at any version that is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from afterword.errors import NotFound
from afterword.formats import yaml_document
from afterword.playbooks import shelf
from afterword.playbooks.loader import BUILTIN
from afterword.playbooks.source import as_written
from afterword.policy.playbook import Playbook
from afterword.services import playbooks as meant
from afterword.storage import accounts, playbook_uses, playbook_versions, playbooks
from afterword.storage.database import Session

Origin = Literal["builtin", "operator", "own"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: an account in a session of the database."""

    session: Session
    account_id: str


@dataclass(frozen=True, slots=True)
class Line:
    """One playbook in a list. `origin` is whose it is, `opportunities` how many open ones go by it."""

    id: str
    version: str
    title: str
    origin: Origin
    about: str | None
    rules: int
    holds: int
    opportunities: int | None


@dataclass(frozen=True, slots=True)
class Version:
    """One version. `created_at` is None where nothing was planned with it yet; `current` what a new use would take."""

    version: str
    created_at: datetime | None
    current: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """A playbook whole at a version; `source` is its author's text where that is kept."""

    id: str
    version: str
    document: dict[str, Any]
    source: str | None

    @property
    def text(self) -> str:
        """The author's text, else the document written as YAML."""
        return yaml_document.written(self.document) if self.source is None else self.source

    @property
    def written(self) -> dict[str, Any]:
        """The document as its author wrote it, else whole."""
        return self.document if self.source is None else as_written(self.source)


@dataclass(frozen=True, slots=True)
class Volume:
    """A playbook whole at a version: whose it is, as data and as the policy reads it."""

    origin: Origin
    document: dict[str, Any]
    playbook: Playbook

    @property
    def title(self) -> str:
        """Its title now, which is no part of a version."""
        return str(self.document["title"])


def listed(reader: Reader | None) -> list[Line]:
    """Built-in, operator's and, for somebody known, their own."""
    mine = playbooks.listed(reader.session, reader.account_id) if reader else []
    users = _users(reader) if reader else None
    hidden = {each.id for each in mine}
    lines = [_for_all(each, users) for each in shelf.known().values() if each.id not in hidden]
    documents = playbook_versions.current_documents(reader.session, reader.account_id) if reader and mine else {}
    return lines + [_own(each, documents[each.id]["rules"], users) for each in mine]


def copy(reader: Reader | None, identifier: str, version: str | None) -> Copy:
    """One playbook, at a version or as it is now."""
    own_version = playbooks.current_version(reader.session, reader.account_id, identifier) if reader else None
    known = shelf.known().get(identifier) if own_version is None else None
    wanted = version or own_version or (known and known.version)
    if known is not None and wanted == known.version:
        return Copy(identifier, known.version, shelf.document(identifier), None)
    kept = playbook_versions.find(reader.session, reader.account_id, identifier, wanted) if reader and wanted else None
    if kept is None:
        raise _missing(reader, identifier, version)
    return Copy(identifier, kept.version, kept.document, kept.source)


def volume(reader: Reader | None, identifier: str, version: str | None = None) -> Volume:
    """One playbook as the policy reads it, at a version or as it is now."""
    found = copy(reader, identifier, version)
    known = shelf.known().get(identifier)
    own = reader is not None and playbooks.current_version(reader.session, reader.account_id, identifier) is not None
    origin: Origin = "own" if own or known is None else _origin(identifier)
    if reader is None or (known is not None and known.version == found.version):
        return Volume(origin, found.document, shelf.known()[identifier])
    playbook = meant.at_version(reader.session, reader.account_id, identifier, found.version)
    if playbook is None:
        raise _missing(reader, identifier, version)
    return Volume(origin, found.document, playbook)


def versions(reader: Reader, identifier: str) -> list[Version]:
    """Every version that can be asked for, newest first."""
    own_version = playbooks.current_version(reader.session, reader.account_id, identifier)
    known = shelf.known().get(identifier) if own_version is None else None
    current = own_version or (known and known.version)
    kept = playbook_versions.listed(reader.session, reader.account_id, identifier)
    found = [Version(each, at, each == current) for each, at in kept]
    if known is not None and not any(each.current for each in found):
        found.insert(0, Version(known.version, None, True))
    if not found:
        raise _missing(reader, identifier, None)
    return found


def _for_all(playbook: Playbook, users: Mapping[str, int] | None) -> Line:
    return Line(
        playbook.id,
        playbook.version,
        playbook.title,
        _origin(playbook.id),
        shelf.document(playbook.id)["about"],
        len(playbook.rules),
        len(playbook.holds),
        None if users is None else users.get(playbook.id, 0),
    )


def _own(stored: playbooks.OwnPlaybook, rules: Sequence[Mapping[str, Any]], users: Mapping[str, int] | None) -> Line:
    holds = sum("forbids" in rule for rule in rules)
    used = None if users is None else users.get(stored.id, 0)
    return Line(
        stored.id, stored.current_version, stored.title, "own", stored.about, len(rules) - holds, holds, used
    )  # fmt: skip


def _origin(identifier: str) -> Origin:
    return "builtin" if identifier in BUILTIN else "operator"


def _users(reader: Reader) -> dict[str, int]:
    """How many open opportunities go by each playbook, those that follow the account included."""
    account = accounts.find_account(reader.session, reader.account_id)
    found: Counter[str] = Counter()
    for identifier, count in playbook_uses.counted(reader.session, reader.account_id).items():
        found[identifier or (account.playbook if account else meant.DEFAULT)] += count
    return found


def _missing(reader: Reader | None, identifier: str, version: str | None) -> NotFound:
    if version is not None:
        return NotFound(f"There is no version {version} of a playbook {identifier}.")
    there = ", ".join(each.id for each in listed(reader)[: meant.MOST_NAMED])
    return NotFound(f"There is no playbook {identifier}; there are: {there}.")
