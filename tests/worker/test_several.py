"""Several workers on one database: nothing twice, nothing left."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from ipaddress import ip_network

from afterword import clock
from afterword.services import events
from afterword.services.events import Occurrence
from afterword.storage.database import Database, open_database
from afterword.worker.jobs import tick
from afterword.worker.sender import Sender
from support.receiver import receiving
from support.recorded import END, HOUR, SECRET, Recorded


def test_two_senders_deliver_each_event_once(database: Database, database_url: str) -> None:
    mine = Recorded.in_(database)
    with receiving(SECRET, pause=0.01) as receiver:
        for _ in range(4):
            mine.subscribe(receiver.url)
        with database.write() as session:
            events.record(session, mine.account_id, [Occurrence("opportunity.updated")] * 25, clock.now())
        opened = [open_database(database_url) for _ in range(2)]
        senders = [Sender(each, clock.now, (ip_network("127.0.0.0/8"),), None) for each in opened]
        for sender in senders:
            sender.start()
        assert receiver.wait_for(lambda: {row.state for row in mine.deliveries()} == {"delivered"}, 30)
        for sender, each in zip(senders, opened, strict=True):
            sender.stop()
            each.engine.dispose()
    assert set(Counter(each.id for each in receiver.ledger).values()) == {4}
    assert {row.attempt for row in mine.deliveries()} == {1}


def test_two_workers_plan_each_opportunity_once(database: Database, database_url: str) -> None:
    mine = [Recorded.in_(database, playbook="three-things") for _ in range(3)]
    for account in mine:
        for number in range(4):
            account.log(END - 2 * HOUR, company=f"Company {number}", people=[{"name": f"Person {number}"}])
    opened = [open_database(database_url) for _ in range(2)]

    def work(own: Database) -> None:
        for _ in range(10):
            tick(own, lambda: END)

    threads = [threading.Thread(target=work, args=(each,)) for each in opened]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in opened:
        each.engine.dispose()
    for account in mine:
        assert Counter(account.types(4)) == {
            "interview.held": 4,
            "action.opened thank-you": 4,
            "action.opened thank-you-card": 4,
        }
        sequences = [row.sequence for row in account.told()]
        assert sequences == list(range(1, 17))


def test_changes_and_ticks_at_once_keep_the_sequence_without_gaps(database: Database, database_url: str) -> None:
    mine = Recorded.in_(database, playbook="three-things")
    opportunity_id = mine.log(END - 2 * HOUR).interview.opportunity_id
    other = open_database(database_url)
    stop = threading.Event()

    def keep_ticking() -> None:
        while not stop.is_set():
            tick(other, lambda: END)

    thread = threading.Thread(target=keep_ticking)
    thread.start()
    for number in range(10):
        at = END + timedelta(minutes=number)
        mine.touch(at, opportunity_id, direction="inbound", contact_id=None)
        mine.wake(opportunity_id, END)
    stop.set()
    thread.join()
    other.engine.dispose()
    sequences = [row.sequence for row in mine.told()]
    assert sequences == list(range(1, len(sequences) + 1))
    assert mine.types().count("touch.recorded") == 10
