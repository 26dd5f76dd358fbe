"""Windows that close before they open are refused wherever that is certain, and only there."""

from __future__ import annotations

from typing import Any

import pytest

from afterword.errors import InvalidPlaybook
from afterword.playbooks.loader import read_inline

CITE = [{"source": "my-aunt", "locator": "by phone", "says": "Bring fruit."}]


def point(anchor: str, plus: str | None = None, **more: Any) -> dict[str, Any]:
    return {"anchor": anchor, **({"plus": plus} if plus else {}), **more}


END, WAIT, PROMISE = "interview.end", "wait", "promise"


def refused_paths(**rule: Any) -> set[str]:
    whole = {"id": "tested", "kind": "tested", "for": "opportunity", "cite": CITE, **rule}
    try:
        read_inline({"id": "mine", "rules": [whole]})
    except InvalidPlaybook as refused:
        return {problem.path.removeprefix("rules.0.") for problem in refused.problems}
    return set()


@pytest.mark.parametrize("name", ["best", "due", "expires"])
@pytest.mark.parametrize(
    ("opens", "end"),
    [
        (point(END, "PT3H"), point(END, "PT2H")),
        (point(END, "P3D"), point(END, "P2D")),
        (point(END, "P2W"), point(END, "P13D")),
        (point(END, "P3D", working_days=True), point(END, "P2D", working_days=True)),
        (point(END, "P7D"), point("opens", "-P1D")),
        (point(END, "P7D"), point("opens", "-PT1M")),
        (point(END, "P7D"), point("opens", "-P1D", working_days=True)),
        # An interview that ends just before midnight has the next day begin an hour later.
        (point(END, "P5D"), point(END, "PT48H")),
        (point(END, "P5D", working_days=True), point(END, "PT48H")),
        (point(END, "PT100H"), point(END, "P2D")),
        ([point(PROMISE, "P3D"), point(WAIT, "P7D")], [point(PROMISE, "P2D"), point(WAIT, "P9D")]),
        ([point(PROMISE, "P3D"), point(WAIT, "P7D")], [point(PROMISE, "P4D"), point(WAIT, "P6D")]),
        ([point(PROMISE, "P3D"), point(WAIT, "P7D")], point(WAIT, "P6D")),
        ({"latest": [point(PROMISE, "P3D"), point(END, "P7D")]}, point(END, "P6D")),
        (
            {"latest": [point(PROMISE, "P3D"), point(END, "P7D")]},
            {"latest": [point(PROMISE, "P2D"), point(END, "P6D")]},
        ),
        (point(END, "P7D"), {"latest": [point(END, "P6D"), point(END, "P5D")]}),
        (point("last_reply", "P3D"), point("last_reply", "P1D")),
    ],
)
def test_an_end_before_the_opening_is_refused(name: str, opens: Any, end: Any) -> None:
    assert name in refused_paths(opens=opens, **{name: end})


@pytest.mark.parametrize(
    ("opens", "end"),
    [
        (point(END, "PT3H"), point(END, "PT3H")),
        (point(END, "P3D"), point(END, "P3D")),
        (point(END, "P3D"), point(PROMISE, "P1D")),
        (point(END, "P3D"), point("opens", "P0D")),
        # Hours may end on the day that they are compared with.
        (point(END, "P3D"), point(END, "PT47H")),
        (point(END, "PT72H"), point(END, "P2D")),
        (point(END, "PT200H"), point(END, "P2D", working_days=True)),
        (point(END, "P3D"), point(END, "P2D", working_days=True)),
        # What comes after a point that is always known never counts.
        ([point(END, "P1D"), point(PROMISE, "P3D")], point(PROMISE, "P2D")),
        (point(PROMISE, "P3D"), [point(END, "P9D"), point(PROMISE, "P2D")]),
        # Another condition, another case.
        ([point(WAIT, "P14D", when="long_process"), point(WAIT, "P7D")], point(WAIT, "P10D")),
        (point(END, "P7D"), {"latest": [point(END, "P6D"), point(PROMISE, "P1D")]}),
        ([point(PROMISE, "P3D"), point(WAIT, "P7D")], {"latest": [point(PROMISE, "P2D"), point(WAIT, "P6D")]}),
    ],
)
def test_an_end_that_may_be_later_is_let_pass(opens: Any, end: Any) -> None:
    assert refused_paths(opens=opens, due=end) == set()


def test_the_working_calendar_may_move_the_due_of_a_message() -> None:
    window = {"opens": point(END, "PT100H"), "due": point(END, "P2D")}
    assert refused_paths(**window, message=True) == set()
    assert refused_paths(**window, message=True, fixed=True) == {"due"}


def test_a_due_that_keeps_its_distance_is_never_before_the_opening() -> None:
    assert refused_paths(opens=point(END, "PT3H"), due=point(END, "PT2H", at_least="PT1H")) == set()


@pytest.mark.parametrize(
    ("due", "expires"),
    [
        (point(END, "PT24H"), point(END, "PT23H")),
        (point(END, "P7D"), point(END, "P6D")),
        (point("opens", "P2D"), point("opens", "P1D")),
        (point(END, "P7D"), point("due", "-P1D")),
        (point(END, "P9D"), point(END, "PT100H")),
    ],
)
def test_what_lapses_before_it_is_due_is_refused(due: Any, expires: Any) -> None:
    assert refused_paths(opens=point(END), due=due, expires=expires) == {"expires"}


def test_what_lapses_before_a_due_that_was_only_filled_in_is_let_pass() -> None:
    rejected = {"when": [{"outcome": "rejected"}], "opens": point("outcome.at")}
    assert refused_paths(**rejected, expires=point("outcome.at", "PT24H")) == set()
    assert refused_paths(**rejected, due=point("outcome.at", "P7D"), expires=point("outcome.at", "PT24H")) == {
        "expires"
    }


@pytest.mark.parametrize(
    ("repeat", "more", "path"),
    [
        ({"every": "P0D"}, {}, "repeat.every"),
        ({"every": "-P7D"}, {}, "repeat.every"),
        ({"every": "PT0H"}, {}, "repeat.every"),
        ({"every": "P7D", "max": 2, "optional_from": 3}, {}, "repeat.optional_from"),
        ({"every": "P7D", "max": 0}, {}, "repeat.max"),
        ({"every": "P7D", "max": 21}, {}, "repeat.max"),
        ({"max": 2}, {}, "repeat.every"),
        ({"every": "P7D", "due": point("opens", "-P1D")}, {}, "repeat.due"),
        ({"every": "P7D", "optional_from": 2, "due": point("due", "P1D")}, {}, "repeat.due.anchor"),
        ({"every": "P7D"}, {"once": True}, "once"),
        ({"every": "P7D"}, {"newest_round_only": True}, "newest_round_only"),
        (None, {"one_a_day": True}, "one_a_day"),
    ],
)
def test_a_repetition_without_sense_is_refused(repeat: Any, more: dict[str, Any], path: str) -> None:
    given = {"repeat": repeat} if repeat else {}
    assert refused_paths(opens=point(WAIT, "P7D"), **given, **more) == {path}


def test_an_optional_row_without_limit_and_the_last_of_a_limited_one_are_let_pass() -> None:
    assert refused_paths(opens=point(WAIT, "P7D"), repeat={"every": "P7D", "optional_from": 9}) == set()
    assert refused_paths(opens=point(WAIT, "P7D"), repeat={"every": "P7D", "max": 2, "optional_from": 2}) == set()
