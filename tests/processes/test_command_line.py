"""The command line as a user meets it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from afterword.formats import yaml_document
from support.server import COMMAND

WEEK = Path(__file__).parents[1] / "data" / "week.yaml"

pytestmark = pytest.mark.process


def afterword(*arguments: str | Path, given: str | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"HOME": "/nowhere", **settings},
    )


def test_plan_prints_the_same_for_yaml_json_and_standard_input(tmp_path: Path) -> None:
    as_json = tmp_path / "week.json"
    as_json.write_text(json.dumps(yaml_document.load(WEEK.read_text())))
    printed = [afterword("plan", WEEK), afterword("plan", as_json), afterword("plan", "-", given=WEEK.read_text())]
    assert [each.returncode for each in printed] == [0, 0, 0], printed[0].stderr
    assert len({each.stdout for each in printed}) == 1
    assert json.loads(printed[0].stdout)["playbook"] == "balanced"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("at: 2026-03-03T15:10:00\n", "at: has no offset"),
        ("at: 2026-03-03T15:10:00Z\nat: 2026-03-03T15:10:00Z\n", "given twice"),
        ("at: [\n", "is not YAML"),
        ("- 1\n", "must be an object"),
        ("at: 2026-03-03T15:10:00Z\nopportunities: [{company: A, colour: red}]\n", "opportunities.0.colour"),
        ("at: 2026-03-03T15:10:00Z\nplaybook: none-such\n", "three-things"),
    ],
)
def test_plan_says_what_cannot_be_read_and_where(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text(text)
    ended = afterword("plan", file)
    assert ended.returncode == 2
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


@pytest.mark.parametrize(
    ("name", "content"), [("missing.yaml", None), ("broken.json", b"{"), ("binary.yaml", b"\xff\xfe\x00")]
)
def test_plan_refuses_a_file_it_cannot_read(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ended = afterword("plan", tmp_path / name)
    assert ended.returncode == 2
    assert name in ended.stderr
    assert "Traceback" not in ended.stderr


def planned(*arguments: str | Path, given: str | None = None, **settings: str) -> dict[str, Any]:
    ended = afterword("plan", *arguments, given=given, **settings)
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stderr
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def test_the_options_of_plan_stand_in_for_the_keys_of_the_document() -> None:
    told = planned(WEEK, "--at", "2025-03-17T12:00:00-04:00", "--playbook", "five-things", "--explain")
    assert (told["as_of"], told["playbook"]) == ("2025-03-17T16:00:00Z", "five-things")
    assert told["not_fired"]
    document = yaml_document.load(WEEK.read_text())
    changed = {**document, "at": "2025-03-17T16:00:00Z", "playbook": "five-things", "explain": True}
    assert planned("-", given=json.dumps(changed)) == told
    del changed["at"]
    assert planned("-", "--at", told["as_of"], given=json.dumps(changed)) == told


def test_plan_explains_each_rule_that_did_not_fire_with_what_stopped_it() -> None:
    silences = planned(WEEK, "--explain")["not_fired"]
    subjects = [(each["rule"], each["opportunity"], each["interview"], str(each["person"])) for each in silences]
    assert len(set(subjects)) == len(subjects), "each once"
    follow_up = next(each for each in silences if each["rule"] == "follow-up" and each["opportunity"] == "larkspur")
    assert follow_up["because"], "a further round is set"
    assert "not_fired" not in planned(WEEK)


def test_plan_takes_a_playbook_of_ones_own_from_a_file_or_from_the_document(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    mine, within = tmp_path / "house" / "calmer.yaml", tmp_path / "week.yaml"
    mine.write_text(GOOD)
    told = planned(WEEK, "--playbook", mine)
    assert told["playbook"] == "calmer"
    document = {**yaml_document.load(WEEK.read_text()), "playbook": yaml_document.load(GOOD)}
    within.write_text(json.dumps(document))
    assert planned(within) == told
    assert planned(WEEK, "--playbook", "calmer", AFTERWORD_PLAYBOOKS_DIR=str(mine.parent)) == told


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--at", "yesterday"), "at: is not an RFC 3339 instant"),
        (("--at", "2026-03-03T15:10:00"), "at: has no offset"),
        (("--playbook", "none-such"), "playbook: is not the id of a playbook"),
        (("--playbook", "missing.yaml"), "missing.yaml: cannot be read"),
    ],
)
def test_plan_refuses_options_as_it_refuses_keys(options: tuple[str, str], says: str) -> None:
    ended = afterword("plan", WEEK, *options)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr


def test_plan_names_the_line_of_what_is_wrong_in_a_playbook(tmp_path: Path) -> None:
    wild = tmp_path / "wild.yaml"
    wild.write_text(BROKEN)
    ended = afterword("plan", WEEK, "--playbook", wild)
    assert ended.returncode == 2
    assert f"{wild}:5: rules.0.colour: is not a field here" in ended.stderr


@pytest.mark.parametrize("content", ["[" * 100_000, " " * 300_000])
def test_plan_reads_no_more_than_it_can(tmp_path: Path, content: str) -> None:
    (tmp_path / "deep.json").write_text(content)
    ended = afterword("plan", tmp_path / "deep.json")
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr


def test_plan_does_not_wait_for_a_web_server_to_be_imported() -> None:
    loaded = (
        "import sys, afterword.__main__ as command; command.main(['plan', sys.argv[1]]); "
        "print(sorted(sys.modules), file=sys.stderr)"
    )
    ended = subprocess.run(
        [COMMAND.with_name("python"), "-c", loaded, WEEK], capture_output=True, text=True, timeout=60, check=True
    )
    assert not {"fastapi", "uvicorn", "aiohttp", "httpx", "apscheduler"} & set(
        json.loads(ended.stderr.replace("'", '"'))
    )


GOOD = "id: calmer\nextends: balanced\nrules:\n  - {id: follow-up, repeat: {every: P14D, max: 1}}\n"
BROKEN = "id: wild\nextends: balanced\nrules:\n  - id: follow-up\n    colour: red\n    repeat: {every: never}\n"


def test_check_playbook_says_that_one_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "calmer.yaml").write_text(GOOD)
    (tmp_path / "calmer.json").write_text(json.dumps(yaml_document.load(GOOD), indent="\t"))
    ended = afterword("check-playbook", tmp_path / "calmer.yaml", tmp_path / "calmer.json")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert re.fullmatch(r"(ok: calmer, version [0-9a-f]{16}, 37 rules\n)\1", ended.stdout), ended.stdout


def test_check_playbook_names_file_line_and_remedy(tmp_path: Path) -> None:
    good, broken = tmp_path / "calmer.yaml", tmp_path / "wild.yaml"
    good.write_text(GOOD)
    broken.write_text(BROKEN)
    ended = afterword("check-playbook", broken, good, tmp_path / "missing.yaml")
    assert ended.returncode == 2
    assert ended.stdout.startswith("ok: calmer")
    said = ended.stderr.splitlines()
    assert said[0] == f"{broken}:5: rules.0.colour: is not a field here; remove it or check its spelling"
    assert said[1].startswith(f"{broken}:6: rules.0.repeat.every: must be hours like PT24H")
    assert said[2].startswith(f"{tmp_path / 'missing.yaml'}: cannot be read")
    assert said[3] == "2 of 3 cannot be used."


@pytest.mark.parametrize("command", ["serve", "api", "worker"])
def test_a_broken_playbook_of_the_operator_stops_the_start(tmp_path: Path, command: str) -> None:
    (tmp_path / "wild.yaml").write_text(BROKEN)
    set_up = {"AFTERWORD_PLAYBOOKS_DIR": str(tmp_path), "AFTERWORD_DATA_DIR": str(tmp_path / "data")}
    ended = afterword(command, **set_up)
    assert ended.returncode == 2
    assert f"{tmp_path / 'wild.yaml'}:5: rules.0.colour: is not a field here" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_openapi_prints_the_contract_without_a_database() -> None:
    ended = afterword("openapi")
    assert ended.returncode == 0, ended.stderr
    document = json.loads(ended.stdout)
    assert document["openapi"].startswith("3.1")
    assert "action.opened" in document["webhooks"]


def test_every_command_says_what_it_does() -> None:
    for command in ("serve", "api", "worker", "migrate", "plan", "check-playbook", "openapi", "keys"):
        assert afterword(command, "--help").returncode == 0
        assert command in afterword("--help").stdout
    assert afterword("dance").returncode == 2
    assert afterword().returncode == 2
