"""An operator's playbooks, offered by a real process to all accounts."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from afterword.formats import yaml_document
from support.server import running_server

WEEK = Path(__file__).parents[1] / "data" / "week.yaml"
CALMER = "id: calmer\ntitle: Calmer\nextends: balanced\nrules:\n  - {id: follow-up, repeat: {every: P14D, max: 1}}\n"

pytestmark = pytest.mark.process


def test_the_operators_playbooks_are_offered_like_the_built_in_ones(tmp_path: Path) -> None:
    playbooks = tmp_path / "playbooks"
    playbooks.mkdir()
    (playbooks / "calmer.yaml").write_text(CALMER)
    (playbooks / "notes.txt").write_text("not a playbook")
    with running_server(tmp_path, settings={"AFTERWORD_PLAYBOOKS_DIR": str(playbooks)}) as server:
        api = f"{server.url}/api/v1"
        listed = httpx.get(f"{api}/playbooks", trust_env=False).json()["items"]
        assert [(each["id"], each["title"]) for each in listed[:1] + listed[6:]] == [
            ("balanced", listed[0]["title"]),
            ("calmer", "Calmer"),
        ]
        whole = httpx.get(f"{api}/playbooks/calmer", trust_env=False).json()
        (follow_up,) = [rule for rule in whole["rules"] if rule["id"] == "follow-up"]
        assert follow_up["repeat"] == {"every": "P14D", "max": 1}
        week = {**yaml_document.load(WEEK.read_text()), "playbook": "calmer"}
        answer = httpx.post(f"{api}/timelines", json=week, trust_env=False)
        assert answer.json()["playbook"] == "calmer", answer.text


def test_a_playbook_that_breaks_stops_the_next_start_and_says_where(tmp_path: Path) -> None:
    playbooks = tmp_path / "playbooks"
    playbooks.mkdir()
    (playbooks / "calmer.yaml").write_text(CALMER.replace("P14D", "a fortnight"))
    with (
        pytest.raises(RuntimeError, match="did not start") as ended,
        running_server(tmp_path, settings={"AFTERWORD_PLAYBOOKS_DIR": str(playbooks)}),
    ):
        pass
    assert f"{playbooks / 'calmer.yaml'}:5: rules.0.repeat.every: must be hours like PT24H" in str(ended.value)
