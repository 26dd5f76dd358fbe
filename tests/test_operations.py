"""What the page for operators names exists, and what they are told is on it."""

from __future__ import annotations

import re
from pathlib import Path

import afterword
from afterword import clock
from afterword.api.health import Ready
from afterword.services import metrics
from afterword.storage.database import Database
from afterword.worker.jobs import heartbeat

PAGE = (Path(afterword.__file__).parents[2] / "docs" / "operations.md").read_text()


def rows(heading: str) -> dict[str, str]:
    """The table under a heading, by its first column."""
    section = re.split(r"^## ", PAGE.partition(f"## {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", section, re.MULTILINE))


def test_every_figure_of_readiness_is_on_the_page() -> None:
    assert set(rows("Is it well?")) == set(Ready.model_fields) - {"status", "reason"}


def test_every_metric_is_on_the_page_with_its_labels_and_states(database: Database) -> None:
    heartbeat(database, "one", clock.now, dict.fromkeys(("delivered", "retrying", "failed", "expired"), 1))
    told = {
        each.name + "_total" * each.is_counter: {text for sample in each.samples for text in words(sample.labels)}
        for each in metrics.families(database, clock.now())
    }
    page = rows("Metrics")
    assert set(page) == set(told)
    for name, labels in told.items():
        assert labels <= set(re.findall(r"`([a-z_]+)`", page[name])), name


def words(labels: dict[str, str]) -> list[str]:
    return [word for pair in labels.items() for word in pair if word != "one"]


def test_every_metric_that_is_named_exists() -> None:
    assert set(re.findall(r"\bafterword_\w+", PAGE)) <= set(rows("Metrics"))
