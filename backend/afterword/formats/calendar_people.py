"""Whom an invitation names: who asks and who is asked, without rooms, machines and the reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from afterword.formats.calendar_lines import Component, Property, one_line, shown

MOST_PEOPLE = 30
LONGEST_NAME, LONGEST_ADDRESS = 200, 254
LONGEST_WRITTEN = LONGEST_NAME + LONGEST_ADDRESS
NOBODY = frozenset({"ROOM", "RESOURCE", "GROUP"})
#: Where anybody has an address, and where invitations are sent from for others: neither names an employer.
NO_EMPLOYERS = frozenset(
    {
        "aol.com", "ashbyhq.com", "calendar.google.com", "calendly.com", "gmail.com", "gmx.de", "gmx.net",
        "goodtime.io", "googlemail.com", "greenhouse.io", "hey.com", "hotmail.com", "icloud.com", "lever.co",
        "live.com", "mac.com", "mail.com", "me.com", "msn.com", "myworkday.com", "outlook.com", "proton.me",
        "protonmail.com", "smartrecruiters.com", "teamtailor.com", "web.de", "workable.com", "yahoo.com",
        "yandex.com", "zoho.com",
    }
)  # fmt: skip
#: Second levels under which countries give out names: acme.co.uk is Acme's.
SHARED_LEVELS = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})
_ADDRESS = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")
#: An address as names hold it, in brackets or without, also one of a single machine.
_IN_NAME = re.compile(r"[<(\[]*(?:mailto:)?([^\s<>()\[\]\",;:@]+@[^\s<>()\[\]\",;]+)[>)\]]*", re.IGNORECASE)
_MACHINE = re.compile(
    r"^(no-?reply|do-?not-?reply|donotreply|notifications?|calendar|mailer)\b|@.*calendar\.google\.com$"
)


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody to be met. The address is None where the invitation has none that can be one."""

    name: str
    email: str | None


def invited(
    event: Component, own_addresses: Collection[str], note: Callable[[str], None]
) -> tuple[tuple[Invited, ...], str | None]:
    """Who is to be met, each once, and the company that their addresses suggest; readings are noted."""
    own = {address.lower() for address in own_addresses}
    known, found = set(own), dict[str, Invited]()
    # Outlook names an organizer only among those who are asked: the lines with names come first.
    for line in sorted((*event.all("ORGANIZER"), *event.all("ATTENDEE")), key=_is_nameless):
        for person in _person(line, known, note):
            known.add(person.email or "")
            found.setdefault((person.email or person.name).lower(), person)
    people = tuple(found.values())
    if len(people) > MOST_PEOPLE:
        note(f"It names {len(people)} people; the first {MOST_PEOPLE} are taken.")
    return people[:MOST_PEOPLE], _company(event, people, own, note)


def _is_nameless(line: Property) -> bool:
    return not _without_addresses(_written_name(line))


def _person(line: Property, known: Collection[str], note: Callable[[str], None]) -> Iterator[Invited]:
    if line.parameters.get("CUTYPE", "").upper() in NOBODY:
        return
    written = _written_name(line)
    in_name = _IN_NAME.search(written)
    given = _as_address(line.parameters.get("EMAIL", "")) or _as_address(line.value)
    address = given or (_as_address(in_name[1]) if in_name else None)
    if address in known or not (written or address):
        return
    if address and _MACHINE.search(address):
        note(f"{shown(written or address)} is left out: nobody reads mail there.")
        return
    if line.parameters.get("PARTSTAT", "").upper() == "DECLINED":
        note(f"{shown(written or address or '')} is left out: they have declined.")
        return
    if address and not given:
        note(f"{address} stands in a name, and is taken as the address.")
    yield Invited(_name(written, in_name[1] if in_name else address, note), address)


def _name(written: str, address: str | None, note: Callable[[str], None]) -> str:
    """What they are called. A share link shows names to strangers, but no addresses: so no name is or holds one."""
    name = _without_addresses(written)
    if address and not name:
        called = address.partition("@")[0][:LONGEST_NAME]
        note(f"{address} has no name in it; they are called {shown(called)}, by what stands before the @.")
        return called
    if name and name != written:
        note(f"{shown(written)} is called {shown(name)}, without the address.")
    return (name or written)[:LONGEST_NAME]


def _written_name(line: Property) -> str:
    return one_line(line.parameters.get("CN", "")[:LONGEST_WRITTEN]).strip("\"' ")


def _without_addresses(written: str) -> str:
    """The name that is left; empty where no letter is."""
    name = " ".join(_IN_NAME.sub(" ", written).split()).strip("\"' ")
    return name if any(each.isalnum() for each in name) else ""


def _as_address(written: str) -> str | None:
    address = re.sub(r"^\s*mailto:", "", written, flags=re.IGNORECASE).strip().strip("<>").lower()
    # The length first: the pattern takes the square of it.
    return address if len(address) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(address) else None


def _company(
    event: Component, people: Collection[Invited], own: Collection[str], note: Callable[[str], None]
) -> str | None:
    for line in (*event.all("ORGANIZER"), *event.all("ATTENDEE")):
        told = one_line(line.parameters.get("ORG", ""))[:LONGEST_NAME]
        if told:
            note(f"The company {shown(told)} is the one it names beside a person; change it if it is another.")
            return told
    own_domains = {address.rpartition("@")[2] for address in own}
    domains = [each.email.rpartition("@")[2] for each in people if each.email]
    employers = Counter(each for each in domains if each not in own_domains and not _is_no_employer(each))
    domain = next((each for each, _ in employers.most_common() if _named_after(each)), None)
    if domain is None:
        return None
    company = _named_after(domain)
    note(f"The company {shown(company)} is taken from addresses at {domain}; change it if it is another.")
    return company


def _is_no_employer(domain: str) -> bool:
    return any(f".{domain}".endswith(f".{each}") for each in NO_EMPLOYERS)


def _named_after(domain: str) -> str:
    levels = domain.split(".")
    if len(levels) > 2 and levels[-2] in SHARED_LEVELS and len(levels[-1]) == 2:
        levels.pop()
    label = levels[-2]
    return label[:1].upper() + label[1:]
