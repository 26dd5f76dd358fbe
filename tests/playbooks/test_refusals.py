"""Each kind of mistake in a playbook is refused at its line, which is marked `# here` in the text, with a remedy."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from afterword.errors import FieldProblem, InvalidPlaybook
from afterword.formats import yaml_document
from afterword.playbooks.source import read_source

CITE = "cite: [{source: my-aunt, locator: by phone, says: Bring fruit.}]"
BASKET = f"  - {{id: basket, kind: fruit-basket, for: person, opens: {{anchor: interview.end}}, {CITE}}}"


def document(*rules: str) -> str:
    return "\n".join(("id: mine", "rules:", *rules))


def rule(body: str) -> str:
    """A rule with the given lines in place of its own window."""
    lines = body.strip("\n").splitlines()
    head = "  - id: tested\n    kind: fruit-basket\n    for: person"
    return "\n".join((head, *(f"    {line}" for line in lines), f"    {CITE}"))


def problems(text: str, name: str | None = None) -> tuple[FieldProblem, ...]:
    with pytest.raises(InvalidPlaybook) as refused:
        read_source(text, name)
    return refused.value.problems


def marked_line(text: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.endswith("# here"))


OPENS = "opens: {anchor: interview.end, plus: PT2H}"
MISTAKES = yaml_document.load((Path(__file__).parent / "mistakes.yaml").read_text())

#: Seven lines that would be a million values.
BOMB = "a: &a [x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in ("ab", "bc", "cd", "de", "ef", "fg")
)


def each_mistake() -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("text", "path", "says"),
        [pytest.param(each["text"], each["path"], each["says"], id=each["mistake"]) for each in MISTAKES],
    )


@each_mistake()
def test_a_mistake_is_refused_at_its_line_with_a_remedy(text: str, path: str, says: str) -> None:
    found = problems(text, "mine.yaml")
    named = [problem for problem in found if problem.path == path]
    assert named, found
    assert says in named[0].message
    assert named[0].line == marked_line(text)
    assert named[0].told("mine.yaml") == f"mine.yaml:{marked_line(text)}: {path}: {named[0].message}"


@each_mistake()
def test_the_same_mistake_is_refused_in_json(text: str, path: str, says: str) -> None:
    if says == "keep one of them":
        text, path = '{"id": "mine",\n "rules": [],\n "rules": []}', "rules"
    else:
        text = json.dumps(yaml_document.load(text), indent="\t")
    named = [problem for problem in problems(text, "mine.json") if problem.path == path]
    assert named
    assert says in named[0].message
    assert named[0].line is not None
    last = path.split(".")[-1]
    if not last.isdigit() and "missing" not in named[0].message:
        assert f'"{last}"' in text.splitlines()[named[0].line - 1]


def test_problems_come_in_the_order_of_the_text() -> None:
    text = document(
        rule(f"{OPENS}\ncolour: red\nwhen: [moon_is_full]\ntitle: '{{who}}'"), BASKET.replace("basket", "Basket")
    )
    lines = [problem.line for problem in problems(text)]
    assert lines == sorted(line for line in lines if line)
    assert len(set(lines)) == 3


def test_no_more_problems_are_told_than_anybody_reads() -> None:
    colours = "\n".join(f"colour-{number}: red" for number in range(300))
    assert len(problems(document(rule(f"{OPENS}\n{colours}")))) == 200


def test_what_hangs_on_a_refused_rule_is_not_refused_for_that() -> None:
    found = problems(
        document(rule(f"{OPENS}\ncolour: red"), rule(f"{OPENS}\nafter: tested").replace("id: tested", "id: other"))
    )
    assert [problem.path for problem in found] == ["rules.0.colour"]


def test_a_rule_that_is_extended_is_named_with_the_line_that_broke_it() -> None:
    (first, *_) = problems("id: mine\nextends: balanced\nwithout: [thank-you]\nrules: []\n")
    assert (first.path, first.line) == ("balanced.thank-you-card.when.2.not_on_paper", 3)
    assert first.message == (
        "there is no rule thank-you; name one of this playbook's rules; or drop that rule: without: [thank-you-card]"
    )


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("", None, "line 1: must be a mapping"),
        ("- a\n", "x.yaml", "x.yaml:1: must be a mapping"),
        ("id: a\nrules: [\n", "x.yaml", "x.yaml:3: is not YAML"),
        ('{"id": "a",\n "rules": [}', "x.json", "x.json:2: is not JSON: Expecting value"),
        ('{"id": "a", "rules": NaN}', "x.json", "x.json:1: is not JSON"),
        ('{"id": NaN, "rules": []}', None, "must be small letters"),
        ("id: !!python/name:os.system x\n", None, "line 1: id: has the tag"),
        ("id: &a [*a]\n", None, "nested more than 24 deep"),
        ("rules: " + "[" * 3000 + "]" * 3000, None, "nested"),
        ('{"rules": ' + "[" * 100_000 + "]" * 100_000 + "}", "x.json", "is not JSON"),
        ("# " + "x" * 300_000, None, "is larger than 256 kB"),
        (BOMB, None, "more than 100000 values"),
        ("id: a\nrules:\n" + "\n".join(["  - {}"] * 101), "x.yaml", "x.yaml:2: rules: must have at most 100 entries"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_at_all_is_refused(text: str, name: str | None, says: str) -> None:
    with pytest.raises(InvalidPlaybook) as refused:
        read_source(text, name)
    assert says in refused.value.detail
    assert len(refused.value.detail) < 1000


def test_json_is_read_as_json_and_braces_as_either() -> None:
    written = {"id": "mine", "rules": [{**yaml_document.load(BASKET)[0], "why": "😀 \u2028 /"}]}
    for text in (json.dumps(written), json.dumps(written, indent="\t", ensure_ascii=False)):
        document, playbook = read_source(text.replace("/", "\\/"))
        assert document == written
        assert playbook.rules[0].why == "😀 \u2028 /"
    assert re.fullmatch("[0-9a-f]{16}", read_source("{id: mine, rules: []}")[1].version)
