"""Set-up can be repeated anywhere: locked by hash, from any mirror, by targets that exist and explain themselves."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

import afterword

ROOT = Path(afterword.__file__).parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
NAMED_SCRIPT = re.compile(r"scripts/[a-z_]+\.(?:sh|py)")


def make(*arguments: str) -> str:
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_python_packages_are_locked_by_hash_and_without_addresses(lock: Path) -> None:
    packages = [part for part in re.split(r"\n(?=[a-z])", lock.read_text()) if "==" in part]
    assert packages
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert re.search(r"https?://|--index|--find-links", lock.read_text()) is None


def test_what_running_needs_is_the_same_when_testing() -> None:
    runtime, everything = ((ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock"))
    pins = re.compile(r"^\S+==\S+", re.MULTILINE)
    assert set(pins.findall(runtime)) <= set(pins.findall(everything))


def test_every_direct_dependency_is_locked() -> None:
    listed = re.findall(r'^    "([A-Za-z-]+)[\[>]', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    locked = (ROOT / "requirements-dev.lock").read_text()
    assert len(listed) > 20
    assert [name for name in listed if f"\n{name.lower()}==" not in f"\n{locked}"] == []


@pytest.mark.parametrize("folder", ["frontend", "tests/integrations", "tests/lighthouse"])
def test_npm_packages_are_locked_by_hash_and_without_addresses(folder: str) -> None:
    lock = (ROOT / folder / "package-lock.json").read_text()
    packages = json.loads(lock)["packages"]
    fetched = {name: package for name, package in packages.items() if name and not package.get("inBundle")}
    assert fetched
    assert [name for name, package in fetched.items() if "integrity" not in package] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert re.search(r"https?://", lock) is None


def test_make_alone_lists_every_target_with_one_line() -> None:
    lines = make("--no-print-directory").splitlines()
    assert {line.split()[0] for line in lines} == targets()
    assert all(len(line.split()) > 2 for line in lines)


def test_every_target_calls_what_exists() -> None:
    texts = [(ROOT / name).read_text() for name in ("Makefile", ".ci/run", "Dockerfile")]
    texts += [path.read_text() for path in (ROOT / "scripts").glob("*.sh")]
    named = {name for text in texts for name in NAMED_SCRIPT.findall(text)}
    assert [name for name in named if not (ROOT / name).is_file()] == []
    called = {name for name in named if name.endswith(".sh")} - {"scripts/environment.sh", "scripts/node.sh"}
    assert [name for name in called if not os.access(ROOT / name, os.X_OK)] == []


def test_the_guide_names_only_targets_that_exist() -> None:
    named = set(re.findall(r"`make ([a-z-]+)`", (ROOT / "CONTRIBUTING.md").read_text()))
    assert named
    assert named <= targets()
