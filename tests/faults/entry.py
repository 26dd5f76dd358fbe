"""`python -m faults.entry ORDERS COMMAND …`: runs `afterword COMMAND …` under the orders of a test.

The orders are JSON: the mark that the process's requests carry, where it keeps notes, at which point it kills itself,
and how leases and pauses are scaled. The product has no settings for these, so it is done to it from outside.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from pathlib import Path

from afterword.__main__ import main
from faults.fail_points import FailPoint, arm, kill_self
from faults.notes import Notebook


def obey(orders: dict[str, object]) -> None:
    notebook = Notebook(Path(str(orders["notes"])))
    if orders["sends"]:
        _mark(int(str(orders["mark"])), notebook)
        _scale(orders["lease_seconds"], orders["pauses_seconds"])
    if orders["fail_point"] is not None:
        arm(FailPoint(**orders["fail_point"]), lambda: (notebook.write("killed", time.monotonic()), kill_self()))


def _mark(mark: int, notebook: Notebook) -> None:
    from afterword.worker import sender

    sender.PLAIN_HEADERS["user-agent"] = f"Afterword/{mark}"
    notebook.keep()


def _scale(lease_seconds: object, pauses_seconds: object) -> None:
    from afterword.delivery import retry
    from afterword.services import claims

    if lease_seconds is not None:
        claims.LEASE = timedelta(seconds=lease_seconds)
    if pauses_seconds is not None:
        assert len(pauses_seconds) == len(retry.PAUSES)
        retry.PAUSES = tuple(timedelta(seconds=each) for each in pauses_seconds)


if __name__ == "__main__":
    obey(json.loads(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
