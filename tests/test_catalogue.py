"""The rule catalogue is what the playbooks' data says, in words, and nothing in it is written by hand."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree as ET

import pytest

import afterword
from afterword.__main__ import main
from afterword.formats.catalogue import entries, page, words
from afterword.formats.catalogue.page import Chapters, Sources
from afterword.formats.catalogue.pages import catalogue
from afterword.formats.catalogue.story import story, when
from afterword.playbooks.loader import builtin, builtin_document, read_inline
from afterword.playbooks.schema import ChannelName, RulePart
from afterword.policy.conditions import CONDITIONS
from afterword.policy.playbook import ANCHORS, HoldRule, Rule

ROOT = Path(afterword.__file__).parents[2]
FILES = catalogue(builtin(), {name: builtin_document(name) for name in builtin()})
PAGES = {name: text for name, text in FILES.items() if name.endswith(".md")}
PICTURES = {name: text for name, text in FILES.items() if name.endswith(".svg")}
CITE = [{"source": "my-aunt", "locator": "by phone", "says": "Bring fruit."}]

THE_HAT = {"id": "hat", "kind": "hat", "opens": {"anchor": "interview.end"}}


def rule_in_words(*rules: dict[str, Any]) -> str:
    """The first rule of a playbook as its page has it."""
    told = [{"kind": "fruit-basket", "for": "person", "cite": CITE, **rule} for rule in rules]
    playbook = read_inline({"id": "mine", "rules": told})
    chapters = Chapters(playbook, Sources("balanced", frozenset()))
    return "\n".join(chapters.entry(playbook.rules[0] if "forbids" not in rules[0] else playbook.holds[0]))


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_catalogue_is_fresh(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == FILES[name], "run make catalogue"


def test_every_playbook_has_a_page_and_nothing_else_is_there() -> None:
    expected = {f"docs/playbooks/{name}.md" for name in (*builtin(), "README", "agreements")}
    assert set(PAGES) == expected
    assert {f"docs/playbooks/{path.name}" for path in (ROOT / "docs" / "playbooks").iterdir()} == expected


def test_every_rule_and_every_citation_is_on_its_page() -> None:
    everywhere = PAGES["docs/playbooks/README.md"]
    for name, playbook in builtin().items():
        text = PAGES[f"docs/playbooks/{name}.md"] + everywhere
        for entry in (*playbook.rules, *playbook.holds):
            heading = entries.title(entry) if isinstance(entry, Rule) else entries.hold_title(entry)
            assert f"### {page.plain(heading)}\n" in text
            assert [each.says for each in entry.sources if page.plain(each.says) not in text] == []


def test_the_language_has_words_for_all_it_can_say() -> None:
    assert set(words.CONDITIONS) == set(CONDITIONS)
    assert set(words.ANCHORS) == set(ANCHORS)
    assert set(words.CHANNELS) == set(words.MESSAGES) == set(get_args(ChannelName))
    assert set(entries.RECIPIENTS) == {"point_of_contact", "recruiter", "replier"}
    assert set(entries.SUBJECTS) == set(get_args(RulePart.model_fields["subject"].annotation))


def test_everything_a_rule_can_have_is_told() -> None:
    in_prose = {
        "id",
        "kind",
        "subject",
        "title",
        "why",
        "sources",
        "dissent",
        "when",
        "opens",
        "best",
        "due",
        "expires",
    }
    in_prose |= {"after", "repeat", "channel", "to", "message", "ends", "checklist"}
    assert {field.name for field in fields(Rule)} == in_prose | set(entries.FLAGS)
    of_holds = {"forbids", "all_messages", "until_opening_of", "spares", "outlives_outcome"}
    assert {field.name for field in fields(HoldRule)} <= in_prose | of_holds


END = {"anchor": "interview.end"}
HAT = "[“Hat: the interviewer, the company”](#hat-the-interviewer-the-company)"


@pytest.mark.parametrize(
    ("opens", "line"),
    [
        (END, "when the interview ends"),
        ({**END, "plus": "PT24H"}, "24 hours after the interview ends"),
        ({**END, "plus": "PT336H"}, "14 days to the hour after the interview ends"),
        ({**END, "plus": "P2W"}, "14 days after the interview ends"),
        ({"anchor": "interview.start", "plus": "-PT90M"}, "90 minutes before the interview starts"),
        ({"anchor": "promise"}, "on the day they named"),
        ({"anchor": "promise", "plus": "P1D"}, "the day after the day they named"),
        ({"anchor": "last_done(hat)"}, f"when {HAT} is done"),
        ([{"anchor": "promise"}, END], "on the day they named; failing that, when the interview ends"),
        (
            {"latest": [{"anchor": "last_reply"}, END]},
            "the latest of: when they last replied and when the interview ends",
        ),
    ],
)
def test_a_point_in_time_reads_well(opens: object, line: str) -> None:
    assert f"- **Opens:** {line}\n" in rule_in_words({"id": "basket", "opens": opens}, THE_HAT)


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (
            {"due": {"anchor": "opens", "plus": "P1D", "working_days": True}},
            "Due:** at the end of the next working day",
        ),
        ({"due": {"anchor": "opens", "plus": "PT1H"}, "expires": "due"}, "Too late:** once it is due"),
        ({"channel": {"recommended": "phone", "avoid": "text"}}, "How:** a call; never by text"),
        ({"when": [{"knows": ["email", "phone"]}]}, "When:** you know their e-mail address or phone number"),
        (
            {"for": "opportunity", "repeat": {"every": "P7D", "max": 3, "optional_from": 2}},
            "How often:** at most 3 in all, 7 days apart, optional from the 2nd on",
        ),
        ({"after": "hat"}, f"Also:** Only after {HAT} is done, skipped or too late."),
    ],
)
def test_a_rule_nobody_has_seen_reads_well(rule: dict[str, Any], line: str) -> None:
    assert f"- **{line}\n" in rule_in_words({"id": "basket", "opens": END, **rule}, THE_HAT)


@pytest.mark.parametrize(
    ("hold", "line"),
    [
        ({"forbids": ["hat"], "until": "opening(hat)"}, f"Leave alone:** {HAT}"),
        ({"forbids": ["hat"], "until": "opening(hat)"}, f"Until:** {HAT} opens"),
        ({"forbids": [], "channel": "text"}, "Leave alone:** every text message"),
        ({"forbids": "all_messages", "when": ["do_not_contact"]}, "When:** they are not to be contacted"),
    ],
)
def test_a_hold_nobody_has_seen_reads_well(hold: dict[str, Any], line: str) -> None:
    always = {"id": "hands-off", "kind": "hands-off", "when": ["any_round"]}
    assert f"- **{line}\n" in rule_in_words({**always, **hold}, THE_HAT)


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_a_picture_is_sound_and_knows_dark_pages(name: str) -> None:
    drawing = ET.fromstring(PICTURES[name])
    bars = [each for each in drawing.iter("{http://www.w3.org/2000/svg}rect") if float(each.get("width", "0")) <= 0]
    assert bars == []
    assert "prefers-color-scheme: dark" in PICTURES[name]


def test_the_example_is_lived_as_the_default_advises() -> None:
    told = {span.title: span for span in story(builtin()["balanced"]) if not span.held}
    thanks, last = told["Thank Ana Ruiz"], told["Follow up with Ana Ruiz about Data engineer"]
    assert [when(at) for at in (thanks.opens_at, thanks.best_at, thanks.due_at)] == [
        "Tue 3 March, 15:00", "Tue 3 March, 18:00", "Wed 4 March, 15:00",
    ]  # fmt: skip
    assert (when(last.opens_at), when(last.due_at)) == ("Tue 17 March, 09:00", "Wed 18 March, 17:00")


def test_an_author_reads_a_playbook_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "mine.yaml"
    title = '"Hats *and*\\n| coats"'
    written = {"id": "hat", "kind": "hat", "for": "person", "opens": END, "cite": CITE}
    mine.write_text(f"{{id: hats, title: {title}, about: For those with heads, rules: [{json.dumps(written)}]}}")
    assert main(["describe-playbook", str(mine)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("# Hats \\*and\\* \\| coats\n\nFor those with heads\n")
    assert "| Hat: Ana Ruiz, Acme | Tue 3 March, 15:00 |" in told
    assert "- **Stated**, my-aunt, by phone: Bring fruit." in told


def test_the_catalogue_knows_no_rule_and_no_article_by_name() -> None:
    told = [entry for each in builtin().values() for entry in (*each.rules, *each.holds)]
    names = {*builtin(), *(entry.id for entry in told), *(entry.kind for entry in told)}
    sources = [path.read_text(encoding="utf-8") for path in Path(page.__file__).parent.glob("*.py")]
    assert {name for name in names if any(re.search(rf"(?<![\w-]){name}(?![\w-])", text) for text in sources)} == set()
