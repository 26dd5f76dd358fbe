"""A playbook may speak of kinds that nobody has seen: only its rules count, not its words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterword.formats.facts_document import FactsDocument
from afterword.playbooks.loader import BUILTIN, builtin_document, read_inline
from afterword.policy.engine import evaluate
from afterword.policy.facts import Facts
from afterword.services.timelines import answer_document
from support.facts_strategy import facts, instants


def renamed(document: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The playbook with a nonsense word for each kind, and which word stands for which."""
    kinds = sorted({rule["kind"] for rule in document["rules"]})
    words = {kind: f"zq{index}-blarg" for index, kind in enumerate(kinds)}
    rules = []
    for rule in document["rules"]:
        other = {**rule, "kind": words[rule["kind"]]}
        for key in ("forbids", "ends"):
            if isinstance(rule.get(key), list):
                other[key] = [words.get(kind, kind) for kind in rule[key]]
        rules.append(other)
    return {**document, "id": "renamed", "rules": rules}, words


@pytest.mark.parametrize("name", BUILTIN)
@settings(max_examples=30)
@given(data=st.data(), at=instants)
def test_other_words_for_the_kinds_change_nothing(name: str, data: st.DataObject, at: Any) -> None:
    document = builtin_document(name)
    other, words = renamed(document)
    told: Facts = data.draw(facts(tuple(words)))
    original = evaluate(read_inline(document), told, at)
    answer = evaluate(read_inline(other), translated(told, words), at)
    assert [(a.rule, words[a.kind], a.state, a.window, a.person, a.channel) for a in original.actions] == [
        (a.rule, a.kind, a.state, a.window, a.person, a.channel) for a in answer.actions
    ]
    assert [(h.rule, words[h.kind], h.until) for h in original.holds] == [
        (h.rule, h.kind, h.until) for h in answer.holds
    ]


def translated(told: Facts, words: dict[str, str]) -> Facts:
    from dataclasses import replace

    def one_of(kind: str | None) -> str | None:
        return words.get(kind, kind) if kind else kind

    return replace(
        told,
        opportunities=tuple(
            replace(
                one,
                touches=tuple(replace(touch, purpose=one_of(touch.purpose)) for touch in one.touches),
                marks=tuple(replace(mark, kind=words[mark.kind]) for mark in one.marks),
            )
            for one in told.opportunities
        ),
    )


def asked(rules: list[dict[str, Any]], at: str, **opportunity: Any) -> dict[str, Any]:
    interview = {
        "key": "i1",
        "starts_at": "2026-03-03T14:00:00-05:00",
        "ends_at": "2026-03-03T15:00:00-05:00",
        "time_zone": "America/New_York",
        "people": ["ana"],
    }
    document = {
        "at": at,
        "playbook": {"id": "mine", "rules": rules},
        "opportunities": [
            {
                "key": "acme",
                "company": "Acme",
                "people": [{"key": "ana", "name": "Ana"}],
                "interviews": [interview],
                **opportunity,
            }
        ],
    }
    answer: dict[str, Any] = json.loads(json.dumps(answer_document(FactsDocument.model_validate(document))))
    return answer


CITE = [{"source": "my-aunt", "locator": "by phone", "says": "Bring fruit."}]


def test_a_basket_of_fruit_gets_its_window() -> None:
    rule = {
        "id": "basket",
        "kind": "fruit-basket",
        "for": "person",
        "opens": {"anchor": "interview.end", "plus": "PT2H"},
        "due": {"anchor": "interview.end", "plus": "P2D"},
        "cite": CITE,
    }
    (action,) = asked([rule], "2026-03-03T17:30:00-05:00")["actions"]
    assert (action["kind"], action["state"], action["person"]["key"]) == ("fruit-basket", "open", "ana")
    assert action["window"]["opens_at"] == "2026-03-03T22:00:00Z"
    assert action["window"]["due_at"] == "2026-03-05T22:00:00Z"
    assert action["sources"][0]["source"] == "my-aunt"


def test_a_touch_whose_purpose_is_the_kind_settles_it() -> None:
    rule = {"id": "basket", "kind": "fruit-basket", "for": "person", "opens": {"anchor": "interview.end"}, "cite": CITE}
    touch = {"person": "ana", "direction": "outbound", "purpose": "fruit-basket", "at": "2026-03-03T16:00:00-05:00"}
    assert asked([rule], "2026-03-03T17:30:00-05:00", touches=[touch])["actions"] == []


def test_what_comes_after_another_waits_for_it() -> None:
    first = {
        "id": "first",
        "kind": "polish-shoes",
        "for": "interview",
        "opens": {"anchor": "interview.end"},
        "cite": CITE,
    }
    second = {**first, "id": "second", "kind": "walk-home", "after": "first"}
    waiting = asked([first, second], "2026-03-03T17:30:00-05:00")["actions"]
    assert {action["kind"]: action["state"] for action in waiting} == {"polish-shoes": "open", "walk-home": "upcoming"}
    mark = {"kind": "polish-shoes", "interview": "i1", "state": "done", "at": "2026-03-03T16:00:00-05:00"}
    (action,) = asked([first, second], "2026-03-03T17:30:00-05:00", marks=[mark])["actions"]
    assert (action["kind"], action["state"], action["window"]["opens_at"]) == (
        "walk-home",
        "open",
        "2026-03-03T21:00:00Z",
    )


def test_rules_that_ask_after_one_another_s_channels_are_each_asked_once() -> None:
    """Each rule's advice asks twice about the next: twenty in a row would be a million questions."""
    rules = [
        {
            "id": f"r{number}",
            "kind": f"k{number}",
            "for": "person",
            "opens": {"anchor": "interview.end"},
            "channel": [
                {"recommended": "letter", "when": [{"unreachable_for": f"r{number + 1}"}]},
                {"recommended": "phone", "when": [{"unreachable_for": f"r{number + 1}"}]},
                {"recommended": "email"},
            ],
            "cite": CITE,
        }
        for number in range(19)
    ]
    last = {**rules[-1], "id": "r19", "kind": "k19", "channel": {"recommended": "email"}}
    actions = asked([*rules, last], "2026-03-03T15:30:00-05:00")["actions"]
    # Nobody's address is known, so the last cannot be told by e-mail; the one before it takes to paper, and so on.
    channels = {action["kind"]: action["channel"]["recommended"] for action in actions if action["channel"]}
    assert channels["k18"] == "letter"
    assert channels["k17"] == "email"
