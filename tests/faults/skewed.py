"""`python -m faults.skewed SECONDS COMMAND …`: `afterword COMMAND …` on a machine whose clock is wrong by so much."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, tzinfo

from afterword import clock
from afterword.__main__ import main


class Skewed(datetime):
    """What the machine believes the time to be."""

    by = timedelta(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + cls.by  # noqa: TID251 -- this stands in the place of the machine's clock


if __name__ == "__main__":
    Skewed.by = timedelta(seconds=float(sys.argv[1]))
    clock.datetime = Skewed  # type: ignore[misc]
    sys.exit(main(sys.argv[2:]))
