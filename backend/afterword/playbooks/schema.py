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
ChannelNames = Annotated[list[ChannelName], Field(max_length=8), BeforeValidator(_listed)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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
    plus: Plus | None = None
    working_days: StrictBool = False
    when: Conditions = []
    why: Template | None = None


class MomentPart(_Part):
    """One or more points; or one of the words that a window's end may be."""

    points: Annotated[list[PointPart], Field(min_length=1, max_length=MOST_POINTS)] | None = None
    latest: StrictBool = False
    at_least: Plus | None = None
    word: str | None = None


class RepeatPart(_Part):
    """How a rule comes again."""

    every: Plus
    max: Annotated[StrictInt, Field(ge=1, le=20)] | None = None
    optional_from: Annotated[StrictInt, Field(ge=2, le=20)] | None = None
    due: Annotated[MomentPart, _moment_or("never")] | None = None


class ChannelPart(_Part):
    """Which channels, best first."""

    recommended: ChannelNames = []
    allowed: ChannelNames = []
    avoid: ChannelNames = []
    prefer: ChannelNames = []
    as_asked: StrictBool = False
    as_theirs: StrictBool = False
    when: Conditions = []


class CitationPart(_Part):
    """On whose word."""

    source: Slug
    locator: Sentence
    says: Sentence
    inferred: StrictBool = False
    title: Sentence | None = None


Citations = Annotated[list[CitationPart], Field(max_length=12)]


class RulePart(_Part):
    """One rule. With `forbids` it is a hold, and has `until` in place of a window."""

    id: Slug
    kind: Slug
    subject: Literal["interview", "person", "reference", "insider", "opportunity", "account"] = Field(alias="for")
    cite: Annotated[list[CitationPart], Field(min_length=1, max_length=12)]
    dissent: Citations = []
    title: Template | None = None
    why: Template | None = None
    when: Conditions = []
    opens: Annotated[MomentPart, BeforeValidator(_moment)] | None = None
    best: Annotated[MomentPart, BeforeValidator(_moment)] | None = None
    due: Annotated[MomentPart, _moment_or("never")] | None = None
    expires: Annotated[MomentPart, _moment_or("never", "due")] | None = None
    after: Slug | None = None
    repeat: RepeatPart | None = None
    channel: Annotated[list[ChannelPart], Field(max_length=4), BeforeValidator(_listed)] = []
    to: Annotated[list[Literal["point_of_contact", "recruiter", "replier"]], BeforeValidator(_listed)] = []
    optional: StrictBool = False
    message: StrictBool | None = None
    fixed: StrictBool = False
    once: StrictBool = False
    newest_round_only: StrictBool = False
    settles_every_round: StrictBool = False
    outlives_outcome: StrictBool = False
    one_a_day: StrictBool = False
    ends: Annotated[list[Slug], Field(max_length=20)] = []
    checklist: Annotated[list[Sentence], Field(max_length=20)] = []


class HoldPart(_Part):
    """Something to leave alone."""

    id: Slug
    kind: Slug
    subject: Literal["opportunity", "person"] = Field(alias="for")
    cite: Annotated[list[CitationPart], Field(min_length=1, max_length=12)]
    why: Template | None = None
    when: Conditions = []
    forbids: Annotated[list[Slug], Field(max_length=MOST_RULES)] | Literal["all_messages"]
    channel: ChannelName | None = None
    until: Annotated[str, Field(pattern=r"^opening\([a-z0-9-]+\)$")] | None = None
    spares: Conditions = []
    outlives_outcome: StrictBool = False


class PlaybookDocument(_Part):
    """A whole playbook. Its rules are read one by one, so that each problem is named at its rule."""

    id: Slug = "inline"
    title: Sentence | None = None
    about: Sentence | None = None
    extends: Slug | None = None
    without: Annotated[list[Slug], Field(max_length=MOST_RULES)] = []
    rules: Annotated[list[dict[str, Any]], Field(max_length=MOST_RULES)]


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
