"""What the operator admits, what the refusal says, and that the table is no more lenient than Python's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import ip_addresses

from afterword.delivery import own_addresses
from afterword.delivery.lookups import Lookups
from afterword.delivery.networks import Address, why_forbidden
from afterword.delivery.url_guard import AddressRefused, Guard, check_url
from delivery.corpus import Zones

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
NAMES = Zones(
    {
        "near.example": [["127.0.0.1", "::1"]],
        "half.example": [["127.0.0.1", "10.0.0.1", "192.168.0.1"]],
        "afterword.example": [["127.0.0.1"]],
        "elsewhere.example": [["1.1.1.1"]],
    }
)


def check(url: str, allowed: Sequence[Any] = (), own_url: str | None = None) -> None:
    asyncio.run(check_url(url, Guard.of(allowed, own_url), Lookups(NAMES)))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:5678/", "http://127.1/", "http://localhost/", "http://n8n.localhost./", "http://[::1]:9/",
        "http://near.example/", "http://1.1.1.1/",
    ],
)  # fmt: skip
def test_the_operator_may_admit_networks(url: str) -> None:
    check(url, LOOPBACK)


def test_admitting_one_network_admits_no_other() -> None:
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1/32"):
        check("http://10.0.0.1/", LOOPBACK)
    with pytest.raises(AddressRefused, match="7f00:1/128"):
        check("http://[::ffff:127.0.0.1]/", LOOPBACK)


def test_the_refusal_names_all_that_would_have_to_be_admitted() -> None:
    with pytest.raises(AddressRefused, match=r"adding 10\.0\.0\.1/32,192\.168\.0\.1/32 to AFTERWORD_ALLOWED_NETWORKS"):
        check("http://half.example/", LOOPBACK)


@pytest.mark.parametrize(("admitted", "reached"), [("127.0.0.1/32", "127.0.0.1"), ("::1/128", "::1")])
def test_of_localhost_the_address_is_meant_that_is_admitted(admitted: str, reached: str) -> None:
    guard = Guard.of((ip_network(admitted),), None)
    assert [str(each) for each in guard.known_addresses("localhost")] == [reached]
    check("http://localhost:5678/", (ip_network(admitted),))


@pytest.mark.parametrize(
    "own_url", ["http://afterword.example:8000", "https://AFTERWORD.example./", "https://x@afterword.example"]
)
def test_the_servers_own_name_is_refused_unless_its_address_is_admitted(own_url: str) -> None:
    check("http://afterword.example:5678/", LOOPBACK, own_url)
    with pytest.raises(AddressRefused, match="leads back to this server"):
        check("http://elsewhere.example/", LOOPBACK, "https://elsewhere.example")


def test_a_server_whose_own_name_does_not_resolve_still_knows_it() -> None:
    with pytest.raises(
        AddressRefused, match=r"leads back to this server; .* its address to AFTERWORD_ALLOWED_NETWORKS"
    ):
        check("http://nowhere.example/", (), "https://nowhere.example")
    check("http://nowhere-else.example/", (), "https://nowhere.example")


def test_a_machine_knows_its_own_addresses() -> None:
    assert own_addresses.holds(ip_address("127.0.0.1"))
    assert not own_addresses.holds(ip_address("1.1.1.1"))
    assert not own_addresses.holds(ip_address("2606:4700:4700::1111"))


@given(ip_addresses())
def test_nothing_passes_that_python_calls_not_public(address: Address) -> None:
    assert why_forbidden(address) or (address.is_global and not address.is_multicast)


@given(ip_addresses(v=6))
def test_in_ipv6_only_global_unicast_passes(address: Address) -> None:
    assert why_forbidden(address) or address in ip_network("2000::/3")


@given(ip_addresses(v=4))
def test_no_address_is_public_as_part_of_another(address: Address) -> None:
    inner = int(address)
    prefixes = ("::", "::ffff:0:0", "::ffff:0:0:0", "64:ff9b::", "64:ff9b:1::", "::5efe:0:0", "2a00:1450::5efe:0:0")
    assert all(why_forbidden(IPv6Address(int(IPv6Address(prefix)) + inner)) for prefix in prefixes)
    assert why_forbidden(IPv6Address((0x2002 << 112) | (inner << 80) | 1))
    assert why_forbidden(IPv6Address((0x20010000 << 96) | (inner << 64) | 1))
