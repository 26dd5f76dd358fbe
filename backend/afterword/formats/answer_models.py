"""The shapes of answers and webhooks, for the OpenAPI document. `answer` and `webhook_event` write them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, BaseModel, ConfigDict, Field

from afterword.formats.facts_document import ChannelName, State
from afterword.formats.instants import Day, Instant
from afterword.formats.webhook_event import EVENT_TYPES

Place = Annotated[int, Field(ge=0)]
EventType = Literal[EVENT_TYPES]  # type: ignore[valid-type]


class LiteralWindow(BaseModel):
    """The window as the rule alone gives it, before the working calendar moved it."""

    opens_at: Instant
    due_at: Instant | None


class Window(BaseModel):
    """When to act."""

    opens_at: Instant
    best_at: Instant | None
    due_at: Instant | None
    expires_at: Instant | None
    literal: LiteralWindow | None


class Channel(BaseModel):
    """How to say it."""

    recommended: ChannelName | None
    allowed: list[ChannelName]
    avoid: list[ChannelName]


class Citation(BaseModel):
    """Whose advice it is. `inferred` where the source is silent and this is our reading."""

    model_config = ConfigDict(from_attributes=True)

    source: str
    title: str
    locator: str
    says: str
    inferred: bool


class Person(BaseModel):
    """Who it is for."""

    contact_id: str
    name: str
    role: str | None


class KeyedPerson(BaseModel):
    """Who it is for, by the document's key."""

    key: str
    name: str
    role: str | None


class _Action(BaseModel):
    id: str
    rule: str
    kind: str
    attempt: int
    title: str
    state: State
    optional: bool
    window: Window | None
    company: str | None
    role: str | None
    channel: Channel | None
    why: str
    checklist: list[str]
    sources: list[Citation]
    dissent: list[Citation]


class Action(_Action):
    """Something to do, in a window."""

    person: Person | None
    opportunity_id: str | None
    interview_id: str | None


class KeyedAction(_Action):
    """Something to do, in a window; its subjects by the document's keys."""

    person: KeyedPerson | None
    opportunity: str | None
    interview: str | None


class Agenda(BaseModel):
    """The answer's actions by when they are to be thought of: their places in `actions`, counted from 0. What is put
    aside, done or past is in none.

    Days are those of the account's zone: at its midnight an action may move from one to another.
    """

    now: list[Place] = Field(description="Open or overdue.")
    next: list[Place] = Field(description="All that opens on the day on which something opens next.")
    within_a_week: list[Place] = Field(description="What else opens within seven days, of which today is the first.")
    later: list[Place]
    any_time: list[Place] = Field(description="Open, without a window.")


class _Hold(BaseModel):
    id: str
    kind: str
    forbids: list[str]
    channel: ChannelName | None
    until: Instant | None
    why: str
    sources: list[Citation]


class Hold(_Hold):
    """Something to leave alone, until an instant or until a fact lifts it."""

    person: Person | None
    opportunity_id: str
    spares: list[Person]


class KeyedHold(_Hold):
    """Something to leave alone; its subjects by the document's keys."""

    person: KeyedPerson | None
    opportunity: str
    spares: list[KeyedPerson]


class _Silence(BaseModel):
    rule: str
    kind: str
    because: str
    condition: str | None = Field(
        description="The rule's condition that does not hold, as it is written; null where something else stopped it."
    )


class Silence(_Silence):
    """A rule that did not fire, and the one condition that stopped it."""

    person: Person | None
    opportunity_id: str | None
    interview_id: str | None


class KeyedSilence(_Silence):
    """A rule that did not fire; its subjects by the document's keys."""

    person: KeyedPerson | None
    opportunity: str | None
    interview: str | None


class _Answer(BaseModel):
    as_of: Instant
    next_change_at: Instant | None
    playbook: str


class NotAdvised(BaseModel):
    """A playbook that cannot be read, so that nothing is said of an opportunity; null: of the account as a whole."""

    opportunity_id: str | None
    playbook: str
    version: str | None
    why: str


class NextActions(_Answer):
    """What to do, what to leave alone, and when the answer changes by itself."""

    actions: list[Action]
    agenda: Agenda
    holds: list[Hold]
    not_fired: list[Silence] | MISSING = Field(default=MISSING, description="With `explain` only.")
    not_advised: list[NotAdvised] | MISSING = Field(default=MISSING, description="Only where a playbook is unreadable.")


class OpportunityTimeline(NextActions):
    """What to do about one opportunity, in every state."""

    changes: Annotated[list[Instant], Field(max_length=60)] | MISSING = Field(
        default=MISSING,
        description="With `changes` only: when this answer was or will be another one, in order, as far as the facts "
        "tell by now; the last 30 before and the next 30.",
    )


class Timeline(_Answer):
    """The answer to a facts document, its subjects by the document's keys."""

    actions: list[KeyedAction]
    agenda: Agenda
    holds: list[KeyedHold]
    not_fired: list[KeyedSilence] | MISSING = Field(default=MISSING, description="With `explain` only.")


class ComparedPlaybook(BaseModel):
    """All that one playbook says of the opportunity, in every state."""

    id: str
    version: str
    title: str
    next_change_at: Instant | None
    actions: list[Action]
    holds: list[Hold]


class ComparedAction(BaseModel):
    """What one playbook says of an obligation."""

    action_id: str
    state: State
    window: Window | None
    channel: Channel | None


class ComparedObligation(BaseModel):
    """The same obligation under each playbook, by the playbook's id; null where that one does not ask for it."""

    kind: str
    person: Person | None
    interview_id: str | None
    attempt: int
    by_playbook: dict[str, ComparedAction | None]


class Comparison(BaseModel):
    """The same facts under several playbooks. `rows` are in the order in which the first would have them done."""

    as_of: Instant
    opportunity_id: str
    playbooks: list[ComparedPlaybook]
    rows: list[ComparedObligation]
    not_advised: list[NotAdvised] | MISSING = Field(default=MISSING, description="Only where a playbook is unreadable.")


class ContactHold(_Hold):
    """What speaks against a message. `opportunity_id` is null for somebody who takes part in none."""

    person: Person | None
    opportunity_id: str | None
    spares: list[Person]


class ContactAlternative(BaseModel):
    """What could be done instead: a message that contact-check would allow, asked with these very fields at `at`.

    `another_channel`: the same message at once, another way. `later`: the same message from `at` on. `another_person`:
    the same message to whom one writes about the opportunity. `action`: something else that is to be done for the
    person now. `action_id` names the action that the message would fulfil, where there is one.
    """

    type: Literal["another_channel", "later", "another_person", "action"]
    title: str
    at: Instant
    person: Person
    opportunity_id: str | None
    channel: ChannelName | None
    purpose: str | None
    action_id: str | None


class ContactCheck(BaseModel):
    """Whether a message may be sent, and on whose advice it may not.

    `until` is when everything that speaks against it will have lifted by itself; null where a fact must lift it, or
    nothing does speak. `channel` is the one asked about or, where none was and it is allowed, the first that will do.
    """

    as_of: Instant
    allowed: bool
    until: Instant | None
    why: str | None
    person: Person
    opportunity_id: str | None
    channel: ChannelName | None
    purpose: str | None
    holds: list[ContactHold]
    alternatives: list[ContactAlternative]


class EventOpportunity(BaseModel):
    """The opportunity an event is about."""

    id: str
    company: str
    role: str | None


class EventInterview(BaseModel):
    """The interview an event is about."""

    id: str
    round: int
    format: str
    status: str
    starts_at: Instant
    ends_at: Instant
    time_zone: str
    external_id: str | None


class EventContact(BaseModel):
    """The person an event is about."""

    id: str
    name: str
    email: str | None


class EventTouch(BaseModel):
    """The touch an event is about."""

    id: str
    direction: str
    purpose: str | None
    channel: str | None
    at: Instant
    decision_on: Day | None


class EventLinks(BaseModel):
    """Where to look; null where the server was not told its public address."""

    app: str | None


class EventEndpoint(BaseModel):
    """The endpoint that was disabled, and why."""

    id: str
    url: str
    description: str | None
    reason: str


class EventData(BaseModel):
    """What happened. `id` is the `webhook-id` of every attempt; `sequence` counts the account's events without gaps."""

    id: str
    sequence: int
    test: bool
    action: Action | None
    hold: Hold | None
    opportunity: EventOpportunity | None
    interview: EventInterview | None
    contact: EventContact | None
    touch: EventTouch | None
    endpoint: EventEndpoint | None
    links: EventLinks


class Event(BaseModel):
    """One event, as it is sent to webhook endpoints (signed per Standard Webhooks) and listed."""

    type: EventType
    timestamp: Instant
    data: EventData
