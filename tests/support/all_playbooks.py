"""The built-in playbooks, one after another, and every kind they speak of."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import note

from afterword.playbooks.loader import builtin
from afterword.policy.playbook import Playbook

KINDS = tuple(sorted({rule.kind for playbook in builtin().values() for rule in playbook.rules}))


def each_playbook() -> Iterator[Playbook]:
    """For a property: an example that fails says by which playbook."""
    for playbook in builtin().values():
        note(playbook.id)
        yield playbook
