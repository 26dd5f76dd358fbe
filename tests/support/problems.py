"""Reading a refusal."""

from __future__ import annotations

import httpx


def refused_fields(answer: httpx.Response, status: int = 422) -> dict[str, str]:
    """The fields that were refused and why; fails unless the answer is a problem document of that status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told.keys() == {"type", "title", "status", "detail", "errors"}
    assert told["status"] == status
    assert told["detail"].endswith(".")
    assert "Traceback" not in answer.text
    return {each["path"]: each["message"] for each in told["errors"]}
