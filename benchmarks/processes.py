"""What a benchmark starts beside itself, and ends: servers on loopback, and modules that are told what to do."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 30


@contextmanager
def product(*command: str, settings: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`afterword` with a command, without whatever the caller's shell says about it."""
    ours = ("AFTERWORD_", "DATABASE_URL")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    executable = str(Path(sys.executable).with_name("afterword"))
    with _running([executable, *command], {**plain, **settings}, subprocess.DEVNULL) as process:
        yield process


@contextmanager
def module(name: str, *given: str) -> Iterator[subprocess.Popen[str]]:
    """One of our own modules, which is told what to do on its standard input."""
    with _running([sys.executable, "-m", f"benchmarks.{name}", *given], os.environ, subprocess.PIPE) as process:
        yield process


@contextmanager
def _running(
    command: Sequence[str], environment: Mapping[str, str], output: int
) -> Iterator[subprocess.Popen[str]]:  # fmt: skip
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=START_SECONDS)


def told(process: subprocess.Popen[str], line: str) -> str:
    """What a module answers to a line."""
    if process.stdin is None or process.stdout is None:
        raise RuntimeError(f"{process.args!r} does not listen.")
    print(line, file=process.stdin, flush=True)
    if not (answer := process.stdout.readline()):
        raise RuntimeError(f"{process.args!r} ended.")
    return answer.strip()


def wait_for(process: subprocess.Popen[str], port: int) -> None:
    """Until it listens."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{process.args!r} did not start.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
