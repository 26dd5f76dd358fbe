"""The account that runs what refuses to run as root, and places that this account can reach."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

ACCOUNTS = ("nobody", "daemon")


def account() -> pwd.struct_passwd | None:
    """The account to become, or None when we are not root and can stay who we are."""
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError(f"Running as root, none of the accounts {', '.join(ACCOUNTS)} exists; run the tests as a user.")


def run(*command: str | Path, cwd: Path | str = "/") -> subprocess.CompletedProcess[str]:
    """Run as the account. Output goes to a file: a daemon that inherits a pipe would keep it open for ever."""
    someone = account()
    identity = {} if someone is None else {"user": someone.pw_uid, "group": someone.pw_gid, "extra_groups": []}
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=cwd,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            check=False,
            timeout=120,
            **identity,
        )
        output.seek(0)
        return subprocess.CompletedProcess(process.args, process.returncode, output.read(), "")


def can_run(*command: str | Path) -> bool:
    try:
        return run(*command).returncode == 0
    except OSError:
        return False


def private_directory(prefix: str) -> Path:
    """A fresh directory of the account, in the first temporary place that it can reach. No parent is opened up."""
    someone = account()
    for place in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):
        directory = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
        if someone is not None:
            os.chown(directory, someone.pw_uid, someone.pw_gid)
        if can_run("ls", directory):
            return directory
        shutil.rmtree(directory)
    raise RuntimeError("No temporary directory can be reached by the unprivileged account; set TMPDIR to one that can.")
