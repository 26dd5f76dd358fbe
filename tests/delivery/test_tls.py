"""Whoever is sent to by https shows a good certificate for the name in the URL, whatever its address is."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from afterword.delivery.answers import Answer
from afterword.delivery.lookups import Lookups
from afterword.delivery.transport import trusted_roots
from delivery.authority import Authority
from delivery.corpus import Zones
from delivery.speaking import EMPTY, accepting, post


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made_in(tmp_path_factory.mktemp("authority"))


@contextmanager
def secure(context: ssl.SSLContext, heard: list[str]) -> Iterator[int]:
    """A server that notes the name it is asked for by TLS, and the Host it is sent; its port."""

    def note(_connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        heard.append(f"sni {name}")

    context.sni_callback = note

    def handle(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            lines = secured.recv(65536).decode().split("\r\n")
            heard.extend(line.lower() for line in lines if line.lower().startswith("host:"))
            secured.sendall(EMPTY)

    with accepting(handle) as url:
        yield int(url.split(":")[2].partition("/")[0])


def asked(authority: Authority, context: ssl.SSLContext, host: str = "hook.example") -> tuple[Answer, list[str]]:
    heard: list[str] = []
    names = Lookups(Zones({"hook.example": [["127.0.0.1"]]}))
    with secure(context, heard) as port:
        [answer] = post(f"https://{host}:{port}/", lookups=names, tls=authority.trusted(), deadline_seconds=5)
    return answer, [line.replace(f":{port}", ":PORT") for line in heard]


def test_the_name_is_what_is_asked_for_and_what_is_shown_has_to_be_for_it(authority: Authority) -> None:
    answer, heard = asked(authority, authority.server("DNS:hook.example"))
    assert answer.succeeded, answer.error
    assert heard == ["sni hook.example", "host: hook.example:PORT"]


def test_an_address_is_good_when_the_certificate_names_it(authority: Authority) -> None:
    answer, _ = asked(authority, authority.server("IP:127.0.0.1"), host="127.0.0.1")
    assert answer.succeeded, answer.error


@pytest.mark.parametrize(
    ("names", "days", "said"),
    [
        ("DNS:other.example", 2, "Hostname mismatch"),
        ("DNS:*.hook.example", 2, "Hostname mismatch"),
        ("IP:127.0.0.1", 2, "Hostname mismatch"),
        ("DNS:hook.example", -1, "certificate has expired"),
    ],
)
def test_a_certificate_for_another_name_or_time_is_refused(
    authority: Authority, names: str, days: int, said: str
) -> None:
    answer, heard = asked(authority, authority.server(names, days))
    assert answer.error
    assert answer.error.startswith("the certificate is not good: ")
    assert said in answer.error
    assert not answer.timed_out
    assert not [line for line in heard if line.startswith("host")], "nothing was sent"


def test_a_certificate_of_an_authority_that_nobody_knows_is_refused(authority: Authority, tmp_path: Path) -> None:
    answer, heard = asked(authority, Authority.made_in(tmp_path).server("DNS:hook.example"))
    assert "certificate verify failed" in (answer.error or "")
    assert not [line for line in heard if line.startswith("host")]


def test_old_versions_of_tls_are_refused(authority: Authority) -> None:
    context = authority.server("DNS:hook.example")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    assert asked(authority, context)[0].error


def test_who_speaks_no_tls_is_a_failure() -> None:
    with accepting(lambda connection: connection.sendall(EMPTY)) as url:
        [answer] = post(url.replace("http:", "https:"), deadline_seconds=5)
    assert "SSL" in (answer.error or "")


def test_by_default_the_known_authorities_are_trusted_and_names_are_checked() -> None:
    roots = trusted_roots()
    assert (roots.verify_mode, roots.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert roots.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert roots.cert_store_stats()["x509_ca"] > 50
