"""The playbook document: the rule language as it is written in YAML or JSON, key by key.

These models say what each key may hold; `loader` turns them into `policy.playbook` and refuses what contradicts itself
across rules. `docs/playbooks.md` is the guide.
"""

from __future__ import annotations

import re
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
)

from afterword.formats.text import printable
from afterword.policy.conditions import CONDITIONS
from afterword.policy.playbook import ANCHORS
from afterword.policy.wording import PLACEHOLDERS

MOST_RULES, MOST_CONDITIONS, MOST_POINTS, MOST_DAYS = 100, 12, 6, 3660
WITH_RULE = ("last_done", "reply_to")
_PLUS = re.compile(r"(-)?P(?:(\d{1,4})W|(\d{1,4})D|T(?:(\d{1,5})H)?(?:(\d{1,6})M)?)", re.ASCII)
_NUMBER = re.compile(r"(\d+)([WDHM])", re.ASCII)
_ANCHOR = re.compile(r"([a-z_.]+)(?:\(([a-z0-9-]+)\))?", re.ASCII)


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value, re.ASCII):
        raise ValueError("must be small letters and digits joined by hyphens, like thank-you")
    return value


def _plus(value: str) -> str:
    match = _PLUS.fullmatch(value)
    if not match or not any(match.groups()[1:]):
        raise ValueError("must be hours like PT24H, or days or weeks like P7D or P2W, and not a mixture")
    _, days, minutes = split_plus(value)
    if (days or 0) > MOST_DAYS or (minutes or 0) > MOST_DAYS * 24 * 60:
        raise ValueError(f"must be at most {MOST_DAYS} days")
    return value


def _anchor(value: str) -> str:
    match = _ANCHOR.fullmatch(value)
    if not match or match[1] not in ANCHORS:
        raise ValueError(f"is not an anchor; there are: {', '.join(ANCHORS)}")
    if match[1] in WITH_RULE and match[2] is None:
        raise ValueError(f"needs the id of a rule, like {match[1]}(some-rule)")
    if match[1] not in WITH_RULE and match[2] is not None:
        raise ValueError(f"takes no rule in brackets; write {match[1]}")
    return value


def _template(value: str) -> str:
    try:
        fields = [parts[1:] for parts in Formatter().parse(value) if parts[1] is not None]
    except ValueError as broken:
        raise ValueError(f"has a brace that is not closed ({broken}); write {{{{ for a brace") from None
    for name, form, conversion in fields:
        if name not in PLACEHOLDERS or form or conversion:
            raise ValueError(f"has no such placeholder {{{name}}}; there are: {', '.join(PLACEHOLDERS)}")
    return value


def _condition(value: object) -> object:
    if isinstance(value, str):
        return {"name": value, "arguments": []}
    if isinstance(value, dict) and len(value) == 1:
        ((name, arguments),) = value.items()
        return {"name": name, "arguments": arguments if isinstance(arguments, list) else [arguments]}
    raise ValueError("must be the name of a condition, or one name with its arguments, like {outcome: [rejected]}")


def _moment(value: object) -> object:
    if isinstance(value, list):
        return {"points": value}
    if isinstance(value, dict) and "latest" in value:
        return {**{k: v for k, v in value.items() if k != "latest"}, "points": value["latest"], "latest": True}
    if isinstance(value, dict):
        return {"points": [{k: v for k, v in value.items() if k != "at_least"}], "at_least": value.get("at_least")}
    raise ValueError("must be an anchor with plus, a list of them, or {latest: [...]}")


def _moment_or(*words: str) -> BeforeValidator:
    return BeforeValidator(lambda value: {"word": value} if value in words else _moment(value))


def _listed(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


Slug = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_slug)]
Sentence = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(printable)]
Template = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(printable), AfterValidator(_template)]
Plus = Annotated[str, AfterValidator(_plus)]
ChannelName = Literal["email", "phone", "letter", "handwritten", "in_person", "linkedin", "text", "public_post"]
Addressee = Literal["point_of_contact", "recruiter", "replier"]
ChannelNames = Annotated[list[ChannelName], Field(max_length=8), BeforeValidator(_listed)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class ConditionPart(_Part):
    """One condition, by its name, with its arguments."""

    name: Annotated[str, Field(json_schema_extra={"enum": sorted(CONDITIONS)})]
    arguments: list[Annotated[str, Field(max_length=64)]] = Field(max_length=8)


Conditions = Annotated[
    list[Annotated[ConditionPart, BeforeValidator(_condition)]],
    Field(max_length=MOST_CONDITIONS),
    BeforeValidator(_listed),
]


class PointPart(_Part):
    """An anchor and how far from it."""

    anchor: Annotated[str, AfterValidator(_anchor)]
    """What it is counted from."""
    plus: Plus | None = None
    """Hours like `PT24H`, or days or weeks like `P7D` or `P2W`; `-` in front counts back."""
    working_days: StrictBool = False
    """Count working days."""
    when: Conditions = []
    """The point counts only where all of these hold."""
    why: Template | None = None
    """The reason that is shown where this point counts, in place of the rule's."""


class MomentPart(_Part):
    """One or more points; or one of the words that a window's end may be."""

    points: Annotated[list[PointPart], Field(min_length=1, max_length=MOST_POINTS)] | None = None
    latest: StrictBool = False
    at_least: Plus | None = None
    word: str | None = None


class RepeatPart(_Part):
    """How a rule comes again."""

    every: Plus
    """How long after the last one sent the next opens."""
    max: Annotated[StrictInt, Field(ge=1, le=20)] | None = None
    """How many may be sent; without it there is no limit."""
    optional_from: Annotated[StrictInt, Field(ge=2, le=20)] | None = None
    """The attempt from which on it is optional."""
    due: Annotated[MomentPart, _moment_or("never")] | None = None
    """The due of later attempts."""


class ChannelPart(_Part):
    """Which channels, best first."""

    recommended: ChannelNames = []
    """The channels to use, best first."""
    allowed: ChannelNames = []
    """Others that will do."""
    avoid: ChannelNames = []
    """Channels to leave alone."""
    prefer: ChannelNames = []
    """Channels in which a person's own preference leads."""
    as_asked: StrictBool = False
    """The way they asked for leads."""
    as_theirs: StrictBool = False
    """The way they wrote leads."""
    when: Conditions = []
    """The advice counts only where all of these hold."""


class CitationPart(_Part):
    """On whose word."""

    source: Slug
    """Who says so: an article, a book, an aunt."""
    locator: Sentence
    """Where in it."""
    says: Sentence
    """What it says, in your own words."""
    inferred: StrictBool = False
    """Whether you concluded it and the source does not say it."""
    title: Sentence | None = None
    """The source's title, to be shown."""


Citations = Annotated[list[CitationPart], Field(max_length=12)]


class RulePart(_Part):
    """One rule. With `forbids` it is a hold, and has `until` in place of a window."""

    id: Slug
    """Its own name."""
    kind: Slug
    """The kind of action. A touch whose purpose is the kind settles the action."""
    subject: Literal["interview", "person", "reference", "insider", "opportunity", "account"] = Field(alias="for")
    """What there is one action for: each round, person in it, reference or insider; the opportunity; the account."""
    cite: Annotated[list[CitationPart], Field(min_length=1, max_length=12)]
    """Who says so."""
    dissent: Citations = []
    """Who says otherwise."""
    title: Template | None = None
    """The action in a few words, with placeholders like `{person}` and `{company}`."""
    why: Template | None = None
    """The reason, with the same placeholders."""
    when: Conditions = []
    """Conditions, all of which must hold."""
    opens: Annotated[MomentPart, BeforeValidator(_moment)] | None = None
    """When the window opens."""
    best: Annotated[MomentPart, BeforeValidator(_moment)] | None = None
    """The best moment in it."""
    due: Annotated[MomentPart, _moment_or("never")] | None = None
    """When it should be done by; `never` has none."""
    expires: Annotated[MomentPart, _moment_or("never", "due")] | None = None
    """When it is too late; `due` is when it is due."""
    after: Slug | None = None
    """The id of a rule that must first be done, skipped or lapsed."""
    repeat: RepeatPart | None = None
    """How it comes again."""
    channel: Annotated[list[ChannelPart], Field(max_length=4), BeforeValidator(_listed)] = []
    """How to say it; of several with `when` the first that holds."""
    to: Annotated[list[Addressee], Field(max_length=3), BeforeValidator(_listed)] = []
    """Whom the message of an interview or opportunity goes to, best first."""
    optional: StrictBool = False
    """It may be left undone."""
    message: StrictBool | None = None
    """Whether it is outbound contact; it is where there is a channel, unless you say otherwise."""
    fixed: StrictBool = False
    """The working calendar never moves it."""
    once: StrictBool = False
    """It is owed once for each person and opportunity."""
    newest_round_only: StrictBool = False
    """A newer held round with the same person takes its place."""
    settles_every_round: StrictBool = False
    """Doing it settles every round of that person that had ended."""
    outlives_outcome: StrictBool = False
    """An outcome does not end it."""
    one_a_day: StrictBool = False
    """The same person is not written to for two opportunities on one day."""
    ends: Annotated[list[Slug], Field(max_length=20)] = []
    """Kinds that do not fire in an opportunity where this rule does."""
    checklist: Annotated[list[Sentence], Field(max_length=20)] = []
    """What to think of, line by line."""


class HoldPart(_Part):
    """Something to leave alone."""

    id: Slug
    """Its own name."""
    kind: Slug
    """The kind of hold."""
    subject: Literal["opportunity", "person"] = Field(alias="for")
    """Whether it is about the opportunity or about each person in it."""
    cite: Annotated[list[CitationPart], Field(min_length=1, max_length=12)]
    """Who says so."""
    why: Template | None = None
    """The reason, with placeholders like `{person}` and `{company}`."""
    when: Conditions = []
    """Conditions, all of which must hold."""
    forbids: Annotated[list[Slug], Field(max_length=MOST_RULES)] | Literal["all_messages"]
    """The kinds to leave alone, or `all_messages`."""
    channel: ChannelName | None = None
    """Only by this channel; with no kinds, everything by it."""
    until: Annotated[str, Field(max_length=80, pattern=r"^opening\([a-z0-9-]+\)$")] | None = None
    """It stands until that rule opens, like `opening(follow-up)`; else until a fact ends it."""
    spares: Conditions = []
    """People for whom any of these holds are not spoken of."""
    outlives_outcome: StrictBool = False
    """An outcome does not end it."""


class PlaybookDocument(_Part):
    """A whole playbook. Its rules are read one by one, so that each problem is named at its rule."""

    id: Slug = "inline"
    """Its own name; a playbook of yours cannot have that of a built-in one."""
    title: Sentence | None = None
    """Its name in words."""
    about: Sentence | None = None
    """What it advises, in a sentence."""
    extends: Slug | None = None
    """A built-in playbook to start from."""
    without: Annotated[list[Slug], Field(max_length=MOST_RULES)] = []
    """Rules of that one to drop."""
    rules: Annotated[list[dict[str, Any]], Field(max_length=MOST_RULES)]
    """A rule with `kind` is whole; one without changes the keys it gives of the rule it names."""


def split_anchor(text: str) -> tuple[str, str | None]:
    """`last_done(thank-you)` as its name and the rule it names."""
    name, _, rule = text.partition("(")
    return name, rule.removesuffix(")") or None


def split_plus(text: str) -> tuple[int, int | None, int | None]:
    """A checked `plus` as its sign, its days and its minutes; one of the last two is None."""
    sign = -1 if text.startswith("-") else 1
    numbers = {unit: int(number) for number, unit in _NUMBER.findall(text)}
    if "T" in text:
        return sign, None, numbers.get("H", 0) * 60 + numbers.get("M", 0)
    return sign, numbers.get("W", 0) * 7 + numbers.get("D", 0), None
