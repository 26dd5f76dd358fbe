"""The command line. Each command imports what it needs when it runs, so that `plan` need not wait for a web server."""

from __future__ import annotations

import argparse
import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

from afterword import clock
from afterword.config import InvalidSetting, Settings
from afterword.errors import AfterwordError, InvalidInput, InvalidPlaybook

if TYPE_CHECKING:
    from afterword.storage.database import Database
    from afterword.worker.scheduler import Worker

REFUSED, DONE = 2, 0
OBJECTS_BETWEEN_COLLECTIONS = 200_000
SECONDS_BETWEEN_LOOKS_AT_THE_CLOCK = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    chosen = parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace], None] = chosen.run
        run(chosen)
    except AfterwordError as error:
        print(error.detail, file=sys.stderr)
        for problem in error.problems:
            print(f"  {problem.told()}", file=sys.stderr)
        return REFUSED
    except InvalidSetting as error:
        print(error, file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return DONE
    return DONE


def parser() -> argparse.ArgumentParser:
    """Every command and option there is."""
    whole = argparse.ArgumentParser(
        prog="afterword",
        description="What to do after a job interview, for whom, when and why, and what to leave alone.",
    )
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    _serving(commands, "serve", serve, "serve the API and the front end, and do the worker's part, in one process")
    _serving(commands, "api", api, "serve the API and the front end; the worker runs apart")
    _command(commands, "worker", worker, "plan what is due and send what is to be sent; the API runs apart")
    _command(commands, "migrate", migrate, "bring the database to the schema of this release")
    planning = _command(commands, "plan", plan, "answer a facts document, YAML or JSON, without storing anything")
    planning.add_argument("file", metavar="FILE", help="the document; - for standard input")
    planning.add_argument("--at", metavar="INSTANT", help="ask as of this instant, in place of the document's `at`")
    planning.add_argument("--playbook", metavar="ID_OR_FILE", help="ask this playbook: an id, or a file of your own")
    planning.add_argument("--explain", action="store_true", help="say also what did not fire, and what stopped it")
    checking = _command(commands, "check-playbook", check_playbook, "say whether playbooks of your own can be used")
    checking.add_argument("files", metavar="FILE", nargs="+", help="a playbook, YAML or JSON")
    describing = _command(
        commands, "describe-playbook", describe_playbook, "read a playbook back in words, as Markdown"
    )
    describing.add_argument("file", metavar="FILE", help="a playbook, YAML or JSON")
    _command(commands, "openapi", openapi, "print the OpenAPI document")
    keys = commands.add_parser("keys", help="API keys").add_subparsers(required=True, metavar="COMMAND")
    creating = _command(keys, "create", create_key, "make an API key and print it, this once")
    creating.add_argument("--name", default="command line", help="what it is for")
    creating.add_argument("--account", help="the account's id; needed only where there are several")
    return whole


def serve(chosen: argparse.Namespace) -> None:
    """Everything in one process. SQLite is migrated on the way; a PostgreSQL that others share is not."""
    _end_on_sigterm()
    settings = _settings_with_playbooks()
    with _database(settings) as database:
        is_ours = database.engine.dialect.name == "sqlite"
        _prepare(database, migrates=is_ours)
        with _in_step(database), _working(_worker(settings, database, alone=is_ours)):
            _serve_http(settings, database, chosen)


def api(chosen: argparse.Namespace) -> None:
    """Requests only."""
    _end_on_sigterm()
    settings = _settings_with_playbooks()
    with _database(settings) as database:
        _prepare(database, migrates=False)
        with _in_step(database):
            _serve_http(settings, database, chosen)


def worker(_chosen: argparse.Namespace) -> None:
    """Time and deliveries only, until told to end."""
    settings = _settings_with_playbooks()
    with _database(settings) as database:
        _prepare(database, migrates=False)
        ended = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: ended.set())
        collect_seldom()
        with _in_step(database), _working(_worker(settings, database, alone=False)):
            ended.wait()


def migrate(_chosen: argparse.Namespace) -> None:
    """Bring the schema up to date."""
    from afterword.storage.database import migrate as bring_up_to_date
    from afterword.storage.database import schema_revision

    with _database(_settings()) as database:
        bring_up_to_date(database.engine)
        print(f"The database is at schema revision {schema_revision(database.engine)}.")


def plan(chosen: argparse.Namespace) -> None:
    """Print what the policy says about a document's facts."""
    from afterword.formats.facts_reading import parse
    from afterword.services.timelines import answer_document

    _settings_with_playbooks()
    _print_json(answer_document(parse(_asked(chosen))))


def check_playbook(chosen: argparse.Namespace) -> None:
    """Say of each file that it can be used, or each line at which it cannot, and why."""
    from afterword.playbooks.source import read_file

    refused = 0
    for name in chosen.files:
        try:
            _, playbook = read_file(Path(name))
        except InvalidPlaybook as error:
            refused += 1
            print(*(problem.told(name) for problem in error.problems), sep="\n", file=sys.stderr)
        else:
            rules = len(playbook.rules) + len(playbook.holds)
            print(f"ok: {playbook.id}, version {playbook.version}, {rules} rules")
    if refused:
        raise InvalidPlaybook(f"{refused} of {len(chosen.files)} cannot be used.")


def describe_playbook(chosen: argparse.Namespace) -> None:
    """Print what a playbook says in plain words, so that its author sees what was understood."""
    from afterword.formats.catalogue.pages import described
    from afterword.playbooks.loader import builtin
    from afterword.playbooks.source import read_file

    document, playbook = read_file(Path(chosen.file))
    print(described(playbook, document.get("about"), own=next(iter(builtin()))), end="")


def openapi(_chosen: argparse.Namespace) -> None:
    """Print the contract, sorted."""
    from afterword.api.app import create_app
    from afterword.storage.database import open_database

    # The database is named and never opened.
    settings = Settings.from_environ({"AFTERWORD_DATA_DIR": "."})
    _print_json(create_app(settings, open_database(settings.database_url)).openapi(), sort_keys=True)


def create_key(chosen: argparse.Namespace) -> None:
    """Make a key for a program."""
    from afterword.services import api_keys
    from afterword.storage import accounts

    with _database(_settings()) as database:
        _prepare(database, migrates=False)
        with database.write() as session:
            account_id = chosen.account or accounts.single_account(session)
            if account_id is None:
                raise InvalidInput(f"{database.name} has no account, or several: sign up first, or name --account.")
            if accounts.find_account(session, account_id) is None:
                raise InvalidInput(f"{database.name} has no account {account_id}.")
            _, key = api_keys.create(session, account_id, chosen.name, clock.now())
    print(key)


def _command(commands: Any, name: str, run: Callable[[argparse.Namespace], None], says: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=says, description=says)
    made.set_defaults(run=run)
    return made


def _serving(commands: Any, name: str, run: Callable[[argparse.Namespace], None], says: str) -> None:
    made = _command(commands, name, run, says)
    made.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    made.add_argument("--port", default=8000, type=int, help="the port to listen on (default: %(default)s)")


def _settings() -> Settings:
    return Settings.from_environ(os.environ)


def _settings_with_playbooks() -> Settings:
    """The settings of a process that answers or plans, once the operator's playbooks are read."""
    from afterword.playbooks import shelf

    settings = _settings()
    shelf.fill(settings.playbooks_dir)
    return settings


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    from afterword.storage.database import open_database

    opened = open_database(settings.database_url)
    try:
        yield opened
    finally:
        opened.engine.dispose()


def _prepare(database: Database, migrates: bool) -> None:
    from afterword.storage.database import check_schema
    from afterword.storage.database import migrate as bring_up_to_date

    if migrates:
        bring_up_to_date(database.engine)
    check_schema(database.engine)


@contextmanager
def _in_step(database: Database) -> Iterator[None]:
    """Go by the database's clock, where it has one, and look at it again every few seconds."""
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(SECONDS_BETWEEN_LOOKS_AT_THE_CLOCK):
            with suppress(AfterwordError):
                _follow_clock_of(database)

    if _follow_clock_of(database):
        threading.Thread(target=look, name="clock", daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def _follow_clock_of(database: Database) -> bool:
    from afterword.storage.database import look_at_clock

    seen = look_at_clock(database.engine)
    if seen:
        clock.follow(*seen)
    return seen is not None


def _worker(settings: Settings, database: Database, alone: bool) -> Worker:
    from afterword.worker.scheduler import Worker

    return Worker(database, clock.now, settings.allowed_networks, settings.public_url, alone)


@contextmanager
def _working(worker: Worker) -> Iterator[None]:
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def _serve_http(settings: Settings, database: Database, chosen: argparse.Namespace) -> None:
    import uvicorn

    from afterword.api.app import create_app

    app = create_app(settings, database, _sign_up_code(settings, database, chosen.host))
    collect_seldom()
    uvicorn.run(
        app, host=chosen.host, port=chosen.port, access_log=False, server_header=False, timeout_graceful_shutdown=10
    )


def collect_seldom() -> None:
    """Leave what is loaded out of garbage collection, and collect when there is something to be found.

    The answer about hundreds of opportunities makes a quarter of a million objects that all live until it is sent;
    walking them again and again took a third of its time, and a tenth of the time of sending, for the payloads on their
    way. Circles are few, because a case lets go of its subjects.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, 50, 100)


def _end_on_sigterm() -> None:
    """Unwind on SIGTERM. uvicorn raises the signal again once it has finished, and then the worker must finish too."""

    def leave(*_: object) -> None:
        # Not KeyboardInterrupt: where that comes while a library is being imported, Python ends with the status of
        # SIGINT even though it was caught.
        raise SystemExit(DONE)

    signal.signal(signal.SIGTERM, leave)


def _sign_up_code(settings: Settings, database: Database, host: str) -> str | None:
    """The code that the first sign-up needs, printed, where more than this machine can reach the server."""
    from afterword.config import sign_up_code
    from afterword.storage import accounts

    with database.read() as session:
        if _is_loopback(host) or accounts.any_user(session):
            return None
    code = sign_up_code(settings)
    print(f"The first sign-up needs this code: {code}", file=sys.stderr, flush=True)
    return code


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _asked(chosen: argparse.Namespace) -> object:
    """The document, with what the options say in place of its own keys."""
    document = _document(chosen.file)
    options = {"at": chosen.at, "playbook": _playbook(chosen.playbook), "explain": chosen.explain or None}
    given = {key: value for key, value in options.items() if value is not None}
    return {**document, **given} if isinstance(document, dict) else document


def _playbook(choice: str | None) -> object:
    """An id as it is; of a file its document, once it is known that it can be used."""
    from afterword.playbooks.shelf import ENDINGS
    from afterword.playbooks.source import read_file

    if choice is None or not (choice.endswith(ENDINGS) or "/" in choice):
        return choice
    document, _ = read_file(Path(choice))
    return document


def _document(name: str) -> object:
    from afterword.formats import yaml_document

    text = _text(name, yaml_document.LARGEST_DOCUMENT)
    if not name.endswith(".json"):
        return yaml_document.load(text)
    try:
        return json.loads(text)
    except ValueError as error:
        raise InvalidInput(f"{name} is not JSON: {error}") from None
    except RecursionError:
        raise InvalidInput(f"{name} is nested too deeply; write it flatter.") from None


def _text(name: str, most: int) -> str:
    try:
        with sys.stdin if name == "-" else Path(name).open(encoding="utf-8") as file:
            text = file.read(most + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{name} cannot be read: {error}") from None
    if len(text) > most:
        raise InvalidInput(f"{name} is larger than {most // 1024} kB; ask about less at once.")
    return text


def _print_json(document: object, sort_keys: bool = False) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2, sort_keys=sort_keys))


if __name__ == "__main__":
    sys.exit(main())
