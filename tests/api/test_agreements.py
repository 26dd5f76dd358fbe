"""Where the playbooks agree and where they do not, over the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

import afterword
from afterword.playbooks.loader import BUILTIN
from support.playbooks import OUR_WAY, send
from support.problems import refused_fields

PAGE = (Path(afterword.__file__).parents[2] / "docs" / "playbooks" / "agreements.md").read_text()


def asked(client: httpx.Client, *beside: str) -> dict[str, Any]:
    answer = client.get("/playbooks/agreements", params={"beside": list(beside)})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def kinds(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["kind"]: each for each in told["agreements"]}


def test_the_articles_stand_side_by_side(anonymous: httpx.Client) -> None:
    told = asked(anonymous)
    assert [each["id"] for each in told["playbooks"]] == list(BUILTIN)
    assert [each["id"] for each in told["playbooks"] if not each["article"]] == ["balanced"]
    follow_up = kinds(told)["follow-up"]
    assert follow_up["verdict"].startswith("All the articles speak of it and differ on when")
    assert {each["playbook"] for each in follow_up["readings"]} == set(BUILTIN)
    assert all(len(each["cells"]) == len(follow_up["columns"]) for each in follow_up["readings"])
    words = {each["playbook"]: each["word"] for each in kinds(told)["stay-in-touch"]["readings"]}
    assert words == {"three-things": "inferred", "eight-steps": "stated", "balanced": "taken_up"}
    assert kinds(told)["no-text-messages"]["held"] is True


def test_the_words_are_those_of_the_page(anonymous: httpx.Client) -> None:
    for each in asked(anonymous)["agreements"]:
        if each["verdict"] is not None:
            assert f"### {each['name']}\n" in PAGE
            assert each["verdict"] in PAGE


def test_ones_own_stands_beside_them(client: httpx.Client, stranger: httpx.Client) -> None:
    send(client, OUR_WAY)
    told = asked(client)
    assert told["playbooks"][-1] == {"id": "our-way", "title": "Our way", "origin": "own", "article": False}
    pie = kinds(told)["pie"]
    assert pie["verdict"] is None
    assert [each["playbook"] for each in pie["readings"]] == ["our-way"]
    assert kinds(told)["thank-you"]["readings"][-1]["word"] == "taken_up"
    assert "our-way" not in {each["id"] for each in asked(stranger)["playbooks"]}
    refused_fields(stranger.get("/playbooks/agreements", params={"beside": "our-way"}), 404)


def test_what_is_laid_beside_can_be_chosen_and_is_bounded(client: httpx.Client) -> None:
    for number in range(6):
        send(client, OUR_WAY.replace("our-way", f"way-{number}"))
    assert len(asked(client)["playbooks"]) == len(BUILTIN) + 4
    chosen = asked(client, "way-5", "balanced", "way-5")
    assert [each["id"] for each in chosen["playbooks"]] == [*BUILTIN, "way-5"]
    refused_fields(client.get("/playbooks/agreements", params={"beside": [f"way-{n}" for n in range(5)]}))
    refused_fields(client.get("/playbooks/agreements", params={"beside": "nobodys"}), 404)


def test_its_address_is_no_playbooks_id(client: httpx.Client) -> None:
    answer = client.post("/playbooks", json={"id": "agreements", "extends": "balanced", "rules": []})
    assert "choose another" in refused_fields(answer)["id"]
