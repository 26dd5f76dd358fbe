"""A playbook in words, rule by rule; what a form can adjust in it; and two weeks lived by it."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from afterword.formats.catalogue import words
from afterword.playbooks.loader import BUILTIN, builtin, builtin_document, read_inline
from support.playbooks import OUR_WAY, OUR_WAY_LATER, OUR_WAY_REWORDED, put, send
from support.problems import refused_fields
from support.requests import post


def told(client: httpx.Client, identifier: str, **params: str) -> dict[str, Any]:
    answer = client.get(f"/playbooks/{identifier}/rules", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def rule(client: httpx.Client, playbook: str, identifier: str, **params: str) -> dict[str, Any]:
    [found] = [each for each in told(client, playbook, **params)["rules"] if each["id"] == identifier]
    return dict(found)


@pytest.mark.parametrize("identifier", BUILTIN)
def test_anybody_may_read_a_built_in_one_in_words(anonymous: httpx.Client, identifier: str) -> None:
    found, playbook = told(anonymous, identifier), builtin()[identifier]
    assert (found["title"], found["origin"], found["version"]) == (playbook.title, "builtin", playbook.version)
    assert [each["id"] for each in found["rules"]] == [each.id for each in playbook.rules]
    assert [each["id"] for each in found["holds"]] == [each.id for each in playbook.holds]
    assert all(each["sources"] for each in (*found["rules"], *found["holds"]))


def test_a_rule_says_when_how_how_often_why_and_on_whose_word(anonymous: httpx.Client) -> None:
    thanks = rule(anonymous, "balanced", "thank-you")
    assert thanks["title"] == "Thank the interviewer"
    assert thanks["whom"] == "every interviewer, one by one"
    assert thanks["window"][:3] == [
        {"name": "Opens", "words": "when the interview ends"},
        {"name": "Best", "words": "3 hours after the interview ends"},
        {"name": "Due", "words": "24 hours after the interview ends"},
    ]
    assert "never by text" in thanks["how"]
    assert "Thank them for their time" in thanks["checklist"]
    assert {each["source"] for each in thanks["dissent"]} >= {"three-things", "five-things"}
    assert {"source", "title", "locator", "says", "inferred"} == thanks["sources"][0].keys()
    follow_up = rule(anonymous, "balanced", "follow-up")
    assert follow_up["often"].startswith("at most 2 in all")
    assert len(follow_up["openings"]) > 1
    [hold] = [each for each in told(anonymous, "balanced")["holds"] if each["id"] == "wait-for-timeline"]
    assert "opens" in hold["until"]


def test_ones_own_is_told_in_the_same_words_at_any_version(client: httpx.Client, stranger: httpx.Client) -> None:
    first = send(client, OUR_WAY).json()["version"]
    put(client, OUR_WAY_LATER)
    due = {each["name"]: each["words"] for each in rule(client, "our-way", "pie")["window"]}["Due"]
    assert due == "4 days to the hour after the interview ends"
    then = {each["name"]: each["words"] for each in rule(client, "our-way", "pie", version=first)["window"]}["Due"]
    assert then == "72 hours after the interview ends"
    put(client, OUR_WAY_REWORDED)
    assert told(client, "our-way")["title"] == "Our old way"
    assert told(client, "our-way")["origin"] == "own"
    for path in ("rules", "story"):
        refused_fields(stranger.get(f"/playbooks/our-way/{path}"), 404)
        refused_fields(client.get(f"/playbooks/nobodys/{path}"), 404)
    refused_fields(client.get("/playbooks/our-way/rules", params={"version": "0"}), 404)


def test_each_number_has_its_path_and_the_words_around_it(anonymous: httpx.Client) -> None:
    numbers = {each["path"]: each for each in rule(anonymous, "balanced", "thank-you")["adjustable"]["distances"]}
    assert numbers["best"] == {
        "path": "best",
        "name": "Best",
        "count": 3,
        "unit": "hours",
        "before": False,
        "counted_from": "the interview ends",
        "condition": None,
    }
    follow_up = rule(anonymous, "balanced", "follow-up")["adjustable"]
    assert (follow_up["repeats"], follow_up["most"]) == (True, 2)
    assert {"opens.0", "repeat.every"} <= {each["path"] for each in follow_up["distances"]}
    assert any(each["condition"] for each in follow_up["distances"])
    prepare = {each["path"]: each for each in rule(anonymous, "balanced", "prepare")["adjustable"]["distances"]}
    assert (prepare["opens.1"]["count"], prepare["opens.1"]["before"]) == (28, True)
    assert "expires" not in prepare, "a word stands there, and no number"


@pytest.mark.parametrize("identifier", BUILTIN)
def test_every_number_stands_where_its_path_leads(anonymous: httpx.Client, identifier: str) -> None:
    written = {each["id"]: each for each in builtin_document(identifier)["rules"]}
    for each in told(anonymous, identifier)["rules"]:
        for number in each["adjustable"]["distances"]:
            found: Any = written[each["id"]]
            for step in number["path"].split("."):
                found = found[int(step)] if isinstance(found, list) else found[step]
            plus = found if isinstance(found, str) else found.get("plus")
            assert plus is None or re.sub(r"\D", "", plus) == str(number["count"])
        for channel in each["adjustable"]["channels"]:
            place: Any = written[each["id"]]
            for step in channel["path"].split("."):
                place = place[int(step)] if isinstance(place, list) else place[step]
            assert isinstance(place, dict)


@pytest.mark.parametrize(
    ("opens", "said"),
    [
        ({"anchor": "interview.end", "plus": "PT90M"}, ("opens", 90, "minutes", False)),
        ({"anchor": "interview.start", "plus": "-P2W"}, ("opens", 2, "weeks", True)),
        ({"anchor": "interview.end", "plus": "P2D", "working_days": True}, ("opens", 2, "working_days", False)),
        ({"anchor": "promise"}, ("opens", 0, "days", False)),
        ({"latest": [{"anchor": "interview.end", "plus": "PT1H30M"}]}, ("opens.latest.0", 90, "minutes", False)),
    ],
)
def test_a_distance_is_told_in_the_unit_it_is_written_in(
    client: httpx.Client, opens: dict[str, Any], said: tuple[str, int, str, bool]
) -> None:
    cite = [{"source": "my-aunt", "locator": "by phone", "says": "Bring fruit."}]
    hat = {"id": "hat", "kind": "hat", "for": "interview", "opens": opens, "cite": cite}
    post(client, "/playbooks", {"id": "hats", "rules": [hat]})
    number = rule(client, "hats", "hat")["adjustable"]["distances"][0]
    assert (number["path"], number["count"], number["unit"], number["before"]) == said


def test_what_is_part_of_every_playbook_is_marked(client: httpx.Client) -> None:
    send(client, OUR_WAY)
    found = told(client, "our-way")
    assert {each["id"] for each in (*found["rules"], *found["holds"]) if each["lasting"]} == {
        "name-people",
        "no-contact",
    }


def test_two_weeks_are_told_as_a_story_for_who_would_rather_look(client: httpx.Client) -> None:
    send(client, OUR_WAY)
    by_kind: dict[str, set[str]] = {}
    for identifier in (*BUILTIN, "our-way"):
        story = client.get(f"/playbooks/{identifier}/story").json()
        assert story["starts_at"] < story["turns_at"] < story["until"]
        for line in story["lines"]:
            by_kind.setdefault(line["kind"], set()).add(identifier)
    assert by_kind["thank-you"] == {*BUILTIN, "our-way"}
    assert by_kind["pie"] == {"our-way"}
    assert "wait-for-timeline" in by_kind


def test_a_playbook_can_be_had_as_its_author_wrote_it(client: httpx.Client) -> None:
    send(client, OUR_WAY)
    answer = client.get("/playbooks/our-way", params={"as_written": True})
    assert answer.json()["extends"] == "balanced"
    assert [each["id"] for each in answer.json()["rules"]] == ["follow-up", "pie"]
    assert answer.headers["etag"] == client.get("/playbooks/our-way").headers["etag"]
    assert read_inline(answer.json()).version == told(client, "our-way")["version"]
    whole = client.get("/playbooks/balanced", params={"as_written": True}).json()
    assert whole == builtin_document("balanced")


def test_what_was_sent_as_data_is_read_again_as_yaml(client: httpx.Client) -> None:
    written = {"id": "data", "title": "no: 12", "extends": "balanced", "without": ["connect"], "rules": []}
    post(client, "/playbooks", written)
    text = client.get("/playbooks/data", headers={"Accept": "application/yaml"}).text
    assert text.startswith("id: data\ntitle: 'no: 12'\n")
    assert client.get("/playbooks/data", params={"as_written": True}).json() == written


def test_the_list_says_how_much_is_in_each_and_how_many_go_by_it(
    client: httpx.Client, anonymous: httpx.Client, interview: dict[str, Any]
) -> None:
    assert interview
    send(client, OUR_WAY)
    post(client, "/opportunities", {"company": "Brindle", "playbook_id": "our-way"})
    lines = {each["id"]: each for each in client.get("/playbooks").json()["items"]}
    assert (lines["balanced"]["opportunities"], lines["our-way"]["opportunities"]) == (1, 1)
    assert lines["three-things"]["opportunities"] == 0
    of_own, of_default = told(client, "our-way"), builtin()["balanced"]
    assert (lines["our-way"]["rules"], lines["our-way"]["holds"]) == (len(of_own["rules"]), len(of_own["holds"]))
    assert lines["balanced"]["rules"] == len(of_default.rules)
    assert {each["opportunities"] for each in anonymous.get("/playbooks").json()["items"]} == {None}


def test_every_anchor_can_stand_after_a_number() -> None:
    assert all(anchor.after.format("“it”") for anchor in words.ANCHORS.values())
