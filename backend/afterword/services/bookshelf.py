"""Looking at playbooks: those that all may use, and an account's own; whole, at any version that is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from afterword.errors import NotFound
from afterword.formats import yaml_document
from afterword.playbooks import shelf
from afterword.playbooks.loader import BUILTIN
from afterword.services import playbooks as meant
from afterword.storage import playbook_versions, playbooks
from afterword.storage.database import Session


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: an account in a session of the database."""

    session: Session
    account_id: str


@dataclass(frozen=True, slots=True)
class Line:
    """One playbook in a list. `origin` is builtin, operator or own."""

    id: str
    version: str
    title: str
    origin: str
    about: str | None


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


def listed(reader: Reader | None) -> list[Line]:
    """Built-in, operator's and, for somebody known, their own."""
    mine = playbooks.listed(reader.session, reader.account_id) if reader else []
    hidden = {each.id for each in mine}
    lines = [each for each in _for_all() if each.id not in hidden]
    return lines + [Line(each.id, each.current_version, each.title, "own", each.about) for each in mine]


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


def _for_all() -> Iterator[Line]:
    for each in shelf.known().values():
        origin = "builtin" if each.id in BUILTIN else "operator"
        yield Line(each.id, each.version, each.title, origin, shelf.document(each.id)["about"])


def _missing(reader: Reader | None, identifier: str, version: str | None) -> NotFound:
    if version is not None:
        return NotFound(f"There is no version {version} of a playbook {identifier}.")
    there = ", ".join(each.id for each in listed(reader)[: meant.MOST_NAMED])
    return NotFound(f"There is no playbook {identifier}; there are: {there}.")
