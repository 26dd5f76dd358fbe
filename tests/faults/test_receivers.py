"""Receivers that misbehave in every way: each hurts only itself, and gets what it missed once it is well."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from afterword.delivery.retry import PAUSES
from afterword.delivery.transport import LARGEST_ANSWER_BYTES
from afterword.services.endpoint_health import CAREFUL_FOR
from afterword.storage.database import Database
from faults.host import Host, answering, hosting, in_turn
from faults.misbehaviours import FAILING, REDIRECTS, REFUSALS, SAID_BEFORE, TLS_ALERT, saying
from faults.sending import SECOND, MovedClock, Subscribed, disagreements, eventually, sending
from support.recorded import Recorded

DEADLINE_SECONDS = 1.0
PROMPTLY_SECONDS = 2.0


@pytest.fixture
def host() -> Host:
    with hosting() as running:
        yield running


def test_each_misbehaviour_is_logged_as_it_was_hurts_nobody_else_and_is_made_up_for_when_it_ends(
    database: Database, host: Host
) -> None:
    now = MovedClock()
    failing, said = {**FAILING, **REDIRECTS, **REFUSALS}, SAID_BEFORE
    host.behaviours = {**failing, **said}
    boxes = {path: Subscribed.alone(database, host, path) for path in host.behaviours}
    well = Subscribed.alone(database, host, "/well")
    for box in (*boxes.values(), well):
        box.happen(2, now())
    with sending(database, now, DEADLINE_SECONDS):
        assert eventually(lambda: well.states() == {"delivered": 2}, PROMPTLY_SECONDS)
        assert eventually(lambda: all(boxes[path].states() == {"retrying": 2} for path in failing))
        assert eventually(lambda: all(boxes[path].states() == {"delivered": 2} for path in said))
        assert disagreements(database, host) == []
        assert all(box.row().enabled for box in boxes.values())
        host.behaviours = {}
        now.move(CAREFUL_FOR)
        assert eventually(lambda: all(box.states() == {"delivered": 2} for box in boxes.values()))
    assert disagreements(database, host) == []
    assert not host.calls("/elsewhere")
    assert {len(box.attempts()) for path, box in boxes.items() if path in failing} == {4}
    assert all(attempt.duration_ms < 2_000 for box in boxes.values() for attempt in box.attempts())
    assert all(len(attempt.response_body or "") <= LARGEST_ANSWER_BYTES for attempt in boxes["/bomb"].attempts())


def test_an_answer_that_comes_after_the_deadline_counts_for_nothing(database: Database, host: Host) -> None:
    now = MovedClock()
    host.behaviours["/late"] = in_turn(answering(200, after=1.0), answering(200))
    late = Subscribed.alone(database, host, "/late")
    late.happen(1, now())
    with sending(database, now, deadline_seconds=0.5):
        assert eventually(lambda: late.states() == {"retrying": 1})
        assert late.deliveries()[0].reason == "no answer within 0.5 s"
        assert eventually(lambda: len(host.ledger) == 1)
        now.move(PAUSES[0])
        assert eventually(lambda: late.states() == {"delivered": 1})
    assert [row.status_code for row in late.attempts()] == [None, 200]
    assert len(host.ids("/late")) == 1
    assert disagreements(database, host, late_at={"/late"}) == []


def test_a_name_that_cannot_be_looked_up_or_a_handshake_that_fails_is_tried_again(
    database: Database, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = MovedClock()
    host.behaviours["/tls"] = saying(TLS_ALERT)
    real = socket.getaddrinfo
    unknown = {"nowhere.example": socket.EAI_NONAME, "later.example": socket.EAI_AGAIN}

    def resolve(name: object, *rest: object, **named: object) -> object:
        text = name.decode() if isinstance(name, bytes) else name
        if text in unknown:
            raise socket.gaierror(unknown[str(text)], "no answer")
        return real("127.0.0.1" if text == "later.example" else name, *rest, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    mine = Recorded.in_(database)
    secure = f"https://127.0.0.1:{host.port}/tls"
    urls = [f"http://nowhere.example:{host.port}/a", f"http://later.example:{host.port}/later", secure]
    nowhere, later, plain = (Subscribed(mine, mine.subscribe(url), "/") for url in urls)
    nowhere.happen(1, now())
    with sending(database, now, DEADLINE_SECONDS):
        for box in (nowhere, later, plain):
            assert eventually(lambda box=box: box.states() == {"retrying": 1})
            assert [row.error for row in box.attempts()] != [None]
        assert host.ledger == []
        del unknown["later.example"]
        now.move(PAUSES[0])
        assert eventually(lambda: later.states() == {"delivered": 1})
        assert eventually(lambda: len(plain.attempts()) == len(nowhere.attempts()) == 2)
    assert [call.path for call in host.ledger] == ["/later"]


def in_gmt(clock: MovedClock, by: timedelta) -> str:
    return (clock() + by).strftime("%a, %d %b %Y %H:%M:%S GMT")


#: What a Retry-After says, and the pause it makes where the usual one would be five seconds.
PAUSES_ASKED_FOR: dict[str, tuple[Callable[[MovedClock], str], timedelta]] = {
    "/seconds": (lambda _: "120", timedelta(seconds=120)),
    "/fewer-seconds": (lambda _: "2", PAUSES[0]),
    "/zero": (lambda _: "0", PAUSES[0]),
    "/padded": (lambda _: "  90  ", timedelta(seconds=90)),
    "/date": (lambda clock: in_gmt(clock, timedelta(minutes=10)), timedelta(minutes=10)),
    "/past-date": (lambda clock: in_gmt(clock, -timedelta(days=2)), PAUSES[0]),
    "/date-of-old": (lambda _: "Sunday, 06-Nov-94 08:49:37 GMT", PAUSES[0]),
    "/more-than-ten-hours": (lambda _: "36001", timedelta(hours=10)),
    "/far-date": (lambda clock: in_gmt(clock, timedelta(days=400)), timedelta(hours=10)),
    "/huge": (lambda _: "9" * 400, timedelta(hours=10)),
    "/negative": (lambda _: "-120", PAUSES[0]),
    "/fraction": (lambda _: "1.5", PAUSES[0]),
    "/garbage": (lambda _: "soon; please", PAUSES[0]),
    "/no-date": (lambda _: "Tue, 99 Foo 2026 99:99:99 GMT", PAUSES[0]),
    "/zone-beyond": (lambda _: "31 Dec 2027 23:59:59 +999999999999999999999", PAUSES[0]),
    "/superscript": (lambda _: "\xb2\xb3", PAUSES[0]),
    "/empty": (lambda _: "", PAUSES[0]),
}


def slack(path: str) -> timedelta:
    """How much less than the pause may be left: a date was written before the request, and without fractions."""
    return 5 * SECOND if path == "/date" else timedelta(0)


def test_429_with_every_form_of_retry_after_waits_as_asked_up_to_ten_hours(database: Database, host: Host) -> None:
    now = MovedClock()
    for path, (written, _) in PAUSES_ASKED_FOR.items():
        host.behaviours[path] = in_turn(answering(429, {"Retry-After": written(now)}), answering())
    boxes = {path: Subscribed.alone(database, host, path) for path in PAUSES_ASKED_FOR}
    for box in boxes.values():
        box.happen(1, now())
    with sending(database, now):
        assert eventually(lambda: all(box.states() == {"retrying": 1} for box in boxes.values()))
        for path, (_, pause) in PAUSES_ASKED_FOR.items():
            tried = boxes[path].attempts()[0]
            waited = boxes[path].next_attempts()[0] - tried.started_at
            assert pause - slack(path) <= waited <= pause + SECOND, path
        now.move(timedelta(hours=10))
        assert eventually(lambda: all(box.states() == {"delivered": 1} for box in boxes.values()))
    assert disagreements(database, host) == []
    for path, (_, pause) in PAUSES_ASKED_FOR.items():
        first, second = host.calls(path)
        assert second.sent_at - first.sent_at >= (pause - slack(path) - SECOND).total_seconds(), path


def test_who_says_that_it_has_too_much_to_do_gets_one_request_at_a_time(database: Database, host: Host) -> None:
    now = MovedClock()
    host.behaviours = {"/busy": in_turn(answering(503), answering(after=0.1)), "/other": answering(after=0.1)}
    mine = Recorded.in_(database)
    busy, other = (Subscribed.at(mine, host, path) for path in host.behaviours)
    busy.happen(1, now())
    with sending(database, now):
        assert eventually(lambda: busy.states() == {"retrying": 1})
        busy.happen(6, now())
        assert eventually(lambda: busy.states() == {"retrying": 1, "delivered": 6})
        assert host.most_at_once("/busy") == 1
        now.move(CAREFUL_FOR)
        busy.happen(8, now())
        assert eventually(lambda: busy.states() == other.states() == {"delivered": 15})
    assert 1 < host.most_at_once("/busy") <= 4
    assert 1 < host.most_at_once("/other") <= 4
    assert disagreements(database, host) == []


def test_410_disables_the_endpoint_at_once_even_in_the_middle_of_many(database: Database, host: Host) -> None:
    now = MovedClock()
    host.behaviours["/gone"] = in_turn(answering(), answering(410))
    gone = Subscribed.alone(database, host, "/gone")
    notice = Subscribed.at(gone.mine, host, "/notice", ["endpoint.disabled"])
    gone.happen(40, now())
    with sending(database, now):
        assert eventually(lambda: gone.states()["skipped"] >= 31 and notice.states() == {"delivered": 1})
        assert eventually(lambda: gone.states()["sending"] == 0)
        heard = len(host.calls("/gone"))
        now.move(PAUSES[1])
        gone.happen(5, now())
        assert eventually(lambda: notice.states() == {"delivered": 1})
    assert len(host.calls("/gone")) == heard <= 8, "no more than were on their way already"
    assert gone.states()["delivered"] == 1
    assert set(gone.states()) == {"delivered", "failed", "skipped"}
    assert (gone.row().enabled, gone.row().disabled_reason) == (False, "it answered 410 Gone")
    assert disagreements(database, host) == []


def test_who_flaps_gets_everything_and_is_not_given_up(database: Database, host: Host) -> None:
    now = MovedClock()
    flaps = [answering(status) for status in (500, 200, 503, 500, 200, 404, 200) * 8]
    host.behaviours["/flaps"] = in_turn(*flaps, answering())
    flapping = Subscribed.alone(database, host, "/flaps")
    flapping.happen(20, now())
    with sending(database, now) as sender:
        for _ in range(12):
            assert eventually(lambda: not {"pending", "sending"} & flapping.states().keys())
            if due := flapping.next_attempts():
                now.move_to(max(now(), due[-1]))
                sender.wake()
                assert eventually(lambda: not any(at <= now() for at in flapping.next_attempts()))
        assert eventually(lambda: flapping.states() == {"delivered": 20})
    assert flapping.row().enabled
    assert flapping.row().exhausted_in_a_row == 0
    assert disagreements(database, host) == []


def test_a_receiver_that_never_answers_does_not_slow_forty_nine_others(
    database: Database, host: Host, say: Callable[[str], None]
) -> None:
    now = MovedClock()
    gate = threading.Event()
    host.behaviours["/slow"] = FAILING["/silent"]
    slow = Subscribed.alone(database, host, "/slow")
    slow.happen(200, now())
    others = [Subscribed.alone(database, host, f"/fast/{number}") for number in range(49)]
    with sending(database, now, deadline_seconds=2.0):
        assert eventually(lambda: len(host.calls("/slow")) == 4)
        for _ in range(3):
            for other in others:
                other.happen(2, now())
            gate.wait(0.5)
        assert eventually(lambda: all(other.states() == {"delivered": 6} for other in others), 20)
    created = {row.event_id: row.created_at.timestamp() for other in others for row in other.deliveries()}
    late = sorted(call.at - created[call.id] for call in host.ledger if call.id in created)
    say(f"294 to others, {late[len(late) // 2]:.2f} s late in the middle, {late[-1]:.2f} s at most")
    assert late[-1] < PROMPTLY_SECONDS
    assert host.most_at_once("/slow") <= 4
    assert set(slow.states()) <= {"pending", "retrying"}
    assert len(slow.deliveries()) == 200
    assert disagreements(database, host) == []
