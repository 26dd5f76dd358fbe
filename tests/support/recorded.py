"""An account whose facts are written, and whose plans are read, at instants that the test names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from afterword.services import interviews, outcomes, planner, touches
from afterword.services.next_actions import Query, next_actions
from afterword.storage.database import Database
from afterword.storage.identifiers import new_id
from afterword.storage.tables import accounts, deliveries, events, opportunities, planned, webhook_endpoints
from support.accounts import open_account

#: Tuesday 3 March 2026, 15:00 in New York: the end of the interview that most tests speak of.
END = datetime(2026, 3, 3, 20, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANA = {"name": "Ana Ruiz", "email": "ana@acme.example", "roles": ["hiring_manager"]}
BEN = {"name": "Ben Ode", "email": "ben@acme.example", "roles": ["interviewer"]}
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class Recorded:
    """One account in one database."""

    database: Database
    account_id: str

    @classmethod
    def in_(cls, database: Database, **settings: Any) -> Recorded:
        return cls(database, open_account(database, **settings).id)

    def log(self, now: datetime, **values: Any) -> interviews.WholeInterview:
        usual = {"company": "Acme", "role": "Data engineer", "starts_at": END - HOUR, "people": [ANA]}
        given = {**usual, "format": "onsite", "status": "scheduled", **values}
        with self.database.write() as session:
            return interviews.create(session, self.account_id, given, now)[0]

    def touch(self, now: datetime, opportunity_id: str, **values: Any) -> str:
        with self.database.write() as session:
            given = {"opportunity_id": opportunity_id, "at": now, "channel": "email", **values}
            return touches.create(session, self.account_id, given, now)[0].id

    def end(self, now: datetime, opportunity_id: str, status: str, **values: Any) -> None:
        with self.database.write() as session:
            outcomes.put(session, self.account_id, opportunity_id, {"status": status, **values}, now)

    def reopen(self, now: datetime, opportunity_id: str) -> None:
        with self.database.write() as session:
            outcomes.reopen(session, self.account_id, opportunity_id, now)

    def plan(self, now: datetime, *opportunity_ids: str) -> None:
        with self.database.write() as session:
            planner.plan(session, self.account_id, opportunity_ids, now)

    def wake(self, opportunity_id: str, at: datetime | None) -> None:
        with self.database.write() as session:
            session.execute(update(opportunities).where(opportunities.c.id == opportunity_id).values(wake_at=at))

    def subscribe(self, url: str = "http://127.0.0.1:9/hook", event_types: list[str] | None = None) -> str:
        identifier = new_id("whe")
        row = {
            "id": identifier, "account_id": self.account_id, "url": url, "description": None, "secrets": [SECRET],
            "event_types": event_types, "enabled": True, "version": 1, "created_at": END, "updated_at": END,
        }  # fmt: skip
        with self.database.write() as session:
            session.execute(webhook_endpoints.insert().values(**row))
        return identifier

    def actions(self, now: datetime, **query: Any) -> dict[tuple[str, str | None], dict[str, Any]]:
        """What there is to do, by kind and name of the person."""
        with self.database.read() as session:
            told = next_actions(session, self.account_id, Query(**query), now).told
        return {(each["kind"], each["person"] and each["person"]["name"]): each for each in told["actions"]}

    def told(self, after: int = 0) -> list[Row[Any]]:
        mine = (events.c.account_id == self.account_id, events.c.sequence > after)
        return self._all(select(events).where(*mine).order_by(events.c.sequence))

    def types(self, after: int = 0) -> list[str]:
        """The types of what was told, with the kind where there is one: `action.opened thank-you`."""
        return [_line(row.payload) for row in self.told(after)]

    def last(self) -> int:
        return max((row.sequence for row in self.told()), default=0)

    def deliveries(self) -> list[Row[Any]]:
        return self._all(select(deliveries).where(deliveries.c.account_id == self.account_id).order_by(deliveries.c.id))

    def opportunity(self, opportunity_id: str) -> Row[Any]:
        return self._all(select(opportunities).where(opportunities.c.id == opportunity_id))[0]

    def version(self) -> int:
        return int(self._all(select(accounts.c.version).where(accounts.c.id == self.account_id))[0][0])

    def planned(self) -> list[Row[Any]]:
        return self._all(select(planned).where(planned.c.account_id == self.account_id).order_by(planned.c.key))

    def _all(self, statement: Any) -> list[Row[Any]]:
        with self.database.read() as session:
            found: Sequence[Row[Any]] = session.execute(statement).all()
        return list(found)


def _line(payload: dict[str, Any]) -> str:
    about = payload["data"]["action"] or payload["data"]["hold"]
    return f"{payload['type']} {about['kind']}" if about else payload["type"]
