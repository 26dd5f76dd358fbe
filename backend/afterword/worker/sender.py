"""Sends what is due. A pump thread claims and finishes; the sending runs in a thread of its own with an event loop.

The loop never touches the database and the pump never waits for a receiver: they meet in two queues.
"""

from __future__ import annotations

import logging
import math
import queue
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from afterword.config import IpNetwork
from afterword.delivery.answers import Answer
from afterword.errors import Busy
from afterword.formats.standard_webhook import headers
from afterword.formats.webhook_event import body_of
from afterword.services import claims, results, verdicts, webhook_headers
from afterword.services.claims import Claimed
from afterword.services.results import Sent
from afterword.services.verdicts import Place, Useless
from afterword.storage import outbox
from afterword.storage.database import Database, Session
from afterword.worker.slots import SLOTS, Slots

if TYPE_CHECKING:
    from afterword.worker.outlet import Outlet, Post

FLUSH_SECONDS = 0.05
FLUSH_RESULTS = 48
MOST_RESULTS = 100
IDLE_SECONDS = 0.25
#: So long a look at the queue holds good: until then what is due is claimed together with writing results down.
LOOK_SECONDS = 0.5
LONGEST_GOODBYE_SECONDS = 8.0
BUSY_TURNS_TO_WARN_OF = 5
PLAIN_HEADERS = {
    "content-type": "application/json",
    "user-agent": "Afterword",
    "accept": "*/*",
    "accept-encoding": "identity",
}
logger = logging.getLogger("afterword.sender")


class Sender:
    """One process's part in sending. Any number of processes may send from one PostgreSQL."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        allowed: Sequence[IpNetwork],
        public_url: str | None,
        jitter: Callable[[], float] = random.random,
        slots: int = SLOTS,
        deadline_seconds: float | None = None,
    ) -> None:
        self._database, self._clock, self._jitter = database, clock, jitter
        self._allowed, self._public_url, self._deadline_seconds = allowed, public_url, deadline_seconds
        # What was sent and came back; None wakes the pump without a result.
        self._results: queue.SimpleQueue[Sent | None] = queue.SimpleQueue()
        self._slots = Slots(time.monotonic, slots)
        self._attempts: Counter[str] = Counter()
        self._useless: dict[Place, Useless] = {}
        self._busy_in_a_row = 0
        self._suspect_had_its_turn = False
        self._looked_at = -math.inf
        self._claimed_too: list[Claimed] = []
        self._has_enough = False
        self._stopping = threading.Event()
        self._pump = threading.Thread(target=self._run, name="delivery-pump", daemon=True)
        self._outlet: Outlet | None = None

    @property
    def attempts(self) -> dict[str, int]:
        """How many attempts it has made, by the state that each led to."""
        return dict(self._attempts)

    def start(self) -> None:
        """Begin to send."""
        self._pump.start()

    def wake(self) -> None:
        """Look for work at once: something was written that is due."""
        self._results.put(None)

    def stop(self) -> None:
        """Claim no more, wait a little for what is on its way, and write down what was given up."""
        self._stopping.set()
        self.wake()
        self._pump.join(LONGEST_GOODBYE_SECONDS + 5)

    def take_back_own(self) -> None:
        """Make due again what a former process of a lone server had claimed."""
        with self._database.write() as session:
            outbox.take_back_all(session, self._clock())

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._turn()
        until = time.monotonic() + LONGEST_GOODBYE_SECONDS
        while self._slots.taken and time.monotonic() < until:
            self._turn(claiming=False)
        if self._outlet is not None:
            self._outlet.close()
        while not self._results.empty():
            self._turn(claiming=False)

    def _turn(self, *, claiming: bool = True) -> None:
        claimed = claiming and (self._has_enough or self._tried(self._claim_and_send))
        # Whatever became of the claim: what was answered and is not written down would be sent again.
        if self._tried(self._collect_and_finish) and claimed:
            self._busy_in_a_row = 0

    def _tried(self, part: Callable[[], None]) -> bool:
        try:
            part()
        except Busy as busy:
            self._note_busy(busy)
            self._stopping.wait(FLUSH_SECONDS)
        except Exception:  # a sender that dies in silence would be worse than one that goes on
            logger.exception("A turn of the sender failed.")
            self._stopping.wait(IDLE_SECONDS)
        else:
            return True
        return False

    def _claim_and_send(self) -> None:
        self._send(self._claim())

    def _collect_and_finish(self) -> None:
        self._has_enough = False
        self._finish(self._collect())
        claimed, self._claimed_too = self._claimed_too, []
        self._has_enough = bool(claimed)
        self._send(claimed)
        self._give_up()

    def _note_busy(self, busy: Busy) -> None:
        self._busy_in_a_row += 1
        rounds, rest = divmod(self._busy_in_a_row, BUSY_TURNS_TO_WARN_OF)
        if rest == 0 and rounds.bit_count() == 1:  # at 5, 10, 20, 40: said again, and does not fill the log
            logger.warning("Nothing is sent: the database was busy %d times in a row. %s", self._busy_in_a_row, busy)

    def _claim(self) -> list[Claimed]:
        room = self._slots.room()
        if not room.slots or self._slots.one_is_alone:
            return []
        with self._database.read() as session:
            work = outbox.work(session, self._clock())
        # With a suspect waiting, results are written down by themselves until it has had its turn.
        self._looked_at = -math.inf if work.suspected else time.monotonic()
        if work.suspected and not self._suspect_had_its_turn:
            return self._claim_suspect()
        self._suspect_had_its_turn = False
        if not work.ordinary:
            return []
        with self._database.write() as session:
            return claims.claim(session, self._clock(), room, self._slots.ids, stale=work.stale)

    def _claim_too(self, session: Session) -> list[Claimed]:
        """What is due, claimed in the transaction that writes results down: while there is much to do, half of the
        commits and all looks but two a second are saved."""
        room = self._slots.room()
        if self._stopping.is_set() or not room.slots or time.monotonic() - self._looked_at > LOOK_SECONDS:
            return []
        try:
            with session.begin_nested():
                return claims.claim(session, self._clock(), room, self._slots.ids, stale=False)
        except Exception:  # whatever becomes of it, the results are written down; the next turn tries by itself
            logger.exception("Nothing was claimed together with results.")
            return []

    def _claim_suspect(self) -> list[Claimed]:
        """One that may have killed its senders, once nothing else has been on its way for less than a moment."""
        if self._slots.young:
            return []
        self._suspect_had_its_turn = True
        with self._database.write() as session:
            claimed = claims.claim_suspect(session, self._clock())
        for delivery in claimed:
            self._slots.leave_alone(delivery.id)
        return claimed

    def _send(self, claimed: Sequence[Claimed]) -> None:
        if not claimed:
            return
        if self._outlet is None:
            # Imported and started with the first delivery: a server that sends nothing does not pay for it.
            from afterword.worker.outlet import Outlet

            self._outlet = Outlet(self._allowed, self._public_url, self._deadline_seconds)
        # A process that stood still leaves the rest to whoever finds the lease run out.
        in_time = [delivery for delivery in claimed if not delivery.is_too_late(self._clock())]
        for delivery in in_time:
            self._slots.take(delivery.id, is_retry=delivery.attempt > 1)
        self._outlet.post([post for delivery in in_time if (post := self._post(delivery))])

    def _post(self, delivery: Claimed) -> Post | None:
        from afterword.worker.outlet import Post

        started_at = self._clock()
        shown: dict[str, str] = {}

        def answered(answer: Answer) -> None:
            self._results.put(Sent(delivery, answer, started_at, self._clock(), self._jitter(), shown))

        try:
            body = body_of(delivery.envelope, self._public_url)
            signed = headers(delivery.event_id, started_at, body, delivery.secrets)
        except Exception as unsound:  # what is stored was sound once; one row that is not must not hold up the others
            logger.exception("Delivery %s cannot be sent as it is stored.", delivery.id)
            answered(Answer(None, {}, "", f"cannot be written: {type(unsound).__name__}", 0))
            return None
        shown |= {**webhook_headers.hidden(delivery.headers), **signed, **PLAIN_HEADERS}
        return Post(delivery.url, body, {**delivery.headers, **signed, **PLAIN_HEADERS}, answered)

    def _collect(self) -> list[Sent]:
        """Wait for a result; then take what else comes within the flush time, and all that has come by then."""
        found: list[Sent] = []
        with suppress(queue.Empty):
            first = self._results.get(timeout=FLUSH_SECONDS if self._slots.taken else IDLE_SECONDS)
            found += [first] if first else []
            until = time.monotonic() + FLUSH_SECONDS
            while found and len(found) < MOST_RESULTS:
                # Enough to be worth a transaction is not waited with; what is here already does not wait for the next.
                enough = len(found) >= min(FLUSH_RESULTS, self._slots.taken)
                following = self._results.get(timeout=0 if enough else max(until - time.monotonic(), 0))
                found += [following] if following else []
        return found

    def _finish(self, sent: Sequence[Sent]) -> None:
        if not sent:
            return
        for each in sent:
            self._slots.free(each.delivery.id)
        try:
            self._write(sent)
        except Exception:  # one result that cannot be written must not take the others with it
            logger.exception("%d results cannot be written together; now each is by itself.", len(sent))
            for each in sent:
                self._write_alone(each)

    def _write_alone(self, sent: Sent) -> None:
        try:
            self._write([sent])
        except Exception as unwritable:
            logger.exception("The result of delivery %s cannot be written.", sent.delivery.id)
            self._write_bare(sent, unwritable)

    def _write_bare(self, sent: Sent, unwritable: Exception) -> None:
        try:
            self._write([results.without_particulars(sent, type(unwritable).__name__)])
        except Exception:  # the others come after it
            logger.exception("Delivery %s stays claimed until its lease ends.", sent.delivery.id)

    def _write(self, sent: Sequence[Sent]) -> None:
        finish = results.finish
        while True:
            try:
                with self._database.write() as session:
                    finished, claimed = finish(session, sent), self._claim_too(session)
            except Busy as busy:
                # What was sent must be written down, or it is sent again when the lease ends.
                finish = results.finish_again
                self._note_busy(busy)
                time.sleep(FLUSH_SECONDS)
            else:
                self._busy_in_a_row = 0
                self._attempts.update(finished.states)
                self._useless.update({each.place: each for each in finished.useless})
                self._claimed_too += claimed
                return

    def _give_up(self) -> None:
        """Disable endpoints that are of no use; those of an account that is busy in a later turn."""
        waiting, self._useless = self._useless, {}
        for place, useless in waiting.items():
            if not self._is_settled(useless):
                self._useless[place] = useless

    def _is_settled(self, useless: Useless) -> bool:
        try:
            with self._database.write() as session:
                return verdicts.give_up(session, useless, self._clock())
        except Busy:
            return False
        except Exception:  # its next failure asks for it again
            logger.exception("Endpoint %s cannot be given up.", useless.place.endpoint_id)
            return True
