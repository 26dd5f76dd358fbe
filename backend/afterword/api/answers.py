"""Answers that are written as they are: already in their shape, they are not checked against it a second time."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Response


def as_json(body: Any, headers: Mapping[str, str] | None = None, status: int = 200) -> Response:
    """A JSON response of data that is JSON already."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, dict(headers or {}), media_type="application/json")
