"""A real `afterword` process on loopback, started as a user would start it, and gone at the end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

COMMAND = Path(sys.executable).with_name("afterword")
START_SECONDS = 30


@dataclass(frozen=True)
class Server:
    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """As kill -9 does: nothing is tidied up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end, as a service manager does; the exit status."""
        self.process.terminate()
        return self.process.wait(timeout=START_SECONDS)


@contextmanager
def running_server(
    data_dir: Path, *, port: int | None = None, settings: Mapping[str, str] | None = None, command: str = "serve"
) -> Iterator[Server]:
    """`settings` are environment variables; the server answers when the block is entered."""
    server = start(data_dir, port or free_port(), settings or {}, command)
    try:
        wait_until_ready(server)
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()


def start(data_dir: Path, port: int, settings: Mapping[str, str], command: str = "serve") -> Server:
    log = data_dir / "server.log"
    place = () if command == "worker" else ("--host", "127.0.0.1", "--port", str(port))
    with log.open("ab") as output:
        process = subprocess.Popen(
            [COMMAND, command, *place],
            env={**_plain_environment(), "AFTERWORD_DATA_DIR": str(data_dir), **settings},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    return Server(f"http://127.0.0.1:{port}", process, log)


def wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        if _answers(server.url):
            return
        time.sleep(0.05)
    server.process.kill()
    server.process.wait()
    raise RuntimeError(f"The server did not start:\n{server.log.read_text()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/live", timeout=2, trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _plain_environment() -> dict[str, str]:
    """Without whatever the caller's shell says about the product."""
    ours = ("AFTERWORD_", "DATABASE_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
