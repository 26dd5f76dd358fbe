"""Each playbook in the coach's guide is read, and where the guide says what comes out, it does."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import afterword
from afterword.errors import InvalidPlaybook
from afterword.formats import yaml_document
from afterword.formats.catalogue.story import when
from afterword.formats.facts_reading import parse, question
from afterword.playbooks.loader import read_inline
from afterword.playbooks.source import read_source
from afterword.policy.engine import evaluate
from afterword.policy.playbook import Playbook
from afterword.services.timelines import answer_document
from support.markdown import blocks

GUIDE = Path(afterword.__file__).parents[2] / "docs" / "writing-a-playbook.md"


class Example(NamedTuple):
    """A playbook of the guide, what is changed in the guide's example for it, and what the guide says comes out."""

    written: str
    change: str
    answer: str | None


BLOCKS = blocks(GUIDE.read_text(encoding="utf-8"))


def examples() -> Iterator[Example]:
    for place, block in enumerate(BLOCKS):
        if block.part == "playbook":
            change, answer = "", None
            for following in BLOCKS[place + 1 :]:
                if following.part not in ("change", "answer"):
                    break
                change = following.text if following.part == "change" else change
                answer = following.text if following.part == "answer" else answer
            yield Example(block.text, change, answer)


def facts(change: str) -> dict[str, Any]:
    """The guide's example with a change laid over it: of the question, the interview or the opportunity."""
    document = yaml_document.load(next(block.text for block in BLOCKS if block.part == "example"))
    opportunity = document["opportunities"][0]
    for key, value in (yaml_document.load(change) or {}).items() if change else ():
        place = {"at": document, "decision_on": opportunity["interviews"][0]}.get(key, opportunity)
        place[key] = value
    return dict(document)


def answered(playbook: Playbook, own: set[str], document: dict[str, Any]) -> list[str]:
    """What the policy says of the rules that the example itself writes, as the guide writes it."""
    asked = question(parse(deepcopy(document)))
    timeline = evaluate(playbook, asked.facts, asked.at)
    lines = []
    for action in timeline.listed():
        if action.rule in own and action.window:
            name = action.title + (" (optional)" if action.optional else "")
            lines.append(f"{name}: {when(action.window.opens_at)} to {when(action.window.due_at)}")
    holds = (hold for hold in timeline.holds if hold.rule in own)
    lines += [f"leave alone, {hold.kind}: until {when(hold.until)}" for hold in holds]
    return lines or ["nothing"]


CITE = "cite: [{source: my-aunt, locator: by phone, says: Wear a hat.}]"
EXAMPLES = list(examples())
REFUSED = [(block.text, following.text) for block, following in itertools.pairwise(BLOCKS) if block.part == "refused"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: yaml_document.load(example.written)["id"])
def test_an_example_can_be_used_and_says_what_the_guide_says(example: Example) -> None:
    document, playbook = read_source(example.written)
    if example.answer is not None:
        own = {rule["id"] for rule in document["rules"]}
        assert answered(playbook, own, facts(example.change)) == example.answer.splitlines()


@pytest.mark.parametrize(("written", "refusal"), REFUSED, ids=range(len(REFUSED)))
def test_a_mistake_is_refused_in_the_words_of_the_guide(written: str, refusal: str) -> None:
    with pytest.raises(InvalidPlaybook) as refused:
        read_source(written, "mine.yaml")
    told = "".join(f"{problem.told('mine.yaml')}\n" for problem in refused.value.problems)
    assert re.fullmatch(".*".join(map(re.escape, refusal.split("…"))), told, re.DOTALL), told


def test_a_whole_document_of_the_guide_is_answered() -> None:
    (whole,) = [yaml_document.load(block.text) for block in BLOCKS if block.part == "whole"]
    answer = answer_document(parse(whole))
    assert [each["window"]["best_at"] for each in answer["actions"] if each["kind"] == "thank-you"] == [
        "2026-03-04T07:00:00Z"
    ]


def test_every_condition_of_the_table_can_be_used() -> None:
    table = GUIDE.read_text(encoding="utf-8").partition("| you would say |")[2].partition("\n\n")[0]
    conditions = re.findall(r"\| `(.+)` \|$", table, re.MULTILINE)
    assert len(conditions) >= 7
    for condition in conditions:
        rule = f"{{id: hat, kind: hat, for: person, when: [{condition}], opens: {{anchor: interview.end}}, {CITE}}}"
        assert read_source(f"{{extends: balanced, rules: [{rule}]}}")


def test_no_playbook_of_the_guide_goes_untested() -> None:
    yaml = [block for block in BLOCKS if block.language == "yaml"]
    assert {block.part for block in yaml} == {"playbook", "example", "change", "refused", "whole"}
    assert len([block for block in yaml if block.part == "refused"]) == len(REFUSED) >= 8
    assert len([example for example in EXAMPLES if example.answer]) >= 6
    assert sum(block.part == "change" for block in yaml) == sum(bool(example.change) for example in EXAMPLES)


def test_the_runner_notices_another_answer() -> None:
    later = EXAMPLES[1].written.replace("PT4H", "PT5H")
    assert later != EXAMPLES[1].written
    answer = answered(read_inline(yaml_document.load(later)), {"send-what-you-offered"}, facts(""))
    assert answer != (EXAMPLES[1].answer or "").splitlines()
