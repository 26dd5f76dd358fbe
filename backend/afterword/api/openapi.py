"""The OpenAPI document: the contract that clients are generated from."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from afterword.api.credentials import COOKIE
from afterword.api.errors import Problem

DESCRIPTION = "What to do, for whom, when and why after a job interview, and what to leave alone."
SECURITY_SCHEMES = {
    "api_key": {"type": "http", "scheme": "bearer", "description": "An API key, `afw_…`, for programs."},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "A sign-in, for the front end."},
    "share": {"type": "http", "scheme": "bearer", "description": "The secret of a share link, `afs_…`."},
}
#: Operations that need no credentials.
PUBLIC = frozenset(
    {"create_account", "create_session", "delete_session", "create_timeline", "get_playbook_schema"}
    | {"get_live", "get_ready", "get_metrics"}
)
#: Operations that need none, and tell who shows them more.
PUBLIC_IN_PART = frozenset(
    {"list_playbooks", "get_playbook", "list_playbook_rules", "get_playbook_story", "compare_playbook_rules"}
)
#: Operations that are opened by something else than all others, and by nothing that opens those.
APART: dict[str, list[dict[str, list[str]]]] = {"get_shared": [{"share": []}]}
SECURITY: list[dict[str, list[str]]] = [{"api_key": []}, {"session": []}]
_REFUSAL = {
    "description": "Why the request was refused.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def document(app: FastAPI) -> dict[str, Any]:
    """The whole contract, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _made(app)
    return app.openapi_schema


def _made(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        description=DESCRIPTION,
        routes=app.routes,
        webhooks=app.webhooks.routes,
    )
    schemas = made["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas.update(_problem_schemas())
    made["components"]["securitySchemes"] = SECURITY_SCHEMES
    made["security"] = SECURITY
    for item in made["paths"].values():
        for operation in item.values():
            _describe(operation)
    # What FastAPI thinks a receiver refuses with is no promise of the receiver's.
    for item in made.get("webhooks", {}).values():
        for operation in item.values():
            operation["responses"].pop("422", None)
    return made


def _describe(operation: dict[str, Any]) -> None:
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = _REFUSAL
    if operation["operationId"] in PUBLIC:
        operation["security"] = []
    elif operation["operationId"] in PUBLIC_IN_PART:
        operation["security"] = [{}, *SECURITY]
    elif operation["operationId"] in APART:
        operation["security"] = APART[operation["operationId"]]


def _problem_schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    nested: dict[str, Any] = schema.pop("$defs")
    return {"Problem": schema, **nested}


def text(app: FastAPI) -> str:
    """The document as it is committed: sorted, so that a change of it is a change of the contract."""
    return json.dumps(document(app), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
