"""Addresses that are refused and those that are not, by our own table."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from afterword.delivery.url_guard import AddressRefused, check_addresses, check_url, is_forbidden

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "017700000001", "0", "0.0.0.0", "localhost", "localhost.",
        "api.localhost", "[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::7f00:1]", "[::ffff:0:7f00:1]",
        "[::5efe:7f00:1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::1]", "[2002:7f00:1::1]",
        "[2002:a9fe:a9fe::1]", "[2001::1]", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
        "169.254.169.254", "[fd00:ec2::254]", "192.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1",
        "192.88.99.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[fc00::1]", "[fe80::1%25eth0]", "[fec0::1]",
        "[ff02::1]", "[100::1]", "[2001:db8::1]", "[3fff::1]", "[5f00::1]", "127.0.0.1.",
        "\uff11\uff12\uff17.0.0.1", "127\u30020.0.1", "[2a00:1450::5efe:7f00:1]",
    ],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_addresses_that_are_not_public_are_refused(scheme: str, host: str) -> None:
    with pytest.raises(AddressRefused):
        check_url(f"{scheme}://{host}/hook", ())


@pytest.mark.parametrize(
    "url",
    [
        "", "hook", "//1.1.1.1", "ftp://1.1.1.1/", "file:///etc/passwd", "unix:///tmp/x", "http://", "http://:80/",
        "https://user@1.1.1.1/", "https://1.1.1.1:pass@10.0.0.1/", "http://1.1.1.1\\@10.0.0.1/", "http://1.1.1.1/a b",
        "http://1.1.1.1\t/", "http://1.1.1.1/\n", "http://1.1.1.1:99999/", "http://[::1/", "http://[zz]/",
    ],
)  # fmt: skip
def test_urls_that_are_not_plain_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_url(url, LOOPBACK)


@pytest.mark.parametrize("url", ["https://1.1.1.1/", "http://1.1.1.1:8080/x?y=z", "https://[2606:4700:4700::1111]/"])
def test_public_addresses_pass(url: str) -> None:
    check_url(url, ())


@pytest.mark.parametrize("url", ["http://127.0.0.1:5678/", "http://127.1/", "http://localhost/", "http://[::1]:9/"])
def test_the_operator_may_admit_networks(url: str) -> None:
    check_url(url, LOOPBACK)


def test_admitting_one_network_admits_no_other() -> None:
    with pytest.raises(AddressRefused):
        check_url("http://10.0.0.1/", LOOPBACK)


def test_the_refusal_names_the_setting_and_the_value_that_would_admit_the_address() -> None:
    with pytest.raises(AddressRefused, match=r"127\.0\.0\.1/32 to AFTERWORD_ALLOWED_NETWORKS"):
        check_url("http://127.1:5678/webhook", ())


def test_one_forbidden_answer_among_good_ones_is_enough() -> None:
    with pytest.raises(AddressRefused):
        check_addresses([ip_address("1.1.1.1"), ip_address("127.0.0.1")], ())


def test_only_global_unicast_is_public_in_ipv6() -> None:
    assert not is_forbidden(ip_address("2606:4700:4700::1111"), ())
    assert is_forbidden(ip_address("4000::1"), ())
