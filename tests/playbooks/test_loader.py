"""The loader refuses what it cannot read, naming the field and the remedy; what it reads it reads whole."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import asdict
from typing import Any

import pytest

from afterword.errors import InvalidInput, InvalidPlaybook
from afterword.formats import yaml_document
from afterword.playbooks.loader import BUILTIN, builtin, builtin_document, read_inline

RULE: dict[str, Any] = {
    "id": "basket",
    "kind": "fruit-basket",
    "for": "person",
    "opens": {"anchor": "interview.end", "plus": "PT2H"},
    "cite": [{"source": "my-aunt", "locator": "by phone", "says": "Bring fruit."}],
}
HOLD: dict[str, Any] = {
    "id": "no-fruit",
    "kind": "no-fruit",
    "for": "opportunity",
    "forbids": ["fruit-basket"],
    "cite": RULE["cite"],
}


def playbook(*rules: dict[str, Any], **head: Any) -> dict[str, Any]:
    return {"id": "mine", "rules": list(rules), **head}


def refusal(document: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InvalidPlaybook) as refused:
        read_inline(document)
    return {problem.path: problem.message for problem in refused.value.problems}


@pytest.mark.parametrize("name", BUILTIN)
def test_every_rule_is_cited_and_every_inference_says_so(name: str) -> None:
    for rule in (*builtin()[name].rules, *builtin()[name].holds):
        assert rule.sources
        assert rule.why
        assert all(citation.title != citation.source for citation in rule.sources)


@pytest.mark.parametrize("name", BUILTIN)
def test_a_built_in_given_back_inline_is_the_same_playbook(name: str) -> None:
    assert asdict(read_inline(builtin_document(name))) == asdict(builtin()[name])


@pytest.mark.parametrize(
    ("change", "path", "says"),
    [
        ({"cite": []}, "rules.0.cite", "must not be empty"),
        ({"kind": "Fruit Basket"}, "rules.0.kind", "small letters"),
        ({"colour": "red"}, "rules.0.colour", "is not a field here"),
        ({"for": "everybody"}, "rules.0.for", "must be one of"),
        ({"opens": {"anchor": "interview.middle"}}, "rules.0.opens.anchor", "is not an anchor; there are:"),
        ({"opens": {"anchor": "last_done"}}, "rules.0.opens.anchor", "needs the id of a rule"),
        ({"opens": {"anchor": "promise(basket)"}}, "rules.0.opens.anchor", "takes no rule"),
        ({"opens": {"anchor": "interview.end", "plus": "a while"}}, "rules.0.opens.plus", "PT24H"),
        ({"opens": {"anchor": "interview.end", "plus": "P1DT2H"}}, "rules.0.opens.plus", "not a mixture"),
        ({"opens": {"anchor": "opens"}}, "rules.0.opens", "own opening"),
        ({"due": {"anchor": "interview.end", "plus": "PT1H"}}, "rules.0.due", "before the window opens"),
        ({"when": ["moon_is_full"]}, "rules.0.when", "is not a condition; there are:"),
        ({"when": [{"outcome": []}]}, "rules.0.when", "takes 1 to 6 arguments, not 0"),
        ({"when": [{"done": "hat"}]}, "rules.0.when", "there is no rule hat"),
        ({"after": "hat"}, "rules.0.after", "there is no rule hat"),
        ({"after": "basket"}, "rules.0", "waits for itself"),
        ({"title": "Thank {person.__class__}"}, "rules.0.title", "no such placeholder"),
        ({"title": "Thank {person"}, "rules.0.title", "brace"),
        ({"one_a_day": True}, "rules.0.one_a_day", "is for rules that repeat"),
        ({"channel": "pigeon"}, "rules.0.channel", "must"),
        ({"repeat": {"every": "P7D", "max": 0}}, "rules.0.repeat.max", "at least 1"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(change: dict[str, Any], path: str, says: str) -> None:
    problems = refusal(playbook({**RULE, **change}))
    assert any(found.startswith(path) and says in message for found, message in problems.items()), problems


def test_a_rule_without_citation_is_refused() -> None:
    rule = deepcopy(RULE)
    del rule["cite"]
    assert refusal(playbook(rule)) == {"rules.0.cite": "is missing"}


def test_a_rule_without_a_window_is_refused() -> None:
    rule = deepcopy(RULE)
    del rule["opens"]
    assert "is missing" in refusal(playbook(rule))["rules.0.opens"]


def test_an_id_given_twice_is_refused() -> None:
    assert "earlier rule" in refusal(playbook(RULE, RULE))["rules.1.id"]


def test_a_circle_is_refused() -> None:
    problems = refusal(playbook({**RULE, "after": "second"}, {**RULE, "id": "second", "after": "basket"}))
    assert "basket → second → basket" in problems["rules.0.after"]


def test_a_hold_may_not_name_a_rule_that_is_not_there() -> None:
    assert "there is no rule hat" in refusal(playbook(RULE, {**HOLD, "until": "opening(hat)"}))["rules.1.until"]


def test_advice_to_the_account_has_no_window() -> None:
    assert "always open" in refusal(playbook({**RULE, "for": "account"}))["rules.0.opens"]


def test_more_than_a_hundred_rules_are_refused() -> None:
    assert "at most 100" in refusal(playbook(*({**RULE, "id": f"r{number}"} for number in range(101))))["rules"]


def test_what_is_extended_is_adjusted_by_id() -> None:
    calmer = {"id": "follow-up", "repeat": {"every": "P14D", "max": 1}}
    mine = read_inline(playbook(calmer, RULE, extends="balanced", without=["keep-searching"]))
    base = builtin()["balanced"]
    assert mine.by_id["follow-up"].repeat != base.by_id["follow-up"].repeat
    assert mine.by_id["follow-up"].opens == base.by_id["follow-up"].opens
    assert "keep-searching" not in mine.by_id
    assert mine.by_id["basket"].kind == "fruit-basket"
    assert mine.version != base.version


def test_a_rule_with_a_kind_replaces_the_one_extended_whole() -> None:
    mine = read_inline(playbook({**RULE, "id": "thank-you", "channel": {"recommended": "email"}}, extends="balanced"))
    assert mine.by_id["thank-you"].best is None


def test_extending_what_is_not_there_is_refused() -> None:
    assert "there are: balanced" in refusal(playbook(RULE, extends="unbalanced"))["extends"]
    assert "there is no rule hat" in refusal(playbook(RULE, extends="balanced", without=["hat"]))["without"]


@pytest.mark.parametrize("rule", ["name-people", "no-contact"])
def test_what_is_part_of_every_playbook_cannot_be_dropped(rule: str) -> None:
    assert "stays" in refusal(playbook(RULE, extends="balanced", without=[rule]))["without"]


@pytest.mark.parametrize(
    "change", [{"spares": [{"knows": "email"}]}, {"when": ["do_not_contact", {"prefers": "letter"}]}]
)
def test_what_is_part_of_every_playbook_cannot_be_changed(change: dict[str, Any]) -> None:
    mine = {**change, "id": "no-contact"}
    assert "stays as it is" in refusal(playbook(mine, extends="balanced"))["rules.0"]


def test_every_playbook_asks_for_names_and_leaves_alone_who_asked_for_it() -> None:
    assert [rule.id for rule in read_inline(playbook(RULE)).rules] == ["basket", "name-people"]
    assert [hold.id for hold in read_inline(playbook(RULE)).holds] == ["no-contact"]


def asking_one_another(count: int) -> dict[str, Any]:
    """Rules of which each waits for the next."""
    rules: list[dict[str, Any]] = [
        {**RULE, "id": f"r{number}", "after": f"r{number + 1}"} for number in range(count - 1)
    ]
    return playbook(*rules, {**RULE, "id": f"r{count - 1}"})


def test_so_many_rules_may_ask_one_another_in_a_row_and_no_more() -> None:
    assert len(read_inline(asking_one_another(20)).by_id) == 21
    assert "21 in a row; make it 20 at most" in refusal(asking_one_another(21))["rules.0"]


class TestYaml:
    def test_dates_times_and_no_stay_text(self) -> None:
        text = "{day: 2026-03-10, at: 10:00, answer: no, number: 12, nothing: null, yes: true}"
        assert yaml_document.load(text) == {
            "day": "2026-03-10",
            "at": "10:00",
            "answer": "no",
            "number": 12,
            "nothing": None,
            "yes": True,
        }

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("a: 1\nb: 2\na: 3\n", "line 3: a: is given twice"),
            ("a: [1, 2\n", "is not YAML"),
            ("a: !!python/object:os.system x\n", "has the tag"),
            ("? [a]\n: 1\n", "a key that is not text"),
            ("a: &a [*a]\n", "nested more than"),
        ],
    )
    def test_what_is_not_plain_yaml_is_refused(self, text: str, says: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            yaml_document.load(text)
        assert says in f"{refused.value.detail} {refused.value.problems}"

    def test_lines_are_known_by_path(self) -> None:
        _, lines = yaml_document.load_with_lines("id: mine\nrules:\n  - id: a\n    kind: b\n")
        assert (lines["id"], lines["rules.0"], lines["rules.0.kind"]) == (1, 3, 4)

    def test_aliases_cannot_make_a_document_large(self) -> None:
        text = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]\n"
            for before, name in ("ab", "bc", "cd", "de", "ef", "fg")
        )
        with pytest.raises(InvalidInput, match="values"):
            yaml_document.load(text)

    @pytest.mark.parametrize(
        "text",
        [
            f"[&a {'x' * 50_000}{', *a' * 1_000}]",
            f"? {'x' * 50_000}\n: [{'0, ' * 1_000}0]",
        ],
        ids=["a long text many times", "a long key before many values"],
    )
    def test_little_text_cannot_make_much(self, text: str) -> None:
        with pytest.raises(InvalidInput, match="written out"):
            yaml_document.load(text)


@pytest.mark.parametrize("identifier", [["a"], {}, [["a"]], 7, None])
def test_an_id_that_is_not_text_is_refused(identifier: object) -> None:
    assert "must be text" in refusal(playbook({**RULE, "id": identifier}, extends="balanced"))["rules.0.id"]


def test_a_due_counted_from_itself_is_refused() -> None:
    told = refusal(playbook({**RULE, "due": {"anchor": "due"}}))
    assert "cannot be counted from the due" in told["rules.0.due.anchor"]


@pytest.mark.parametrize("word", ["ended", "used_up", "not_on_paper"])
def test_a_hold_on_a_channel_may_not_depend_on_a_rule_that_asks_about_it(word: str) -> None:
    hold = {**HOLD, "forbids": "all_messages", "channel": "letter", "spares": [{word: ["basket"]}]}
    assert (
        "depends on a rule"
        in refusal(playbook({**RULE, "channel": {"recommended": "letter"}}, hold))["rules.1.spares.0"]
    )


@pytest.mark.parametrize(
    "text", ['at: !!int ""', 'at: !!bool "x"', 'at: !!timestamp "x"', "id: !!set {a}", "who: !!binary aGk="]
)
def test_tags_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        yaml_document.load(text)
