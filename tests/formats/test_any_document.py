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
from afterword.formats.facts_document import FactsDocument
from afterword.formats.facts_reading import parse
from afterword.playbooks.loader import BUILTIN
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


def with_every_field(document: dict[str, Any]) -> dict[str, Any]:
    """The document with each field that an opportunity and its parts may have, at what it is when left out."""
    told = FactsDocument.model_validate(document).model_dump(mode="json", include={"opportunities"})
    return {**document, **told}


WHOLE = with_every_field(WEEK)
PLACES = paths(WHOLE)
# Facts that do not fit together, each at its place: docs/policy.md has a reading for them, or a refusal.
ODD = st.sampled_from([
    (("opportunities", 0, "interviews", 0, "status"), "missed"),
    (("opportunities", 0, "interviews", 0, "status"), "cancelled"),
    (("opportunities", 0, "interviews", 0, "status_at"), "2025-02-01T10:00:00Z"),
    (("opportunities", 0, "interviews", 0, "missed_by"), "me"),
    (("opportunities", 0, "interviews", 0, "ends_at"), "2025-03-12T15:30:00Z"),
    (("opportunities", 0, "interviews", 0, "decision_on"), "2025-01-01"),
    (("opportunities", 0, "interviews", 0, "people"), ["ana", "ana"]),
    (("opportunities", 0, "interviews", 1, "round"), 1),
    (("opportunities", 0, "interviews", 1, "starts_at"), "2025-03-03T14:30:00-05:00"),
    (("opportunities", 0, "interviews", 1, "scheduled_at"), "2025-03-20T10:00:00Z"),
    (("opportunities", 0, "touches", 0, "at"), "2024-12-01T10:00:00Z"),
    (("opportunities", 0, "touches", 0, "person"), "joe"),
    (("opportunities", 0, "touches", 1, "purpose"), "thank-you"),
    (("opportunities", 0, "touches", 1, "person"), None),
    (("opportunities", 0, "touches", 1, "decision_on"), "2025-03-01"),
    (("opportunities", 0, "touches", 2, "direction"), "outbound"),
    (("opportunities", 0, "marks", 0, "at"), "2025-03-01T10:00:00Z"),
    (("opportunities", 0, "marks", 1, "until"), "2025-03-01T10:00:00Z"),
    (("opportunities", 0, "people", 0, "do_not_contact"), True),
    (("opportunities", 0, "people", 0, "connected"), True),
    (("opportunities", 0, "people", 0, "point_of_contact"), True),
    (("opportunities", 0, "people", 1, "point_of_contact"), True),
    (("opportunities", 0, "people", 1, "roles"), ["reference", "insider"]),
    (("opportunities", 0, "applied_on"), "2025-06-01"),
    (("opportunities", 0, "outcome"), {"status": "rejected", "at": "2025-02-01T10:00:00Z", "answer_by": "2025-01-01"}),
    (("opportunities", 0, "outcome"), {"status": "offer", "at": "2025-03-06T10:00:00Z", "answer_by": "2025-03-01"}),
    (("opportunities", 1, "outcome"), {"status": "offer", "at": "2025-03-06T10:00:00Z", "start_date": "2025-01-01"}),
    (("opportunities", 1, "outcome"), {"status": "accepted", "at": "2025-09-06T10:00:00Z"}),
])  # fmt: skip
PLAYBOOKS = st.sampled_from(BUILTIN)
ASKED_AT = st.sampled_from(
    ["2025-02-02T12:00:00Z", "2025-03-03T19:40:00Z", "2025-03-07T18:30:00Z", "2025-06-10T12:00:00Z"]
)


@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=4))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_every_document_is_answered_or_refused_at_its_fields(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    document = copy.deepcopy(WHOLE)
    for path, value in changes:
        put(document, path, value)
    told = answered(document)
    if told is not None:
        json.dumps(told, allow_nan=False, ensure_ascii=False).encode()


@given(changes=st.lists(ODD, min_size=1, max_size=8), playbook=PLAYBOOKS, at=ASKED_AT, explain=st.booleans())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_facts_that_do_not_fit_are_answered_or_refused(
    changes: list[tuple[tuple[Any, ...], Any]], playbook: str, at: str, explain: bool
) -> None:
    document = copy.deepcopy(WHOLE) | {"playbook": playbook, "at": at, "explain": explain}
    for path, value in changes:
        put(document, path, copy.deepcopy(value))
    told = answered(document)
    refused = {path[-1] for path, _ in changes} & {"missed_by", "ends_at", "direction"}
    assert told is not None or refused, "only these can be a slip that would give a wrong date"


def test_the_whole_document_says_the_same() -> None:
    assert answered(copy.deepcopy(WHOLE)) == answered(copy.deepcopy(WEEK))


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
