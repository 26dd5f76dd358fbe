"""`python -m support.shifted SECONDS COMMAND …`: runs `afterword COMMAND …` on a machine whose clock is so far off."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

TESTS = Path(__file__).parents[1]


def shift(seconds: float) -> None:
    from afterword import clock

    machine = clock.of_this_machine
    clock.of_this_machine = lambda: machine() + timedelta(seconds=seconds)


@contextmanager
def running_shifted(seconds: float, *command: str, settings: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The process while it runs; at the end it is asked to end, and has to."""
    process = subprocess.Popen(
        [sys.executable, "-m", "support.shifted", str(seconds), *command],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(TESTS), **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


if __name__ == "__main__":
    from afterword.__main__ import main

    shift(float(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
