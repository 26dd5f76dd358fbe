"""The contract: committed, fresh, valid, and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from openapi_spec_validator import validate

import afterword
from afterword.api import openapi
from afterword.api.app import create_app
from afterword.config import Settings
from afterword.storage.database import open_database

COMMITTED = Path(afterword.__file__).parents[2] / "openapi" / "openapi.json"
#: Answered only when asked for.
MAY_BE_LEFT_OUT = {
    ("NextActions", "not_fired"),
    ("NextActions", "not_advised"),
    ("OpportunityTimeline", "not_fired"),
    ("OpportunityTimeline", "not_advised"),
    ("OpportunityTimeline", "changes"),
    ("Timeline", "not_fired"),
    ("Comparison", "not_advised"),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    directory = tmp_path_factory.mktemp("contract")
    url = f"sqlite:///{directory / 'never-opened.db'}"
    return create_app(Settings(database_url=url, data_dir=directory), open_database(url))


@pytest.fixture(scope="module")
def document(app: FastAPI) -> dict[str, Any]:
    return openapi.document(app)


def test_what_is_committed_is_what_the_code_says(app: FastAPI) -> None:
    assert COMMITTED.read_text() == openapi.text(app), "openapi/openapi.json is old; run `make openapi`"


def test_it_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(json.loads(json.dumps(document)))


def test_every_operation_has_a_name_of_its_own_and_says_how_it_refuses(document: dict[str, Any]) -> None:
    operations = [each for item in document["paths"].values() for each in item.values()]
    names = [each["operationId"] for each in operations]
    assert len(set(names)) == len(names)
    for each in operations:
        assert each["operationId"] == each["operationId"].lower()
        assert each["responses"]["default"]["content"].keys() == {"application/problem+json"}
        assert "422" not in each["responses"]


def test_no_answer_has_a_default_and_every_field_is_always_there(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    answered = set(references(document, [each["responses"] for each in operations(document)]))
    assert {"Interview", "Problem", "NextActions"} <= answered
    for name in answered:
        properties = schemas[name].get("properties", {})
        assert not [field for field, schema in properties.items() if "default" in schema]
        left_out = {(name, field) for field in properties.keys() - set(schemas[name].get("required", ()))}
        assert left_out <= MAY_BE_LEFT_OUT


def test_everything_that_is_sent_to_endpoints_is_described(document: dict[str, Any]) -> None:
    assert {"action.opened", "interview.created", "hold.lifted"} <= document["webhooks"].keys()


def test_only_what_needs_no_account_is_open(document: dict[str, Any]) -> None:
    assert document["security"] == [{"api_key": []}, {"session": []}]
    open_to_all = {each["operationId"] for each in operations(document) if each.get("security") == []}
    assert open_to_all == openapi.PUBLIC


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for item in document["paths"].values() for each in item.values()]


def references(document: dict[str, Any], part: Any, seen: set[str] | None = None) -> Iterator[str]:
    """The names of all schemas that a part of the document leads to."""
    seen = set() if seen is None else seen
    if isinstance(part, dict):
        name = str(part.get("$ref", "")).rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            yield name
            yield from references(document, document["components"]["schemas"][name], seen)
        for each in part.values():
            yield from references(document, each, seen)
    elif isinstance(part, list):
        for each in part:
            yield from references(document, each, seen)
