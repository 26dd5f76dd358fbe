"""Recording results: whatever has come by then goes with the next flush."""

from __future__ import annotations

from afterword import clock
from afterword.delivery.answers import Answer
from afterword.services import claims, events
from afterword.services.claims import Room
from afterword.services.events import Occurrence
from afterword.services.results import Sent
from afterword.storage.database import Database
from afterword.worker.sender import FLUSH_RESULTS, MOST_RESULTS, Sender
from support.recorded import Recorded

ENDPOINTS = 25


def test_what_came_while_the_sender_was_busy_is_recorded_together(database: Database) -> None:
    mine, now = Recorded.in_(database), clock.now()
    for _ in range(ENDPOINTS):
        mine.subscribe()
    with database.write() as session:
        events.record(session, mine.account_id, [Occurrence("opportunity.updated")] * 4, now)
        claimed = claims.claim(session, now, Room(MOST_RESULTS, 0))
    assert len(claimed) == MOST_RESULTS > FLUSH_RESULTS
    sender = Sender(database, clock.now, (), None)
    for each in claimed:
        sender._slots.take(each.id, is_retry=False)
        sender._results.put(Sent(each, Answer(200, {}, "", None, 1), now, now, 0.0))
    sender._turn(claiming=False)
    assert {row.state for row in mine.deliveries()} == {"delivered"}
