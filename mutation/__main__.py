"""`python -m mutation [FILE ...]`: all of policy/, or the files named, such as policy/calendar.py."""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import sys
import time
from pathlib import Path

from mutation.ledger import Ledger, content, copied
from mutation.mutants import Mutant, mutants
from mutation.report import Progress, report, share_killed

ROOT = Path(__file__).parents[1]
STATE = ROOT / ".mutation"
ENOUGH = 0.9


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m mutation", description="Mutation testing of the policy.")
    made.add_argument("files", nargs="*", metavar="FILE", help="such as policy/calendar.py; without any, all")
    made.add_argument("--minutes", type=float, default=60, help="stop after so many minutes; the next run goes on (60)")
    made.add_argument("--list", action="store_true", help="only count the mutants of each file")
    return made


def chosen_files(package: Path, named: list[str]) -> list[str]:
    there = [f"policy/{path.name}" for path in sorted((package / "policy").glob("*.py"))]
    unknown = sorted(set(named) - set(there))
    if unknown:
        raise SystemExit(f"no such file: {', '.join(unknown)}; there are: {', '.join(there)}")
    return [file for file in there if file in named or not named]


def go(files: list[str], tree: Path, state: str, until: float) -> int:
    package = tree / "backend" / "afterword"
    sources = {file: (package / file).read_text(encoding="utf-8") for file in files}
    found = [mutant for file, source in sources.items() for mutant in mutants(file, source)]
    keys = [mutant.key(sources[mutant.file]) for mutant in found]
    ledger = Ledger(STATE / "ledger.sqlite", state)
    known = ledger.verdicts()
    left = sum(key not in known for key in keys)
    progress = Progress(len(found), len(found) - left)
    progress.say(f"{len(found)} mutants in {len(files)} files, {len(found) - left} of them known, {left} to run")
    if left:
        run(tree, ledger, found, until, progress)
    text, counts = report(found, keys, ledger.verdicts(), sources)
    (STATE / "report.txt").write_text(text, encoding="utf-8")
    print(text)
    return say_result(counts["not run"], share_killed(counts))


def run(tree: Path, ledger: Ledger, found: list[Mutant], until: float, progress: Progress) -> None:
    # Imported only now: the suite imports the tests' own modules from the copy.
    os.chdir(tree)
    sys.path.insert(0, str(tree / "backend"))
    from mutation import schedule, suite

    plugin = schedule.Run(tree, ledger, found, until, progress)
    status = suite.run_pytest(plugin)
    if plugin.refused or status:
        raise SystemExit(f"not run: {plugin.refused or f'pytest ended with {status}'}")


def say_result(not_run: int, share: float) -> int:
    print(f"{100 * share:.1f} % killed, {100 * ENOUGH:.0f} % wanted; the list is in .mutation/report.txt")
    if not_run:
        print(f"{not_run} not run yet: run it again to go on")
    return int(share < ENOUGH or not_run > 0)


def main() -> int:
    asked = parser().parse_args()
    until = time.monotonic() + 60 * asked.minutes
    files = chosen_files(ROOT / "backend" / "afterword", asked.files)
    if asked.list:
        for file in files:
            print(f"{file:<28}{len(mutants(file, (ROOT / 'backend' / 'afterword' / file).read_text())):>9}")
        return 0
    STATE.mkdir(exist_ok=True)
    with (STATE / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("another run is under way") from None
        # Ended politely, it ends its children too.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped; run it again to go on"))
        tree = copied(ROOT, STATE / "tree")
        return go(files, tree, content(tree), until)


if __name__ == "__main__":
    sys.exit(main())
