"""Where the playbooks that an account may use agree and where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from afterword.errors import InvalidPlaybook
from afterword.formats.catalogue.agreements import Agreement, Compared
from afterword.playbooks import shelf
from afterword.playbooks.loader import BUILTIN
from afterword.policy.playbook import Playbook
from afterword.services import playbooks as meant
from afterword.services.bookshelf import Reader, Volume, volume
from afterword.storage import playbooks as own

#: So many are laid beside the built-in ones.
MOST_BESIDE = 4
ARTICLES = tuple(each for each in BUILTIN if each != meant.DEFAULT)


@dataclass(frozen=True, slots=True)
class Side:
    """What the built-in playbooks say and others beside them, kind by kind."""

    volumes: Sequence[Volume]
    articles: Sequence[str]
    agreements: Sequence[Agreement]


def side_by_side(reader: Reader | None, beside: Sequence[str]) -> Side:
    """The built-in playbooks, and beside them the given ones, else the first of the account's and the operator's."""
    named = list(dict.fromkeys(each for each in beside if each not in BUILTIN))
    volumes = [volume(None, each) for each in BUILTIN]
    volumes += [volume(reader, each) for each in named] if named else _first_others(reader)
    return Side(volumes, ARTICLES, _agreements(tuple(each.playbook for each in volumes)))


@lru_cache(maxsize=32)
def _agreements(playbooks: tuple[Playbook, ...]) -> tuple[Agreement, ...]:
    return tuple(Compared({each.id: each for each in playbooks}, ARTICLES).agreements())


def _first_others(reader: Reader | None) -> list[Volume]:
    mine = [each.id for each in own.listed(reader.session, reader.account_id)] if reader else []
    others = dict.fromkeys([*mine, *(each for each in shelf.known() if each not in BUILTIN)])
    found: list[Volume] = []
    for identifier in others:
        if len(found) == MOST_BESIDE:
            break
        try:
            found.append(volume(reader, identifier))
        except InvalidPlaybook:
            # Nobody asked for this one; its own page says what is the matter with it.
            continue
    return found
