"""A real Node-RED on loopback, without its editor, that runs the flow which our documents offer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from support.node import ROOT, node
from support.server import free_port

FLOW = ROOT / "docs" / "examples" / "node-red-flow.json"
PACKAGES = ROOT / "tests" / "integrations" / "node_modules"
START_SECONDS = 90
SETTINGS = """\
module.exports = {
  uiHost: "127.0.0.1", flowFile: "flow.json", disableEditor: true, credentialSecret: false,
  telemetry: { enabled: false }, externalModules: { modules: { allowInstall: false } },
};
"""


@dataclass(frozen=True)
class NodeRed:
    url: str
    directory: Path

    @property
    def hook(self) -> str:
        return f"{self.url}/afterword"

    @property
    def file(self) -> Path:
        return self.directory / "afterword-events.jsonl"

    def kept(self) -> list[dict[str, Any]]:
        """What the flow has kept, in the order in which it came."""
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []

    @contextmanager
    def unable_to_write(self) -> Iterator[None]:
        """With a folder where its file should be: nobody can write to that, not even root."""
        aside = self.file.with_suffix(".aside")
        self.file.touch()
        self.file.rename(aside)
        self.file.mkdir()
        yield
        self.file.rmdir()
        aside.rename(self.file)

    def press(self, name: str) -> None:
        """Press the button of an inject node, as its user would in the editor."""
        [button] = [each["id"] for each in json.loads(FLOW.read_text()) if each.get("name") == name]
        httpx.post(f"{self.url}/inject/{button}", timeout=10, trust_env=False).raise_for_status()

    def post(self, headers: Mapping[str, str], body: bytes) -> int:
        """The status that a request is answered with."""
        return httpx.post(self.hook, content=body, headers=dict(headers), timeout=10, trust_env=False).status_code


@contextmanager
def running_node_red(directory: Path, secret: str) -> Iterator[NodeRed]:
    """Node-RED with our flow, its files in a directory of its own; it has ended when the block is left."""
    shutil.copyfile(FLOW, directory / "flow.json")
    (directory / "settings.js").write_text(SETTINGS)
    port, log = free_port(), directory / "node-red.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [node(), PACKAGES / "node-red" / "red.js", "--userDir", directory, "--port", str(port)],
            cwd=directory,
            env={"PATH": os.environ["PATH"], "HOME": str(directory), "WEBHOOK_SECRET": secret},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_until_started(process, log)
        yield NodeRed(f"http://127.0.0.1:{port}", directory)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_started(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if "Started flows" in log.read_text() and "Server now running" in log.read_text():
            return
        time.sleep(0.1)
    raise RuntimeError(f"Node-RED did not start:\n{log.read_text()}")


def version() -> str:
    """The version that is installed."""
    return str(json.loads((PACKAGES / "node-red" / "package.json").read_text())["version"])
