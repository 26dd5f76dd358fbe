"""The shelf: built-in playbooks and the operator's, which are read at start or refuse it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from afterword.errors import InvalidPlaybook
from afterword.playbooks import shelf
from afterword.playbooks.loader import BUILTIN, builtin, builtin_document, read_whole
from afterword.services.releases import fingerprint

CALMER = """
id: {name}
extends: balanced
rules:
  - id: follow-up
    repeat: {{every: P{days}D, max: 1}}
"""


@pytest.fixture(autouse=True)
def _emptied() -> Iterator[None]:
    yield
    shelf.fill(None)


def write(directory: Path, file: str, name: str = "calmer", days: int = 14) -> Path:
    path = directory / file
    path.write_text(CALMER.format(name=name, days=days))
    return path


def refusal(directory: Path) -> str:
    with pytest.raises(InvalidPlaybook) as refused:
        shelf.fill(directory)
    return refused.value.detail


def test_without_a_directory_there_are_the_built_in_ones() -> None:
    shelf.fill(None)
    assert list(shelf.known()) == list(BUILTIN)
    assert shelf.document("eight-steps") == builtin_document("eight-steps")


def test_the_operators_come_after_the_built_in_ones_and_are_whole(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml")
    write(tmp_path, "b.YML", name="later", days=21)
    (tmp_path / "c.json").write_text(json.dumps({**builtin_document("five-things"), "id": "five"}))
    (tmp_path / "README.md").write_text("not a playbook")
    shelf.fill(tmp_path)
    assert list(shelf.known()) == [*BUILTIN, "calmer", "later", "five"]
    assert asdict(read_whole(shelf.document("calmer"))) == asdict(shelf.known()["calmer"])
    assert asdict(shelf.known()["five"])["rules"] == asdict(builtin()["five-things"])["rules"]


def test_filling_again_forgets_what_was_there(tmp_path: Path) -> None:
    path = write(tmp_path, "a.yaml")
    shelf.fill(tmp_path)
    path.unlink()
    shelf.fill(tmp_path)
    assert "calmer" not in shelf.known()


def test_a_changed_file_is_another_release(tmp_path: Path) -> None:
    before = fingerprint()
    write(tmp_path, "a.yaml")
    shelf.fill(tmp_path)
    added = fingerprint()
    write(tmp_path, "a.yaml", days=10)
    shelf.fill(tmp_path)
    assert len({before, added, fingerprint()}) == 3


def test_an_id_that_is_taken_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", name="balanced")
    assert refusal(tmp_path).endswith("a.yaml: id: balanced is the id of a built-in playbook; give yours another.")
    write(tmp_path, "a.yaml", name="schema")
    assert "a.yaml: id: schema is a word that the API uses itself" in refusal(tmp_path)
    write(tmp_path, "a.yaml")
    write(tmp_path, "b.yaml")
    assert "b.yaml: id: calmer is also the id in" in refusal(tmp_path)


def test_one_file_may_not_extend_another(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml")
    (tmp_path / "b.yaml").write_text("id: calmest\nextends: calmer\nrules: []\n")
    assert "b.yaml:2: extends: there is no built-in playbook calmer; there are: balanced" in refusal(tmp_path)


def test_a_broken_file_is_named_with_its_line_and_keeps_the_shelf_as_it_was(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml")
    shelf.fill(tmp_path)
    (tmp_path / "b.yaml").write_text("id: broken\nextends: balanced\nrules:\n  - id: thank-you\n    colour: red\n")
    assert "b.yaml:5: rules.0.colour: is not a field here" in refusal(tmp_path)
    assert "calmer" in shelf.known()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe", "cannot be read"),
        (b"rules: []\n", "id: is missing"),
        (b"x" * 300_000, "larger than 256 kB"),
        (b"", ":1: must be a mapping"),
    ],
)
def test_what_is_no_playbook_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "a.yaml").write_bytes(content)
    assert says in refusal(tmp_path)


def test_a_directory_that_is_not_there_and_one_that_is_too_full_are_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "nowhere")
    for number in range(shelf.MOST_FILES + 1):
        write(tmp_path, f"{number}.yaml", name=f"calmer-{number}")
    assert "more than 50 playbooks" in refusal(tmp_path)
