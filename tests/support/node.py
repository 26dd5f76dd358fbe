"""Node, as the scripts find it: one of our own in the environment, else the machine's."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import afterword

ROOT = Path(afterword.__file__).parents[2]
PACKAGES = ROOT / "frontend" / "node_modules"


def node() -> str:
    """The command; the checks before the tests have seen to it that there is one."""
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = shutil.which("node", path=places)
    if found is None:
        raise RuntimeError("There is no Node. Run `make frontend`, which installs one where it is missing.")
    return found
