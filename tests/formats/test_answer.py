"""Ids of actions: the same for the same obligation, whoever speaks of it and however it is named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from afterword.formats import yaml_document
from afterword.formats.facts_reading import parse
from afterword.services.timelines import answer_document

WEEK = Path(__file__).parents[1] / "data" / "week.yaml"


def answer(**changes: Any) -> dict[str, Any]:
    return answer_document(parse({**yaml_document.load(WEEK.read_text()), **changes}))


def ids(told: dict[str, Any]) -> dict[tuple[Any, ...], str]:
    subject = ("kind", "attempt", "opportunity", "interview")
    return {
        (*(each[name] for name in subject), each["person"] and each["person"]["key"]): each["id"]
        for each in told["actions"]
    }


def test_an_obligation_has_one_id_in_every_playbook() -> None:
    balanced, three = ids(answer()), ids(answer(playbook="three-things"))
    shared = balanced.keys() & three.keys()
    assert shared
    assert {key: balanced[key] for key in shared} == {key: three[key] for key in shared}


def test_ids_are_distinct_and_well_formed() -> None:
    told = answer()
    found = [each["id"] for each in told["actions"]] + [each["id"] for each in told["holds"]]
    assert len(set(found)) == len(found)
    assert all(re.fullmatch(r"(act|hold)_[a-z2-7]{26}", each) for each in found)


def test_ids_stay_while_time_passes() -> None:
    now, later = ids(answer()), ids(answer(at="2025-03-08T12:00:00-05:00"))
    kept = now.keys() & later.keys()
    assert len(kept) > 10
    assert {key: now[key] for key in kept} == {key: later[key] for key in kept}


def test_instants_are_written_in_utc() -> None:
    told = answer()
    assert told["as_of"] == "2025-03-07T18:30:00Z"
    instants = [each["window"]["opens_at"] for each in told["actions"] if each["window"]]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", each) for each in instants)
