"""Recaps: what somebody wrote down about an interview. Putting the same one again changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from afterword.errors import NotFound
from afterword.storage import interviews
from afterword.storage import recaps as stored
from afterword.storage.database import Session
from afterword.storage.recaps import Recap


def find(session: Session, account_id: str, interview_id: str) -> Recap:
    found = stored.find(session, account_id, interview_id)
    if found is None:
        _require_interview(session, account_id, interview_id)
        raise NotFound(f"Interview {interview_id} has no recap yet. Write one with PUT.")
    return found


def find_if_any(session: Session, account_id: str, interview_id: str) -> Recap | None:
    _require_interview(session, account_id, interview_id)
    return stored.find(session, account_id, interview_id)


def put(
    session: Session, account_id: str, interview_id: str, values: Mapping[str, Any], now: datetime
) -> tuple[Recap, bool]:
    """The recap, and whether it is the first."""
    known = find_if_any(session, account_id, interview_id)
    if known is None:
        made = {"interview_id": interview_id, "account_id": account_id, "created_at": now, "updated_at": now}
        stored.add(session, {**values, **made})
    elif any(getattr(known, key) != value for key, value in values.items()):
        stored.change(session, account_id, interview_id, {**values, "updated_at": now})
    return find(session, account_id, interview_id), known is None


def _require_interview(session: Session, account_id: str, interview_id: str) -> None:
    if interviews.find(session, account_id, interview_id) is None:
        raise NotFound.of("interview", interview_id)
