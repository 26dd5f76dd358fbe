"""Every command, script, file, setting and port that the container files name exists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

import afterword
from afterword.__main__ import parser
from afterword.api.front_end import SecurityHeaders
from afterword.config import Settings
from support import containers

ROOT = Path(afterword.__file__).parents[2]
STAGES = containers.stages((ROOT / "Dockerfile").read_text())
SERVICES = containers.compose(ROOT / "docker-compose.yml")
OF_UVICORN = {"FORWARDED_ALLOW_IPS"}
WEB = (ROOT / "deploy" / "web.conf").read_text()


def known_settings() -> set[str]:
    asked = containers.Asked()
    Settings.from_environ(asked)
    return asked.names


def unknown_settings(environment: Iterable[str]) -> list[str]:
    return [name for name in environment if name not in known_settings() | OF_UVICORN]


def of_our_image() -> dict[str, dict[str, Any]]:
    return {name: service for name, service in SERVICES.items() if service.get("image") == "afterword"}


def option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


def parsed(command: list[str]) -> str:
    """The subcommand, after the real parser has accepted the line."""
    parser().parse_args(command)
    return command[0]


@pytest.mark.parametrize("stage", STAGES.values(), ids=lambda stage: stage.name)
def test_each_stage_copies_and_runs_what_exists(stage: containers.Stage) -> None:
    assert containers.missing_copies(stage, set(STAGES), ROOT) == []
    assert containers.missing_scripts(stage, ROOT) == []


@pytest.mark.parametrize("stage", STAGES.values(), ids=lambda stage: stage.name)
def test_what_is_copied_is_sent_to_the_builder(stage: containers.Stage) -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for arguments in stage.all("COPY"):
        if "--from=" not in arguments:
            sources = arguments.split()[:-1]
            assert [name for name in sources if not any(Path(name.split("/")[0]).match(each) for each in allowed)] == []


def test_the_image_starts_the_installed_command() -> None:
    stage = STAGES["afterword"]
    assert containers.as_list(stage, "ENTRYPOINT") == [".venv/bin/afterword"]
    assert 'afterword = "afterword.__main__:main"' in (ROOT / "pyproject.toml").read_text()
    command = containers.as_list(stage, "CMD")
    assert parsed(command) == "serve"
    assert option(command, "--port") in containers.ports(stage)


@pytest.mark.parametrize(("name", "command"), [("migrate", "migrate"), ("api", "api"), ("worker", "worker")])
def test_each_service_runs_its_command(name: str, command: str) -> None:
    assert parsed(SERVICES[name]["command"]) == command


@pytest.mark.parametrize("name", of_our_image())
def test_each_setting_is_one_we_read(name: str) -> None:
    environment = SERVICES[name]["environment"]
    assert unknown_settings(environment) == []
    assert {"DATABASE_URL", "AFTERWORD_SECRET_KEY"} <= set(environment)


def test_the_image_sets_what_we_read() -> None:
    names = [line.split("=")[0] for line in STAGES["afterword"].all("ENV")]
    assert names
    assert set(names) <= known_settings()


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_built_from_a_stage_that_exists(name: str) -> None:
    build = SERVICES[name].get("build")
    assert build is None or build["target"] in STAGES


def test_each_wait_can_end() -> None:
    assert list(containers.unmet_conditions(SERVICES)) == []


def test_the_schema_is_made_before_anyone_needs_it() -> None:
    for name in ("api", "worker"):
        assert SERVICES[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert SERVICES["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_the_database_is_the_one_that_is_named() -> None:
    made = SERVICES["database"]["environment"]
    host = f"@database:5432/{made['POSTGRES_DB']}"
    for service in of_our_image().values():
        assert service["environment"]["DATABASE_URL"].startswith(f"postgresql://{made['POSTGRES_USER']}:")
        assert service["environment"]["DATABASE_URL"].endswith(host)


def test_ports_agree() -> None:
    api_port = option(SERVICES["api"]["command"], "--port")
    assert f"http://api:{api_port}" in WEB
    assert f"127.0.0.1:{api_port}/health/live" in SERVICES["api"]["healthcheck"]["test"][-1]
    published = [mapping.split(":")[-1] for mapping in SERVICES["web"]["ports"]]
    assert published == re.findall(r"listen (\d+);", WEB)
    assert set(published) == containers.ports(STAGES["web"])


@pytest.mark.parametrize(
    ("path", "pattern"), [("/", "default"), ("/today", "default"), ("/assets/index.js", "~^/assets/")]
)
def test_pages_come_with_the_headers_that_the_api_sends(path: str, pattern: str) -> None:
    sent = dict(TestClient(SecurityHeaders(Response())).get(path).headers)
    named = {name.lower(): value for name, value in re.findall(r'add_header (\S+) "(.+)";', WEB)}
    lifetimes = dict(re.findall(r'^    (\S+) "(.+)";$', WEB, re.MULTILINE))
    assert named.pop("cache-control") == "$cache_control"
    assert {**named, "cache-control": lifetimes[pattern], "content-length": "0"} == sent


@pytest.mark.parametrize(
    ("dockerfile", "complaint"),
    [
        ("FROM a AS b\nRUN scripts/nowhere.sh runtime", containers.missing_scripts),
        ("FROM a AS b\nRUN true && scripts/nowhere.sh", containers.missing_scripts),
        ("FROM a AS b\nCOPY nowhere there", lambda stage, root: containers.missing_copies(stage, {"b"}, root)),
        ("FROM a AS b\nCOPY --from=c x y", lambda stage, root: containers.missing_copies(stage, {"b"}, root)),
    ],
)
def test_what_does_not_exist_in_a_dockerfile_is_found(dockerfile: str, complaint: Any) -> None:
    assert complaint(containers.stages(dockerfile)["b"], ROOT)


def test_an_unknown_setting_is_found() -> None:
    assert unknown_settings({"AFTERWORD_SECRET": "x", "AFTERWORD_SECRET_KEY": "x"}) == ["AFTERWORD_SECRET"]


def test_an_unknown_command_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed(["serve", "--nowhere", "8000"])
    assert "--nowhere" in capsys.readouterr().err


@pytest.mark.parametrize(
    "services",
    [
        {"api": {"depends_on": {"database": {"condition": "service_healthy"}}}, "database": {}},
        {"api": {"depends_on": {"migrate": {"condition": "service_completed_successfully"}}}, "migrate": {}},
        {"api": {"depends_on": {"nobody": {"condition": "service_started"}}}},
    ],
)
def test_a_wait_without_end_is_found(services: dict[str, dict[str, Any]]) -> None:
    assert list(containers.unmet_conditions(services))
