"""The playbooks that every account may use: the built-in ones, and the operator's own, read once when a process starts.

The operator's are files in one directory. Each may extend a built-in playbook, and none another file's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from afterword.errors import FieldProblem, InvalidPlaybook
from afterword.playbooks.loader import builtin, builtin_document, whole_document
from afterword.playbooks.source import read_file
from afterword.policy.playbook import Playbook

ENDINGS = (".yaml", ".yml", ".json")
MOST_FILES = 50
#: What no playbook may be called: addresses below /playbooks, and what an inline one without an id is called.
RESERVED = ("agreements", "inline", "schema", "validate")


class Volume(NamedTuple):
    """One of the operator's: the file it came from, its document with all that it extends, and the playbook."""

    file: str
    document: dict[str, Any]
    playbook: Playbook


_operators: dict[str, Volume] = {}


def known() -> dict[str, Playbook]:
    """Every playbook that all accounts may use, by id: the default first, then the built-in, then the operator's."""
    return {**builtin(), **{name: volume.playbook for name, volume in _operators.items()}}


def document(identifier: str) -> dict[str, Any]:
    """A known playbook as data, whole: giving it back inline gives the same answers."""
    volume = _operators.get(identifier)
    return volume.document if volume else builtin_document(identifier)


@cache
def versions() -> str:
    """A short word that is another one when any known playbook is."""
    lines = "\n".join(f"{each.id} {each.version}" for each in known().values())
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def fill(directory: Path | None) -> None:
    """Put the operator's playbooks on the shelf in place of those there; none without a directory.

    Raises `InvalidPlaybook` with the file and line of the first that cannot be used.
    """
    volumes: dict[str, Volume] = {}
    for path in _files(directory) if directory else ():
        volume = _read(path)
        name = volume.playbook.id
        if name in RESERVED:
            raise _refused(path, f"{name} is a word that the API uses itself; give the playbook another id")
        if name in builtin():
            raise _refused(path, f"{name} is the id of a built-in playbook; give yours another")
        if name in volumes:
            raise _refused(path, f"{name} is also the id in {volumes[name].file}; give each file its own")
        volumes[name] = volume
    _operators.clear()
    _operators.update(volumes)
    versions.cache_clear()


def _files(directory: Path) -> Iterator[Path]:
    try:
        found = sorted(islice(_named_as_playbooks(directory), MOST_FILES + 1))
    except OSError as error:
        raise InvalidPlaybook(f"The directory of playbooks, {directory}, cannot be read: {error}") from None
    if len(found) > MOST_FILES:
        raise InvalidPlaybook(f"{directory} has more than {MOST_FILES} playbooks; move some elsewhere")
    return iter(found)


def _named_as_playbooks(directory: Path) -> Iterator[Path]:
    return (path for path in directory.iterdir() if path.suffix.lower() in ENDINGS and path.is_file())


def _read(path: Path) -> Volume:
    written, playbook = read_file(path)
    if "id" not in written:
        raise _refused(path, "is missing; give the playbook a name of its own, like our-way")
    return Volume(str(path), whole_document(written), playbook)


def _refused(path: Path, message: str) -> InvalidPlaybook:
    problem = FieldProblem("id", message)
    return InvalidPlaybook(f"{problem.told(str(path))}.", (problem,))
