"""One forked process per mutant: bounded in memory and time, gone when it has said what came of it."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MEMORY_ABOVE_OWN = 2 << 30
LONGEST_ANSWER = 32 << 20
PR_SET_PDEATHSIG = 1


@dataclass(eq=False)
class Child:
    """A process on its way, and where its answer comes from."""

    pid: int
    answers: int
    subject: Any
    deadline: float
    began: float
    heard: bytes = b""

    def listen(self) -> bool:
        """Reads what there is; whether that was the end."""
        part = os.read(self.answers, 1 << 16)
        self.heard += part
        return not part or len(self.heard) > LONGEST_ANSWER

    def end(self) -> dict[str, Any]:
        """The answer of a child that said it, or how it died."""
        os.close(self.answers)
        _, status = os.waitpid(self.pid, 0)
        if os.WIFSIGNALED(status):
            by = signal.Signals(os.WTERMSIG(status))
            return {"verdict": "timeout" if by in (signal.SIGPROF, signal.SIGKILL) else "crashed", "test": by.name}
        answer: dict[str, Any] = json.loads(self.heard) if self.heard else {"verdict": "crashed", "test": "no answer"}
        return answer

    def stop(self) -> None:
        """Ends it, by its id; its answer says then that it ran out of time."""
        os.kill(self.pid, signal.SIGKILL)


def start(subject: Any, work: Callable[[], dict[str, Any]], seconds: float) -> Child:
    """Forks a process that does the work, says what came of it in JSON, and ends."""
    ours, theirs = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        _be_child(work, theirs)
    os.close(theirs)
    return Child(pid, ours, subject, time.monotonic() + seconds, time.monotonic())


def _be_child(work: Callable[[], dict[str, Any]], answers: int) -> None:
    """Never returns: nothing of the parent's, such as the end of its test session, may run here a second time."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        _silence()
        _die_with_parent()
        _bound_memory()
        answer = json.dumps(work()).encode()
        while answer:
            answer = answer[os.write(answers, answer) :]
    finally:
        os._exit(0)


def _silence() -> None:
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _bound_memory() -> None:
    if sys.platform != "linux":
        return
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY_ABOVE_OWN
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_cpu(seconds: float) -> None:
    """From now on so much processor time until the process is ended by SIGPROF; 0 lifts the bound."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
