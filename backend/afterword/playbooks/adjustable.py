"""What a form can adjust in a rule: each distance, the channel that leads and the allowance, with the path of each in
the rule as it is written, and the words that stand around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from afterword.formats.catalogue import words
from afterword.formats.catalogue.entries import Entries
from afterword.playbooks.compiler import DAYS
from afterword.playbooks.schema import split_anchor, split_plus
from afterword.policy.playbook import Moment, Rule

ENDS = {"opens": "Opens", "best": "Best", "due": "Due", "expires": "Too late"}
EVERY = "Again"
MINUTES_IN_HOUR, DAYS_IN_WEEK = 60, 7


@dataclass(frozen=True, slots=True)
class Distance:
    """How far something is from what it is counted from. `path` leads to the point, whose `plus` it is."""

    path: str
    name: str
    count: int
    unit: str
    before: bool
    counted_from: str
    condition: str | None


@dataclass(frozen=True, slots=True)
class LeadingChannel:
    """The channel that is recommended first; `path` leads to the advice, whose `recommended` it begins."""

    path: str
    channel: str | None
    condition: str | None


@dataclass(frozen=True, slots=True)
class Adjustable:
    """All of one rule. `repeats` is whether it comes again, `most` how often in all, None without limit."""

    distances: tuple[Distance, ...]
    channels: tuple[LeadingChannel, ...]
    repeats: bool
    most: int | None


def adjustable(rule: Rule, written: Mapping[str, Any], entries: Entries) -> Adjustable:
    """What a form can adjust in a rule, which is `written` so in its playbook's whole document."""
    return Adjustable(
        distances=tuple(_distances(rule, written, entries)),
        channels=tuple(_channels(rule, written, entries)),
        repeats=rule.repeat is not None,
        most=rule.repeat.max if rule.repeat else None,
    )


def _distances(rule: Rule, written: Mapping[str, Any], entries: Entries) -> Iterator[Distance]:
    for key, name in ENDS.items():
        moment: Moment | None = getattr(rule, key)
        if moment is not None:
            for (path, point), read in zip(_points(key, written.get(key)), moment.points, strict=False):
                condition = words.conditions(read.when, entries.named) if read.when else None
                yield _distance(path, name, point, condition, entries)
    if rule.repeat is not None:
        count, unit, _ = _figure(written["repeat"]["every"], in_days=True)
        yield Distance("repeat.every", EVERY, count, unit, False, "the last one sent", None)


def _points(key: str, moment: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each point of a moment as it is written, with the path to it; none where a word stands for it."""
    if isinstance(moment, Mapping) and "latest" not in moment:
        yield key, moment
        return
    path, points = (f"{key}.latest", moment["latest"]) if isinstance(moment, Mapping) else (key, moment)
    if isinstance(points, list):
        yield from ((f"{path}.{index}", point) for index, point in enumerate(points))


def _distance(
    path: str, name: str, point: Mapping[str, Any], condition: str | None, entries: Entries
) -> Distance:  # fmt: skip
    anchor, rule = split_anchor(point["anchor"])
    count, unit, before = _figure(point.get("plus"), in_days=anchor in DAYS)
    after = words.ANCHORS[anchor].after
    counted_from = after.format(entries.named(rule)) if rule else after
    return Distance(
        path, name, count, "working_days" if point.get("working_days") else unit, before, counted_from, condition
    )


def _figure(plus: str | None, in_days: bool) -> tuple[int, str, bool]:
    """A `plus` as number and unit, and whether it counts back."""
    if plus is None:
        return 0, "days" if in_days else "hours", False
    sign, days, minutes = split_plus(plus)
    if minutes is not None:
        hours, over = divmod(minutes, MINUTES_IN_HOUR)
        return (minutes, "minutes", sign < 0) if over else (hours, "hours", sign < 0)
    weeks = (days or 0) // DAYS_IN_WEEK
    return (weeks, "weeks", sign < 0) if plus.endswith("W") else (days or 0, "days", sign < 0)


def _channels(rule: Rule, written: Mapping[str, Any], entries: Entries) -> Iterator[LeadingChannel]:
    given = written.get("channel")
    paths = [f"channel.{index}" for index in range(len(given))] if isinstance(given, list) else ["channel"]
    for path, advice in zip(paths, rule.channel, strict=False):
        condition = words.conditions(advice.when, entries.named) if advice.when else None
        yield LeadingChannel(path, next(iter(advice.recommended), None), condition)


def by_id(rules: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Rules of a whole document by their ids."""
    return {rule["id"]: rule for rule in rules}
