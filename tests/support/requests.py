"""What tests most often send."""

from __future__ import annotations

from typing import Any

import httpx

AN_INTERVIEW = {
    "company": "Acme",
    "role": "Data engineer",
    "starts_at": "2026-03-03T14:00:00-05:00",
    "people": [{"name": "Ana Ruiz", "email": "ana@acme.example", "roles": ["hiring_manager"]}],
}


def post(client: httpx.Client, path: str, body: dict[str, Any], status: int = 201) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told
