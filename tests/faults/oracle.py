"""The judge: what was committed and what the product says of it, held against the ledger.

It is given everything as plain values, so that a test can show that it finds what it is there to find.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from faults.ledger import Arrival, Pair, Try
from faults.ledger_process import GOOD
from faults.member import Death
from faults.stage import Subscriber

#: Each process reads the clock of the database anew every ten seconds, and reckons from there.
CLOCK_NOISE_SECONDS = 0.02
#: What was claimed in its time is sent: an attempt may be that long on its way when its time ends.
ON_ITS_WAY_SECONDS = 0.5
#: What a process had claimed when it was stopped it goes on to send, when it is let go.
GOES_ON_SECONDS = 1.0
#: The most results that are in one process's hands and not yet recorded.
MOST_UNRECORDED = 100


@dataclass(frozen=True)
class Event:
    """One that was committed. Instants are by the wall clock."""

    id: str
    account_id: str
    type: str
    due: float
    expires: float


@dataclass(frozen=True)
class Refusal:
    """An attempt that failed, as it is listed: its number, and when it began and ended."""

    pair: Pair
    number: int
    began: float
    ended: float


@dataclass(frozen=True)
class Sender:
    """A process that sent: how it ended, the answers that reached its queue, and those of them since its last flush."""

    mark: int
    death: Death | None
    stops: Sequence[tuple[float, float]] = ()
    queued: frozenset[Try] = frozenset()
    since_flush: frozenset[Try] = frozenset()


@dataclass(frozen=True)
class Evidence:
    """All there is to judge. `states` are those of the API; `pauses` are the least ones after each failed attempt."""

    events: Mapping[str, Event]
    subscribers: Mapping[str, Subscriber]
    arrivals: Sequence[Arrival]
    states: Mapping[Pair, str]
    refusals: Sequence[Refusal]
    senders: Mapping[int, Sender]
    pauses: Sequence[float]
    ended_at: float


@dataclass(frozen=True)
class Toll:
    """What one kill cost. `duplicates` had been answered with 2xx and came again, of `bound` that may.

    `cut_off` had not been answered and came again: the receiver never said that it had them. `oldest` is for how many
    seconds the first of those that may had been answered.
    """

    how: str
    in_flight: int
    duplicates: int
    bound: int
    cut_off: int
    oldest: float = 0.0


@dataclass
class Verdict:
    """`delivered` was taken by its receiver; of `unheard` nobody lived to record that, and then its time was over."""

    committed: int = 0
    expected: int = 0
    delivered: int = 0
    expired: int = 0
    unheard: int = 0
    arrivals: int = 0
    retries: int = 0
    tolls: list[Toll] = field(default_factory=list)
    repeated_by_stops: int = 0
    violations: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    closest: float = float("inf")
    latest: float = float("-inf")

    def found(self, violation: str) -> int:
        return len(self.violations.get(violation, ()))


LOST, EARLY, LATE = "lost", "early", "after their expiry"
UNSIGNED, CHANGED = "wrong signatures", "bodies that differ between attempts"
UNCALLED, UNCOMMITTED = "sent where nobody subscribed", "sent and never committed"
REPEATED, OVER = "sent again without a cause", "kills over the bound of duplicates"
DISAGREEING = "states that disagree with the ledger"
VIOLATIONS = (LOST, EARLY, LATE, UNSIGNED, CHANGED, UNCALLED, UNCOMMITTED, REPEATED, OVER, DISAGREEING)


def judge(evidence: Evidence) -> Verdict:
    """Everything that is wrong, and what the run cost."""
    verdict = Verdict(committed=len(evidence.events), arrivals=len(evidence.arrivals))
    came = _by_pair(evidence.arrivals)
    _what_came(evidence, verdict)
    _what_should_have_come(evidence, came, verdict)
    _times(evidence, came, verdict)
    _repetitions(evidence, came, verdict)
    return verdict


def _by_pair(arrivals: Sequence[Arrival]) -> dict[Pair, list[Arrival]]:
    found: dict[Pair, list[Arrival]] = defaultdict(list)
    for each in sorted(arrivals, key=lambda arrival: arrival.came):
        found[each.pair].append(each)
    return found


def _what_came(evidence: Evidence, verdict: Verdict) -> None:
    bodies: dict[str, str] = {}
    for each in evidence.arrivals:
        event, subscriber = evidence.events.get(each.event_id), evidence.subscribers.get(each.path)
        if each.verdict != GOOD:
            verdict.violations[UNSIGNED].append(f"{each.pair}: {each.verdict}")
        if bodies.setdefault(each.event_id, each.body) != each.body:
            verdict.violations[CHANGED].append(str(each.pair))
        if event is None:
            verdict.violations[UNCOMMITTED].append(str(each.pair))
        elif subscriber is None or event.account_id != subscriber.account_id or not subscriber.wants(event.type):
            verdict.violations[UNCALLED].append(str(each.pair))


def _what_should_have_come(evidence: Evidence, came: Mapping[Pair, Sequence[Arrival]], verdict: Verdict) -> None:
    expected = set(_expected(evidence))
    verdict.expected = len(expected)
    for pair in sorted(expected):
        state, event = evidence.states.get(pair), evidence.events[pair[1]]
        ran_out = state == "expired" and event.expires <= evidence.ended_at
        if pair not in came and not ran_out:
            verdict.violations[LOST].append(f"{pair}: {state}")
        taken = any(each.succeeded() for each in came.get(pair, ()))
        verdict.delivered += taken
        verdict.expired += ran_out
        verdict.unheard += taken and ran_out
        if not _agrees(evidence, state, ran_out, came.get(pair, ())):
            verdict.violations[DISAGREEING].append(f"{pair}: {state}, answered {_answers(came.get(pair, ()))}")
    for pair in sorted(evidence.states.keys() - expected):
        verdict.violations[DISAGREEING].append(f"{pair}: {evidence.states[pair]}, though nobody subscribed")


def _expected(evidence: Evidence) -> Iterator[Pair]:
    of_account: dict[str, list[Subscriber]] = defaultdict(list)
    for each in evidence.subscribers.values():
        of_account[each.account_id].append(each)
    for event in evidence.events.values():
        yield from ((each.path, event.id) for each in of_account[event.account_id] if each.wants(event.type))


def _agrees(evidence: Evidence, state: str | None, ran_out: bool, came: Sequence[Arrival]) -> bool:
    taken = [each for each in came if each.succeeded()]
    if state == "delivered":
        return bool(taken)
    # Taken by a receiver whose answer nobody lived to record, and its time was over before it could be sent again.
    return ran_out and all(_was_cut_short(evidence, each) for each in taken)


def _was_cut_short(evidence: Evidence, arrival: Arrival) -> bool:
    sender = evidence.senders.get(arrival.sender)
    return sender is not None and ((sender.death is not None and sender.death.is_kill) or bool(sender.stops))


def _answers(came: Sequence[Arrival]) -> str:
    return ", ".join(str(each.status) for each in came) or "nothing"


def _times(evidence: Evidence, came: Mapping[Pair, Sequence[Arrival]], verdict: Verdict) -> None:
    for pair, arrivals in came.items():
        event, subscriber = evidence.events.get(pair[1]), evidence.subscribers.get(pair[0])
        if event is not None and not (subscriber and subscriber.asked_again):
            _due(verdict, pair, arrivals[0], event.due)
            late = max(each.came_at for each in arrivals) - event.expires
            verdict.latest = max(verdict.latest, late)
            if late > ON_ITS_WAY_SECONDS:
                verdict.violations[LATE].append(f"{pair}: {late:.3f} s")
    for refusal in evidence.refusals:
        _retry(evidence, came.get(refusal.pair, ()), refusal, verdict)


def _retry(evidence: Evidence, came: Sequence[Arrival], refusal: Refusal, verdict: Verdict) -> None:
    """Whether what came after a failed attempt kept the pause; both ends by the ledger's own clock."""
    for before, after in pairwise(came):
        answered = before.answered_at or 0.0
        listed = refusal.began - 0.1 <= answered <= refusal.ended + 0.1
        sender = evidence.senders.get(before.sender)
        if listed and not before.succeeded() and not (sender and sender.stops):
            verdict.retries += 1
            _due(verdict, refusal.pair, after, answered + evidence.pauses[refusal.number - 1])


def _due(verdict: Verdict, pair: Pair, arrival: Arrival, due: float) -> None:
    margin = arrival.came_at - due
    verdict.closest = min(verdict.closest, margin)
    if margin < -CLOCK_NOISE_SECONDS:
        verdict.violations[EARLY].append(f"{pair}: {-margin:.3f} s")


def _repetitions(evidence: Evidence, came: Mapping[Pair, Sequence[Arrival]], verdict: Verdict) -> None:
    duplicates: Counter[int] = Counter()
    cut_off: Counter[int] = Counter()
    for pair, arrivals in came.items():
        for before, after in pairwise(arrivals):
            cause = _cause(evidence, before, after)
            if cause == "killed":
                answered = before.succeeded(evidence.senders[before.sender].death.gone)
                (duplicates if answered else cut_off)[before.sender] += 1
            elif cause == "stopped":
                verdict.repeated_by_stops += before.succeeded()
            elif cause is None:
                verdict.violations[REPEATED].append(f"{pair}: by {before.sender} and by {after.sender}")
    for sender in evidence.senders.values():
        if sender.death is not None and sender.death.is_kill:
            _count_toll(evidence, sender, duplicates[sender.mark], cut_off[sender.mark], verdict)


def _cause(evidence: Evidence, before: Arrival, after: Arrival) -> str | None:
    """Why something came again. Each kill and each stop is the cause of one repetition of a delivery at most."""
    if before.status is not None and not before.succeeded():
        return "refused"
    sender, resumed = evidence.senders.get(before.sender), evidence.senders.get(after.sender)
    # What it had claimed and not sent when it stood still goes out when it goes on, though others sent it meanwhile.
    if resumed and any(
        since <= before.came and until <= after.came <= until + GOES_ON_SECONDS for since, until in resumed.stops
    ):
        return "stopped"
    if sender is None:
        return None
    # First: what was in its hands when it stood still was given to others, whenever they come to it.
    if any(before.came <= until + GOES_ON_SECONDS and after.came >= since for since, until in sender.stops):
        return "stopped"
    killed = sender.death is not None and sender.death.is_kill and after.came >= sender.death.at
    return "killed" if killed else None


def _count_toll(evidence: Evidence, sender: Sender, duplicates: int, cut_off: int, verdict: Verdict) -> None:
    death = sender.death
    taken = [each for each in evidence.arrivals if each.sender == sender.mark and each.succeeded(death.gone)]
    # What was answered and had not reached the process when it died was answered since its last flush, too.
    since = [each for each in taken if each.made in sender.since_flush or each.made not in sender.queued]
    oldest = max((death.at - (each.answered or death.at) for each in since), default=0.0)
    toll = Toll(death.how, death.in_flight, duplicates, min(len(since), MOST_UNRECORDED), cut_off, oldest)
    verdict.tolls.append(toll)
    if duplicates > toll.bound:
        verdict.violations[OVER].append(f"process {sender.mark}, {death.how}: {duplicates} of {toll.bound}")
