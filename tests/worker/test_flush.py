"""Recording results: whatever has come by then goes with the next flush, and what is due is claimed with it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import update

from afterword import clock
from afterword.delivery.answers import Answer
from afterword.services import claims, events, results
from afterword.services.claims import Room
from afterword.services.events import Occurrence
from afterword.services.results import Sent
from afterword.storage.database import Database
from afterword.storage.tables import webhook_endpoints
from afterword.worker.sender import FLUSH_RESULTS, MOST_RESULTS, Sender
from support.recorded import SECRET, Recorded

ENDPOINTS = 25


def test_what_came_while_the_sender_was_busy_is_recorded_together(database: Database) -> None:
    mine, now = Recorded.in_(database), clock.now()
    sender = with_results(mine, Sender(database, clock.now, (), None), now)
    sender._turn(claiming=False)
    assert {row.state for row in mine.deliveries()} == {"delivered"}


def test_results_are_recorded_though_nothing_can_be_claimed_together_with_them(database: Database) -> None:
    mine, now = Recorded.in_(database), clock.now()
    sender = with_results(mine, Sender(database, clock.now, (), None, slots=2 * MOST_RESULTS), now)
    with database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")], now)
        session.execute(update(webhook_endpoints).values(former_secrets=[{"secret": SECRET, "until": "never"}]))
    sender._turn()
    assert Counter(row.state for row in mine.deliveries()) == {"delivered": MOST_RESULTS, "pending": ENDPOINTS}


def test_soon_after_a_look_what_is_due_is_claimed_together_with_results(database: Database) -> None:
    mine, now = Recorded.in_(database), clock.now()
    sender = with_results(mine, Sender(database, clock.now, (), None, slots=2 * MOST_RESULTS), now)
    with database.write() as session:
        assert sender._claim_too(session) == []
    assert sender._claim() == []
    with database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")], now)
        results.finish(session, sender._collect())
        assert len(sender._claim_too(session)) == ENDPOINTS


def with_results(mine: Recorded, sender: Sender, now: datetime) -> Sender:
    """As many as a flush may hold, of requests that were begun."""
    for _ in range(ENDPOINTS):
        mine.subscribe()
    with mine.database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")] * 4, now)
        claimed = claims.claim(session, now, Room(MOST_RESULTS, 0))
    assert len(claimed) == MOST_RESULTS > FLUSH_RESULTS
    for each in claimed:
        sender._slots.take(each.id, is_retry=False)
        sender._results.put(Sent(each, Answer(200, {}, "", None, 1), now, now, 0.0))
    return sender
