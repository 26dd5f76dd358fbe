"""Whom an invitation names: who asks and who is asked, without rooms, machines and the reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from afterword.formats.calendar_lines import Component, Property, one_line, shown

MOST_PEOPLE = 30
LONGEST_NAME, LONGEST_ADDRESS = 200, 254
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
    found: dict[str, Invited] = {}
    for line in (*event.all("ORGANIZER"), *event.all("ATTENDEE")):
        for person in _person(line, own, note):
            key = (person.email or person.name).lower()
            found.setdefault(key, person)
    people = tuple(found.values())
    if len(people) > MOST_PEOPLE:
        note(f"It names {len(people)} people; the first {MOST_PEOPLE} are taken.")
    return people[:MOST_PEOPLE], _company(event, people, own, note)


def _person(line: Property, own: Collection[str], note: Callable[[str], None]) -> Iterator[Invited]:
    if line.parameters.get("CUTYPE", "").upper() in NOBODY:
        return
    address = _address(line)
    name = one_line(line.parameters.get("CN", "")).strip("\"' ")[:LONGEST_NAME]
    if (address or "").lower() in own or (not name and not address):
        return
    if address and _MACHINE.search(address.lower()):
        note(f"{shown(name or address)} is left out: nobody reads mail there.")
        return
    if line.parameters.get("PARTSTAT", "").upper() == "DECLINED":
        note(f"{shown(name or address or '')} is left out: they have declined.")
        return
    if address and name.lower() in ("", address.lower()):
        note(f"{address} has no name in it; the address stands in its place.")
        name = address
    yield Invited(name, address)


def _address(line: Property) -> str | None:
    written = line.parameters.get("EMAIL") or re.sub(r"^\s*mailto:", "", line.value, flags=re.IGNORECASE)
    address = written.strip().strip("<>").lower()
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
