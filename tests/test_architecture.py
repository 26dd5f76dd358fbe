"""What the layers' contracts cannot say: the policy core needs nothing but Python itself, and there is one way out."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import afterword

PACKAGE = Path(afterword.__file__).parent
POLICY = PACKAGE / "policy"
DELIVERY = PACKAGE / "delivery"
ALLOWED = frozenset(sys.stdlib_module_names) - {"logging", "os", "random", "secrets", "socket", "subprocess", "time"}


def foreign_imports(source: str) -> Iterator[str]:
    """The modules that a policy file imports and must not."""
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            if name.split(".")[0] not in ALLOWED and not name.startswith("afterword.policy"):
                yield name


@pytest.mark.parametrize("path", sorted(POLICY.rglob("*.py")), ids=lambda path: str(path.relative_to(POLICY)))
def test_policy_imports_python_only(path: Path) -> None:
    assert list(foreign_imports(path.read_text())) == []


@pytest.mark.parametrize(
    "line", ["import yaml", "from afterword.clock import now", "import random", "from logging import getLogger"]
)
def test_a_foreign_import_would_be_found(line: str) -> None:
    assert list(foreign_imports(f"from datetime import datetime\n{line}\n"))


#: Modules that open connections, or hand the task to a program that does. The database's driver is storage's.
WAYS_OUT = frozenset(
    {
        "aiohttp", "ftplib", "http.client", "httpcore", "httpx", "httpx_aiohttp", "imaplib",
        "multiprocessing", "nntplib", "poplib", "pycurl", "requests", "smtplib", "socket", "ssl", "subprocess",
        "telnetlib", "urllib.request", "urllib3", "websockets", "xmlrpc",
    }
)  # fmt: skip
#: What opens a connection by a module that does much else.
OPENING = frozenset(
    {
        "connect_tcp", "connect_unix", "create_connection", "create_datagram_endpoint", "create_unix_connection",
        "open_connection", "open_unix_connection", "sock_connect", "start_tls", "urlopen", "popen", "system",
    }
)  # fmt: skip


def ways_out(source: str) -> Iterator[str]:
    """What a file imports or calls that could reach somebody."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if _leads_out(alias.name))
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name for name in names if _leads_out(name) or name.rpartition(".")[2] in OPENING)
        elif isinstance(node, ast.Attribute) and node.attr in OPENING:
            yield node.attr


def _leads_out(name: str) -> bool:
    return any(name == way or name.startswith(f"{way}.") for way in WAYS_OUT)


OUTSIDE_DELIVERY = sorted(path for path in PACKAGE.rglob("*.py") if DELIVERY not in path.parents)


@pytest.mark.parametrize("path", OUTSIDE_DELIVERY, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_whatever_leaves_leaves_through_delivery(path: Path) -> None:
    assert list(ways_out(path.read_text())) == []


@pytest.mark.parametrize(
    "line",
    [
        "import httpx", "import aiohttp.client", "from aiohttp import ClientSession", "import urllib.request",
        "from urllib.request import urlopen", "from urllib import request", "import socket", "from http import client",
        "import smtplib", "import requests", "from socket import create_connection", "import subprocess",
        "asyncio.open_connection('x', 1)", "loop.create_connection(None)", "from asyncio import open_connection",
    ],
)  # fmt: skip
def test_another_way_out_would_be_found(line: str) -> None:
    assert list(ways_out(f"import asyncio\nfrom urllib.parse import urlsplit\n{line}\n"))


def called(source: str) -> Iterator[tuple[str, frozenset[str | None]]]:
    """What is called, by its last name, and the names of the arguments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            yield name, frozenset(keyword.arg for keyword in node.keywords)


def test_delivery_opens_connections_in_one_place_and_guards_them_there() -> None:
    found = {path.name: list(called(path.read_text())) for path in sorted(DELIVERY.glob("*.py"))}
    opening = {
        "ClientSession",
        "Connector",
        "TCPConnector",
        "UnixConnector",
        "AiohttpTransport",
        "AsyncClient",
        "Client",
    }
    assert {name for name, calls in found.items() for called_, _ in calls if called_ in opening} == {"transport.py"}
    in_transport = dict(each for each in found["transport.py"] if each[0] in opening)
    assert in_transport.keys() == {"ClientSession", "Connector", "AiohttpTransport"}
    assert {"resolver", "socket_factory"} <= in_transport["Connector"]
    assert {"connector", "trust_env", "cookie_jar"} <= in_transport["ClientSession"]
    assert {"client", "trust_env"} <= in_transport["AiohttpTransport"]
    assert not {each for calls in found.values() for each, _ in calls if each in OPENING | {"connect"}}
