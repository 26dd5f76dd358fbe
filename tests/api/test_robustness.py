"""Whatever is sent to whichever operation, the fault is never ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import afterword

CONTRACT = json.loads((Path(afterword.__file__).parents[2] / "openapi" / "openapi.json").read_text())
LONG = "x" * 10_000
ODD = (
    "",
    " ",
    "null",
    "\x00",
    "\u202e",
    "👩‍💻",
    LONG,
    "<script>",
    "' OR 1=1 --",
    "9999-12-31T23:59:59Z",
    "-1",
    "1e309",
)
VALUES: tuple[Any, ...] = (*ODD, None, True, 0, -1, 2**70, 0.5, [], {}, [None], {"a": {}}, ["x"] * 400)


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in CONTRACT["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def fields_of(operation: dict[str, Any]) -> list[str]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    references = [body, *body.get("anyOf", ())]
    names = [each["$ref"].rpartition("/")[2] for each in references if "$ref" in each]
    return [field for name in names for field in CONTRACT["components"]["schemas"][name].get("properties", {})]


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [pytest.param(*each, id=each[2]["operationId"]) for each in operations()],
)
def test_no_body_is_our_fault(
    client: httpx.Client, interview: dict[str, Any], method: str, path: str, operation: dict[str, Any]
) -> None:
    address = filled(client, path, interview)
    fields = fields_of(operation)
    bodies = [VALUES[number % len(VALUES)] for number in range(3)]
    bodies += [dict.fromkeys(fields, value) for value in VALUES]
    for body in bodies if fields else bodies[:1]:
        answer = client.request(method, address, json=body)
        assert answer.status_code < 500, (body, answer.text)
        assert answer.status_code < 300 or answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "operation"),
    [pytest.param(*each[1:], id=each[2]["operationId"]) for each in operations() if each[0] == "get"],
)
def test_no_parameter_is_our_fault(
    client: httpx.Client, interview: dict[str, Any], path: str, operation: dict[str, Any]
) -> None:
    names = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"]
    for value in ODD if names else ():
        for name in names:
            answer = client.get(filled(client, path, interview), params={name: value})
            assert answer.status_code < 500, (name, value, answer.text)


@pytest.mark.parametrize("value", [each for each in ODD if each and "\x00" not in each])
def test_no_id_is_our_fault(client: httpx.Client, value: str) -> None:
    quoted = str(httpx.URL("http://x/").copy_with(path=f"/{value}").raw_path.decode()).lstrip("/")
    for method, path, _ in operations():
        if "{" in path:
            address = path[: path.index("{")] + quoted + path[path.index("}") + 1 :]
            answer = client.request(method, root(client) + address)
            assert answer.status_code < 500, (method, address, answer.text)


def filled(client: httpx.Client, path: str, interview: dict[str, Any]) -> str:
    """The address of the operation for the test's own interview."""
    ids = {
        "{interview_id}": interview["id"],
        "{opportunity_id}": interview["opportunity_id"],
        "{contact_id}": interview["people"][0]["contact_id"],
        "{playbook_id}": "balanced",
    }
    for name, value in ids.items():
        path = path.replace(name, value)
    return root(client) + path


def root(client: httpx.Client) -> str:
    return str(client.base_url).removesuffix("/api/v1/")
