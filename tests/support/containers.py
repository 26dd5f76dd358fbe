"""Reads the container files as far as a test can judge them without a container engine."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Stage:
    """One FROM of a Dockerfile and the instructions that follow it."""

    name: str
    source: str
    instructions: tuple[tuple[str, str], ...]

    def all(self, word: str) -> list[str]:
        return [rest for found, rest in self.instructions if found == word]


def stages(dockerfile: str) -> dict[str, Stage]:
    lines = [line for line in dockerfile.splitlines() if line.strip() and not line.startswith("#")]
    instructions = [tuple(line.split(maxsplit=1)) for line in "\n".join(lines).replace("\\\n", " ").splitlines()]
    starts = [index for index, (word, _) in enumerate(instructions) if word == "FROM"]
    found = {}
    for start, end in zip(starts, [*starts[1:], len(instructions)], strict=True):
        source, _, name = re.split(r"\s+", instructions[start][1])
        found[name] = Stage(name, source, tuple((word, rest) for word, rest in instructions[start + 1 : end]))
    return found


def compose(path: Path) -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load(path.read_text())["services"])


class Asked(dict[str, str]):
    """An environment that remembers which variables it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return default

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return False


def missing_copies(stage: Stage, names: set[str], root: Path) -> list[str]:
    """What a stage copies and nobody has: files of the tree, or other stages."""
    missing = []
    for arguments in stage.all("COPY"):
        options = [word for word in arguments.split() if word.startswith("--from=")]
        sources = [word for word in arguments.split() if not word.startswith("--")][:-1]
        if options:
            missing += [option for option in options if option.removeprefix("--from=") not in names]
        else:
            missing += [source for source in sources if not (root / source).exists()]
    return missing


def missing_scripts(stage: Stage, root: Path) -> list[str]:
    commands = [shlex.split(command) for run in stage.all("RUN") for command in re.split(r"&&|;", run)]
    return [command[0] for command in commands if "/" in command[0] and not (root / command[0]).is_file()]


def ports(stage: Stage) -> set[str]:
    return {port for exposed in stage.all("EXPOSE") for port in exposed.split()}


def as_list(stage: Stage, word: str) -> list[str]:
    """The value of an instruction written as JSON, such as CMD ["serve"]."""
    return list(json.loads(stage.all(word)[-1]))


def unmet_conditions(services: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What a service waits for and nobody fulfils."""
    for name, service in services.items():
        for other, wish in service.get("depends_on", {}).items():
            awaited = services.get(other, {})
            one_shot = awaited.get("restart") == "no"
            fulfilled = {
                "service_healthy": "healthcheck" in awaited,
                "service_completed_successfully": one_shot,
                "service_started": bool(awaited) and not one_shot,
            }
            if not fulfilled[wish["condition"]]:
                yield f"{name} waits for {other} to be {wish['condition']}"
