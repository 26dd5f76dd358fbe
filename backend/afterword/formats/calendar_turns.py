"""The rules by which a zone that an invitation describes turns its clocks: once a year, on a day that comes.

The library looks for a day that never comes, like the 30th of February, until the year 9999, whatever UNTIL says: it
compares UNTIL with the days that it has found. So what a rule asks for is looked at before the library sees it.
"""

from __future__ import annotations

import re

from afterword.formats.calendar_lines import Property, refusal

_WEEKDAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_DAY = "[+-]?(?:0?[1-9]|[12][0-9]|3[01])"
# No COUNT and no hours: every other rule could be worked on for hours.
_PARTS = {
    "FREQ": re.compile("YEARLY"),
    "INTERVAL": re.compile("1"),
    "BYMONTH": re.compile("0?[1-9]|1[0-2]"),
    "BYDAY": re.compile(f"(?:[+-]?[1-5])?{_WEEKDAY}"),
    "BYMONTHDAY": re.compile(f"{_DAY}(?:,{_DAY}){{0,6}}"),
    "WKST": re.compile(_WEEKDAY),
    "UNTIL": re.compile(r"[0-9]{8}(?:T[0-9]{6}Z?)?"),
}
_SHORT_MONTHS = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


def turn(rule: Property, first_day: int) -> str:
    """The rule, when its day comes. `first_day` of the month is when the clocks turn where the rule names no day."""
    parts = _parts(rule.value.strip().upper())
    if parts is None:
        raise refusal("describes a time zone whose clocks do not turn once a year; name one of IANA's", rule.line)
    if not _comes(parts, first_day):
        raise refusal(
            "describes a time zone whose clocks turn on a day that never comes; name one of IANA's", rule.line
        )
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _parts(written: str) -> dict[str, str] | None:
    parts: dict[str, str] = {}
    for part in filter(None, written.split(";")):
        name, _, value = part.partition("=")
        if name in parts or name not in _PARTS or not _PARTS[name].fullmatch(value):
            return None
        parts[name] = value
    return parts if {"FREQ", "BYMONTH"} <= parts.keys() and not _counts_twice(parts) else None


def _counts_twice(parts: dict[str, str]) -> bool:
    """Whether it asks for, say, a second Sunday that is also the 20th: nobody writes so, and some never come."""
    return "BYMONTHDAY" in parts and len(parts.get("BYDAY", "")) > len("SU")


def _comes(parts: dict[str, str], first_day: int) -> bool:
    if "BYDAY" in parts and "BYMONTHDAY" not in parts:
        return True
    days = [int(day) for day in parts.get("BYMONTHDAY", str(first_day)).split(",")]
    return min(abs(day) for day in days) <= _SHORT_MONTHS.get(int(parts["BYMONTH"]), 31)
