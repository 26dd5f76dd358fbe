"""The addresses of this machine. One that is public is not in the table, and is a way round the machine's firewall."""

from __future__ import annotations

import socket

from afterword.delivery.networks import Address, parsed

#: Addresses no machine has. Where they can be bound to, the system lets any be, and that says nothing.
_NOBODYS = {4: parsed("240.0.0.1"), 6: parsed("2001:db8::ffff")}


def holds(address: Address) -> bool:
    """Whether this machine has an address: only then can a socket be bound to it. Nothing is sent."""
    return _binds(address) and not _binds(_NOBODYS[address.version])


def _binds(address: Address) -> bool:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True
