"""A playbook to be read: rule by rule in words, and as two weeks of an example."""

from dataclasses import fields
from typing import Any, Literal

from fastapi import Response
from pydantic import Field

from afterword.api.deps import KnownReading
from afterword.api.fields import ChannelName, Instant, PlaybookId, Told
from afterword.api.readers import VersionName, reader_of
from afterword.api.routes import router
from afterword.formats.answer_models import Citation
from afterword.formats.catalogue import story
from afterword.services import playbook_rules as service
from afterword.services.bookshelf import Origin

routes = router("playbooks")

Unit = Literal["minutes", "hours", "days", "working_days", "weeks"]


class WindowEnd(Told):
    """One end of a window: what it is called, and when it is, in words."""

    name: str
    words: str


class OpeningPoint(Told):
    """A point that a window may open at, and the reason that is shown where it counts."""

    words: str
    why: str


class Distance(Told):
    """How far an end of the window is from what it is counted from. `path` is that of the point within the rule; its
    `plus` is this number and unit."""

    path: str
    name: str
    count: int
    unit: Unit
    before: bool
    counted_from: str
    condition: str | None


class LeadingChannel(Told):
    """The channel that is recommended first. `path` is that of the channels within the rule."""

    path: str
    channel: ChannelName | None
    condition: str | None


class Adjustable(Told):
    """What a form can adjust. `repeats` is whether it comes again; `most` how often in all, null without limit."""

    distances: list[Distance]
    channels: list[LeadingChannel]
    repeats: bool
    most: int | None


class RuleInWords(Told):
    """A rule. `openings` are there where its points have reasons of their own; `lasting` is part of every playbook."""

    id: str
    kind: str
    title: str
    why: str
    whom: str
    when: str | None
    window: list[WindowEnd]
    openings: list[OpeningPoint]
    how: str | None
    often: str | None
    optional: bool
    notes: list[str]
    checklist: list[str]
    sources: list[Citation]
    dissent: list[Citation]
    lasting: bool
    adjustable: Adjustable


class HoldInWords(Told):
    """Something to leave alone; `lasting` is part of every playbook."""

    id: str
    kind: str
    title: str
    why: str
    forbids: str
    whom: str
    when: str | None
    until: str
    sources: list[Citation]
    lasting: bool


class PlaybookRules(Told):
    """A playbook rule by rule, in its order."""

    id: str
    version: str
    title: str
    origin: Origin
    about: str | None
    rules: list[RuleInWords]
    holds: list[HoldInWords]


class StoryLine(Told):
    """Something done in its window, or, with `held`, left alone."""

    kind: str
    title: str
    opens_at: Instant
    best_at: Instant | None
    due_at: Instant | None
    optional: bool
    held: bool


class PlaybookStory(Told):
    """Two weeks of an example as a playbook would have them. For who draws it: `days` are the midnights between, and
    from `turns_at` on there is less to see."""

    id: str
    version: str
    title: str
    time_zone: str
    starts_at: Instant
    ends_at: Instant
    turns_at: Instant
    until: Instant
    days: list[Instant] = Field(max_length=31)
    lines: list[StoryLine]


@routes.get(
    "/playbooks/{playbook_id}/rules", operation_id="list_playbook_rules", summary="A playbook in words, rule by rule"
)
def list_playbook_rules(
    access: KnownReading, response: Response, playbook_id: PlaybookId, version: VersionName = None
) -> PlaybookRules:
    """Each rule and hold in plain words with its sources, and what a form can adjust in it."""
    response.headers["Cache-Control"] = "private, no-cache"
    told = service.rules(reader_of(access), playbook_id, version)
    playbook = told.volume.playbook
    return PlaybookRules(
        id=playbook.id,
        version=playbook.version,
        title=told.volume.title,
        origin=told.volume.origin,
        about=told.volume.document["about"],
        rules=[RuleInWords.model_validate(_fields(each)) for each in told.rules],
        holds=[HoldInWords.model_validate(_fields(each)) for each in told.holds],
    )


@routes.get(
    "/playbooks/{playbook_id}/story", operation_id="get_playbook_story", summary="Two weeks as a playbook has them"
)
def get_playbook_story(access: KnownReading, response: Response, playbook_id: PlaybookId) -> PlaybookStory:
    """The same example for every playbook: an interview, no day named, no reply, each thing done when it is best."""
    response.headers["Cache-Control"] = "private, no-cache"
    volume, lines = service.lived(reader_of(access), playbook_id)
    return PlaybookStory(
        id=volume.playbook.id,
        version=volume.playbook.version,
        title=volume.title,
        time_zone=story.ZONE.key,
        starts_at=story.STARTS,
        ends_at=story.ENDS,
        turns_at=story.TURNS,
        until=story.SHOWN_UNTIL,
        days=list(story.DAYS),
        lines=[StoryLine.model_validate(each) for each in lines],
    )


def _fields(told: service.ToldRule | service.ToldHold) -> dict[str, Any]:
    """An entry's parts, with what is told of it beside them."""
    entry = {each.name: getattr(told.entry, each.name) for each in fields(told.entry)}
    beside = {each.name: getattr(told, each.name) for each in fields(told) if each.name != "entry"}
    return {**entry, **beside}
