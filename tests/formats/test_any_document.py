"""Whatever is sent is either answered or refused with a field: no other exception, and always JSON."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afterword.errors import InvalidInput, InvalidPlaybook
from afterword.formats import yaml_document
from afterword.formats.facts_reading import parse
from afterword.services.timelines import answer_document

WEEK = yaml_document.load((Path(__file__).parents[1] / "data" / "week.yaml").read_text())
INSTANTS = st.sampled_from([
    "2000-01-01T00:00:00Z", "2100-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00",
    "2025-03-09T02:30:00-05:00", "2025-03-03T14:00:00.123456789Z", "2025-03-03t14:00:00z", "2025-03-03T14:00:00+23:59",
    "2025-03-03T24:00:00Z", "2025-03-03T14:00:60Z", "2025-03-03", "2024-02-29", "2100-12-31", "2000-01-01",
])  # fmt: skip
WORDS = st.sampled_from([
    "ana", "carla", "first", "panel", "email", "phone", "done", "snoozed", "inbound", "outbound", "rejected", "offer",
    "accepted", "cancelled", "missed", "employer", "one_way_video", "reference", "thank-you", "follow-up",
    "three-things", "five-things", "Asia/Kathmandu", "Pacific/Apia", "GB", "US-CA", "09:00", "23:59", "", "\u0000",
    "\ud800", "x" * 600,
])  # fmt: skip
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), INSTANTS, WORDS, st.text(max_size=8))
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3))


def paths(part: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    found = [path] if path else []
    if isinstance(part, dict):
        found += [each for key, value in part.items() for each in paths(value, (*path, key))]
    if isinstance(part, list):
        found += [each for place, value in enumerate(part) for each in paths(value, (*path, place))]
    return found


PLACES = paths(WEEK)


@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=4))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_every_document_is_answered_or_refused_at_its_fields(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    document = copy.deepcopy(WEEK)
    for path, value in changes:
        put(document, path, value)
    told = answered(document)
    if told is not None:
        json.dumps(told, allow_nan=False, ensure_ascii=False).encode()


@given(document=VALUES)
def test_nonsense_is_refused(document: object) -> None:
    assert not isinstance(document, dict) or answered(document) is None


def answered(document: object) -> dict[str, Any] | None:
    """The answer; None when the document was refused, with each field that is to blame."""
    try:
        return answer_document(parse(document))
    except (InvalidInput, InvalidPlaybook) as error:
        refused = error
    assert refused.problems
    assert all(each.message for each in refused.problems)
    return None


def put(document: Any, path: tuple[Any, ...], value: Any) -> None:
    """Change one place, if earlier changes have left it there."""
    *above, last = path
    for step in above:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(document, dict) or (isinstance(document, list) and isinstance(last, int) and last < len(document)):
        document[last] = value
