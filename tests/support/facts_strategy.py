"""Facts as hypothesis makes them: all that the facts document may say, in so small a span of time that it interacts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from afterword.policy.facts import Calendar, Facts, Interview, Mark, Opportunity, Outcome, Person, Touch

ZONES = ("UTC", "America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe")
FIRST, LAST = datetime(2026, 2, 20, tzinfo=UTC), datetime(2026, 6, 30, tzinfo=UTC)
CHANNELS = ("email", "phone", "letter", "handwritten", "in_person", "linkedin", "text")
KEYS = ("ana", "ben", "cy")
SOMEBODY = (*KEYS, *KEYS, "")
OFTEN = ("thank-you", "follow-up", "follow-up", "recap", "connect")

DAY = 24 * 60
minutes = st.integers(0, 25 * DAY) | st.integers(0, int((LAST - FIRST).total_seconds()) // 60)
instants = minutes.map(lambda count: FIRST + timedelta(minutes=count))
days = (st.integers(0, 30) | st.integers(0, 130)).map(lambda count: date(2026, 2, 20) + timedelta(days=count))
maybe_day, maybe_instant = st.none() | days, st.none() | instants
zones = st.sampled_from(ZONES).map(ZoneInfo)


def often(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the kinds that settle much, so that something is done in many examples."""
    return tuple(kind for kind in OFTEN if kind in kinds) or kinds


@st.composite
def people(draw: st.DrawFn) -> tuple[Person, ...]:
    roles = st.lists(
        st.sampled_from(("interviewer", "hiring_manager", "recruiter", "reference", "insider")), max_size=2, unique=True
    )
    return tuple(
        Person(
            key=key,
            name=key.title(),
            roles=tuple(draw(roles)),
            email=draw(st.sampled_from((None, f"{key}@acme.example"))),
            phone=draw(st.sampled_from((None, "+1 555 0100"))),
            postal_address=draw(st.sampled_from((None, "1 Main Street"))),
            preferred_channel=draw(st.none() | st.sampled_from(CHANNELS)),
            point_of_contact=draw(st.booleans()),
            connected=draw(st.booleans()),
            do_not_contact=draw(st.sampled_from((False, False, True))),
        )
        for key in KEYS
    )


@st.composite
def interviews(draw: st.DrawFn) -> tuple[Interview, ...]:
    made = []
    for number in range(1, draw(st.integers(0, 3)) + 1):
        starts_at = draw(instants)
        status = draw(st.sampled_from(("scheduled", "scheduled", "scheduled", "cancelled", "missed")))
        odd_number = draw(st.sampled_from((0, 0, 0, 1, 2)))
        made.append(
            Interview(
                key=f"i{number}",
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=draw(st.integers(1, 300))),
                zone=draw(zones),
                round=odd_number or number,
                format=draw(st.sampled_from(("onsite", "video", "phone", "one_way_video"))),
                status=status,
                status_at=draw(maybe_instant),
                missed_by=draw(st.sampled_from(("employer", "me", None))) if status == "missed" else None,
                scheduled_at=draw(maybe_instant),
                decision_on=draw(maybe_day),
                decision_said_by=draw(st.none() | st.sampled_from(KEYS)),
                follow_up_channel=draw(st.none() | st.sampled_from(CHANNELS)),
                people=tuple(draw(st.lists(st.sampled_from(KEYS), max_size=3, unique=True))),
            )
        )
    return tuple(made)


def touches(kinds: tuple[str, ...], rounds: tuple[Interview, ...]) -> st.SearchStrategy[tuple[Touch, ...]]:
    outbound = st.builds(
        Touch,
        key=st.just(""),
        person=st.sampled_from(SOMEBODY),
        direction=st.just("outbound"),
        at=instants,
        channel=st.sampled_from(CHANNELS),
        purpose=st.sampled_from(often(kinds)) | st.sampled_from((*kinds, "reply", "other")),
        interview=st.sampled_from((None, *(one.key for one in rounds))),
    )
    inbound = st.builds(
        Touch,
        key=st.just(""),
        person=st.sampled_from(SOMEBODY),
        direction=st.just("inbound"),
        at=instants,
        channel=st.none() | st.sampled_from(CHANNELS),
        purpose=st.sampled_from((None, None, None, *kinds)),
        decision_on=maybe_day,
        automatic=st.sampled_from((False, False, True)),
    )
    return st.lists(outbound | inbound, max_size=8).map(numbered)


def numbered(made: list[Touch]) -> tuple[Touch, ...]:
    fields = ("person", "direction", "at", "channel", "purpose", "interview", "decision_on", "automatic")
    return tuple(Touch(f"t{index}", **{name: getattr(one, name) for name in fields}) for index, one in enumerate(made))


@st.composite
def marks(draw: st.DrawFn, kinds: tuple[str, ...], rounds: tuple[Interview, ...]) -> tuple[Mark, ...]:
    made = []
    for _ in range(draw(st.integers(0, 3))):
        at, state = draw(instants), draw(st.sampled_from(("done", "skipped", "snoozed")))
        made.append(
            Mark(
                kind=draw(st.sampled_from(often(kinds)) | st.sampled_from(kinds)),
                state=state,
                at=at,
                interview=draw(st.sampled_from((None, *(one.key for one in rounds)))),
                person=draw(st.none() | st.sampled_from(KEYS)),
                attempt=draw(st.integers(1, 3)),
                until=at + timedelta(hours=draw(st.integers(-5, 200))) if state == "snoozed" else None,
            )
        )
    return tuple(made)


@st.composite
def opportunities(draw: st.DrawFn, key: str, kinds: tuple[str, ...]) -> Opportunity:
    rounds = draw(interviews())
    outcome = st.builds(
        Outcome,
        status=st.sampled_from(("rejected", "offer", "accepted", "declined", "withdrawn", "closed")),
        at=instants,
        start_date=maybe_day,
        answer_by=maybe_day,
    )
    return Opportunity(
        key=key,
        company=key.title(),
        role=draw(st.sampled_from((None, "Data engineer"))),
        applied_on=draw(maybe_day),
        holidays=draw(st.none() | st.frozensets(days, max_size=5)),
        long_process=draw(st.booleans()),
        people=draw(people()),
        interviews=rounds,
        touches=draw(touches(kinds, rounds)),
        marks=draw(marks(kinds, rounds)),
        outcome=draw(st.none() | st.none() | outcome),
    )


calendars = st.builds(
    Calendar,
    zone=zones,
    working_days=st.sampled_from((frozenset(range(7)), frozenset(range(5)), frozenset({2}))),
    holidays=st.frozensets(days, max_size=5),
    contact_from=st.sampled_from((time(9), time(2, 30), time(0))),
    contact_until=st.sampled_from((time(17), time(23, 59))),
)


@st.composite
def facts(draw: st.DrawFn, kinds: tuple[str, ...]) -> Facts:
    """One to three opportunities, which share the people named in KEYS."""
    names = ("acme", "globex", "initech")[: draw(st.integers(1, 3))]
    return Facts(draw(calendars), tuple(draw(opportunities(name, kinds)) for name in names))
