"""What a run shows besides that it passed: seeds and figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.fixture
def say(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Write a line that is seen whether or not the test passes."""
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")

    def write(line: str) -> None:
        reporter.write_line(f"\n{request.node.name}: {line}")

    return write
