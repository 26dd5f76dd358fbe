"""The release at schema 0006, as PostgreSQL saw it: the statements that it sent, kept as they were.

Such a release goes on running while a newer one migrates the database and starts beside it. Nothing here may be brought
up to date: what it does not know is what is tested.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Json

from afterword import clock
from afterword.storage.identifiers import new_id

REVISION = "0006"
MOST_AT_ONCE, PER_ENDPOINT = 64, 4
LEASE = timedelta(seconds=60)

ADD_ACCOUNT = """
INSERT INTO accounts (id, name, time_zone, working_days, contact_from, contact_until, playbook, sequence, version,
    created_at, updated_at)
VALUES (%(id)s, 'Mine', 'UTC', '["mon"]', '09:00', '17:00', 'balanced', 0, 1, now(), now())"""
ADD_ENDPOINT = """
INSERT INTO webhook_endpoints (id, account_id, url, description, event_types, secrets, enabled, disabled_reason,
    version, created_at, updated_at)
VALUES (%(id)s, %(account_id)s, %(url)s, NULL, NULL, %(secrets)s, true, NULL, 1, now(), now())"""

RAISE_SEQUENCE = """
UPDATE accounts SET sequence=(accounts.sequence + %(count)s::BIGINT) WHERE accounts.id = %(id)s::VARCHAR
RETURNING accounts.sequence"""
ADD_EVENT = """
INSERT INTO events (id, account_id, sequence, type, opportunity_id, payload, occurred_at, expires_at)
VALUES (%(id)s, %(account_id)s, %(sequence)s, %(type)s, NULL, %(payload)s, %(occurred_at)s, %(expires_at)s)"""
FIND_ENDPOINTS = """
SELECT webhook_endpoints.id, webhook_endpoints.event_types FROM webhook_endpoints
WHERE webhook_endpoints.account_id = %(account_id)s AND webhook_endpoints.enabled IS true
ORDER BY webhook_endpoints.id"""
ADD_DELIVERY = """
INSERT INTO deliveries (id, account_id, event_id, endpoint_id, state, attempt, crashes, next_attempt_at, created_at)
VALUES (%(id)s, %(account_id)s, %(event_id)s, %(endpoint_id)s, 'pending', 0, 0, %(now)s, %(now)s)"""

ABANDONED = """
SELECT deliveries.id FROM deliveries
WHERE deliveries.state = 'sending' AND deliveries.lease_until <= %(now)s LIMIT 500 FOR UPDATE SKIP LOCKED"""
EXPIRED = """
SELECT deliveries.id FROM deliveries
WHERE deliveries.state IN ('pending', 'retrying') AND deliveries.next_attempt_at <= %(now)s AND (EXISTS (SELECT *
FROM events WHERE events.id = deliveries.event_id AND events.expires_at <= %(now)s))
LIMIT 500 FOR UPDATE SKIP LOCKED"""
DISABLED = """
SELECT deliveries.id FROM deliveries
WHERE deliveries.state IN ('pending', 'retrying') AND deliveries.next_attempt_at <= %(now)s AND (EXISTS (SELECT *
FROM webhook_endpoints WHERE webhook_endpoints.id = deliveries.endpoint_id AND webhook_endpoints.enabled IS false))
LIMIT 500 FOR UPDATE SKIP LOCKED"""
PUT_ASIDE = """
UPDATE deliveries SET state=%(state)s, next_attempt_at=NULL, reason=%(reason)s, finished_at=%(now)s
WHERE deliveries.id = ANY(%(ids)s)"""
CANDIDATES = """
SELECT deliveries.id, deliveries.endpoint_id FROM deliveries
WHERE deliveries.id IN (SELECT anon_1.id FROM (SELECT deliveries.id AS id, row_number() OVER (
    PARTITION BY deliveries.endpoint_id ORDER BY deliveries.next_attempt_at, deliveries.id) AS place
    FROM deliveries
    WHERE deliveries.state IN ('pending', 'retrying') AND deliveries.next_attempt_at <= %(now)s) AS anon_1
  WHERE anon_1.place <= %(per_endpoint)s)
AND NOT (EXISTS (SELECT * FROM events WHERE events.id = deliveries.event_id AND events.expires_at <= %(now)s))
AND NOT (EXISTS (SELECT * FROM webhook_endpoints
    WHERE webhook_endpoints.id = deliveries.endpoint_id AND webhook_endpoints.enabled IS false))
ORDER BY deliveries.next_attempt_at, deliveries.id LIMIT 500 FOR UPDATE SKIP LOCKED"""
IN_FLIGHT = """
SELECT deliveries.endpoint_id, count(*) AS count_1 FROM deliveries
WHERE deliveries.state = 'sending' GROUP BY deliveries.endpoint_id"""
TAKE = """
UPDATE deliveries SET state='sending', attempt=(deliveries.attempt + 1), claim_id=%(claim_id)s,
    lease_until=%(lease_until)s
WHERE deliveries.id = ANY(%(ids)s) AND deliveries.state IN ('pending', 'retrying') RETURNING deliveries.id"""
READ_TAKEN = """
SELECT deliveries.id, deliveries.account_id, deliveries.event_id, deliveries.endpoint_id, deliveries.state,
    deliveries.attempt, deliveries.crashes, deliveries.next_attempt_at, deliveries.claim_id, deliveries.lease_until,
    deliveries.reason, deliveries.created_at, deliveries.finished_at, events.payload, events.expires_at,
    webhook_endpoints.url, webhook_endpoints.secrets
FROM deliveries JOIN events ON events.account_id = deliveries.account_id AND events.id = deliveries.event_id
JOIN webhook_endpoints ON webhook_endpoints.account_id = deliveries.account_id
    AND webhook_endpoints.id = deliveries.endpoint_id
WHERE deliveries.id = ANY(%(ids)s) ORDER BY deliveries.next_attempt_at, deliveries.id"""
FINISH = """
UPDATE deliveries SET state=%(state)s, next_attempt_at=%(next_attempt_at)s, claim_id=NULL, lease_until=NULL,
    reason=%(reason)s, finished_at=%(finished_at)s
WHERE deliveries.id = %(id)s AND deliveries.claim_id = %(claim_id)s"""
ADD_ATTEMPT = """
INSERT INTO attempts (id, account_id, delivery_id, number, started_at, duration_ms, status_code, response_body, error)
VALUES (%(id)s, %(account_id)s, %(delivery_id)s, %(number)s, %(started_at)s, 5, %(status_code)s, '', NULL)"""


@dataclass
class EarlierRelease:
    """One process of that release: it writes events and sends what is due, each in a thread."""

    where: str
    account_id: str
    written: int = 0
    sent: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        for part in (self.write, self.send):
            thread = threading.Thread(target=self._keep_doing, args=(part,))
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _keep_doing(self, part: Any) -> None:
        """A database that is busy or locked was waited for in that release too."""
        with httpx.Client(trust_env=False) as client:
            while not self._ended.is_set():
                with suppress(psycopg.OperationalError):
                    part(client)
                time.sleep(0.02)

    def _connected(self) -> psycopg.Connection[dict[str, Any]]:
        options = "-c timezone=UTC -c lock_timeout=5000"
        return psycopg.connect(self.where, row_factory=dict_row, options=options)

    def write(self, _client: httpx.Client) -> None:
        now = clock.now()
        with self._connected() as session:
            raised = session.execute(RAISE_SEQUENCE, {"count": 1, "id": self.account_id}).fetchone()
            assert raised is not None
            event = {"id": new_id("evt"), "account_id": self.account_id, "sequence": raised["sequence"]}
            about = dict.fromkeys(("action", "hold", "opportunity", "interview", "contact", "touch"))
            data = {"id": event["id"], "sequence": event["sequence"], "test": False, **about}
            told = {"type": "opportunity.updated", "timestamp": now.isoformat(), "data": data}
            times = {"occurred_at": now, "expires_at": now + timedelta(days=7)}
            session.execute(ADD_EVENT, {**event, "type": told["type"], "payload": Json(told), **times})
            for endpoint in session.execute(FIND_ENDPOINTS, event).fetchall():
                row = {"id": new_id("dlv"), "event_id": event["id"], "endpoint_id": endpoint["id"], "now": now}
                session.execute(ADD_DELIVERY, {**row, "account_id": self.account_id})
        self.written += 1

    def send(self, client: httpx.Client) -> None:
        taken = self._claim(clock.now())
        results = [(each, clock.now(), _post(client, each)) for each in taken]
        while results:
            # What was sent must be written down.
            with suppress(psycopg.OperationalError):
                self._finish(results)
                self.sent += len(results)
                return
            time.sleep(0.05)

    def _claim(self, now: datetime) -> Sequence[Mapping[str, Any]]:
        with self._connected() as session:
            assert not session.execute(ABANDONED, {"now": now}).fetchall(), "no lease runs out in this test"
            for found, state, reason in (
                (EXPIRED, "expired", "its time had passed"),
                (DISABLED, "skipped", "endpoint disabled"),
            ):
                ids = [row["id"] for row in session.execute(found, {"now": now}).fetchall()]
                if ids:
                    session.execute(PUT_ASIDE, {"ids": ids, "state": state, "reason": reason, "now": now})
            candidates = session.execute(CANDIDATES, {"now": now, "per_endpoint": PER_ENDPOINT}).fetchall()
            busy = {row["endpoint_id"]: row["count_1"] for row in session.execute(IN_FLIGHT).fetchall()}
            chosen = _within_cap(candidates, busy)
            values = {"ids": chosen, "claim_id": new_id("clm"), "lease_until": now + LEASE}
            ids = [row["id"] for row in session.execute(TAKE, values).fetchall()] if chosen else []
            return session.execute(READ_TAKEN, {"ids": ids}).fetchall() if ids else []

    def _finish(self, results: Sequence[tuple[Mapping[str, Any], datetime, int]]) -> None:
        now = clock.now()
        with self._connected() as session:
            for row, started_at, status in results:
                succeeded = 200 <= status < 300
                came_of_it = {
                    "state": "delivered" if succeeded else "retrying",
                    "reason": None if succeeded else f"answered {status}",
                    "next_attempt_at": None if succeeded else now + timedelta(seconds=5),
                    "finished_at": now if succeeded else None,
                }
                session.execute(FINISH, {"id": row["id"], "claim_id": row["claim_id"], **came_of_it})
                attempt = {"id": new_id("att"), "delivery_id": row["id"], "number": row["attempt"]}
                named = {"account_id": row["account_id"], "started_at": started_at, "status_code": status}
                session.execute(ADD_ATTEMPT, {**attempt, **named})


def _within_cap(candidates: Sequence[Mapping[str, Any]], busy: dict[str, int]) -> list[str]:
    chosen: list[str] = []
    for row in candidates:
        if len(chosen) < MOST_AT_ONCE and busy.get(row["endpoint_id"], 0) < PER_ENDPOINT:
            busy[row["endpoint_id"]] = busy.get(row["endpoint_id"], 0) + 1
            chosen.append(row["id"])
    return chosen


def _post(client: httpx.Client, row: Mapping[str, Any]) -> int:
    data = {**row["payload"]["data"], "links": {"app": None}}
    body = json.dumps({**row["payload"], "data": data}, ensure_ascii=False, separators=(",", ":")).encode()
    stamp = str(int(time.time()))
    signed = b".".join((row["event_id"].encode(), stamp.encode(), body))
    key = b64decode(row["secrets"][0].removeprefix("whsec_"))
    signature = "v1," + b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    named = {"webhook-id": row["event_id"], "webhook-timestamp": stamp, "webhook-signature": signature}
    return client.post(row["url"], content=body, headers=named, timeout=15).status_code


def set_up(where: str, account_id: str, urls: Sequence[str], secret: str) -> None:
    """An account and its endpoints, as that release wrote them."""
    with psycopg.connect(where) as session:
        session.execute(ADD_ACCOUNT, {"id": account_id})
        for url in urls:
            row = {"id": new_id("whe"), "account_id": account_id, "url": url, "secrets": Json([secret])}
            session.execute(ADD_ENDPOINT, row)
