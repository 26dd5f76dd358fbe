"""Without the server: the app opens with what it last read, says how old that is, and goes on when it is back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from afterword import clock
from afterword.api import front_end
from afterword.api.app import create_app
from afterword.config import Settings
from afterword.storage.database import open_database
from support.databases import SqliteFiles
from support.device import ANSWERS, written
from support.screens import PASSWORD, Met, Screens, watched_page
from support.served import served
from support.server import free_port, running_server

pytestmark = pytest.mark.browser
KEPT = re.compile(r"Read on .+\.")


class Place:
    """A server of one's own that can really be stopped, and started again where it was."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._running = ExitStack()

    def start(self) -> None:
        settings = {"AFTERWORD_REGISTRATION": "open"}
        self._running.enter_context(running_server(self.data_dir, port=self.port, settings=settings))

    def stop(self) -> None:
        """The process ends: nobody listens at its address any more."""
        self._running.close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    place.start()
    yield place
    place.stop()


@pytest.fixture
def screens(browser: Browser, place: Place, size: tuple[int, int]) -> Iterator[Screens]:
    """Somebody new, with the app on the device."""
    with watched_page(browser, place.url, size, shell=True) as page:
        screens = Screens(page)
        screens.sign_up()
        put_on_device(page)
        yield screens


def put_on_device(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def log_in_berlin(screens: Screens) -> None:
    screens.open_log()
    screens.fill_log("Acme", "Data engineer", Met("Ana Ruiz"))
    screens.page.get_by_label("Where was it? (time zone)").select_option("Europe/Berlin")
    screens.saved()
    expect(screens.unfold("Thank Ana Ruiz")).to_contain_text("Berlin time")


def colour(page: Page, selector: str) -> str:
    return str(page.locator(selector).first.evaluate("(element) => getComputedStyle(element).color"))


def test_with_the_server_stopped_every_page_seen_before_opens_and_says_how_old_it_is(
    screens: Screens, place: Place
) -> None:
    page = screens.page
    log_in_berlin(screens)
    due = colour(page, ".due")
    screens.open_opportunity("Acme")
    written(page, ANSWERS)
    page.goto("/")
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()
    written(screens.page, ANSWERS)
    place.stop()

    page.goto("/")
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(screens.unfold("Thank Ana Ruiz")).to_contain_text("Berlin time")
    assert colour(page, ".due") != due
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Opportunities").click()
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Acme").click()
    expect(page.get_by_role("heading", name="Acme", level=1)).to_be_visible()
    expect(page.get_by_text(KEPT)).to_be_visible()
    assert colour(page, ".due") != due


def test_a_page_never_opened_before_says_that_it_needs_a_connection(screens: Screens, place: Place) -> None:
    page = screens.page
    log_in_berlin(screens)
    written(screens.page, ANSWERS)
    place.stop()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Opportunities").click()
    page.get_by_role("main").get_by_role("link", name="Acme").click()
    expect(page.get_by_text("This has not been opened on this device yet")).to_be_visible()
    place.start()
    expect(page.get_by_role("heading", name="Acme", level=1)).to_be_visible(timeout=15_000)


def test_when_the_server_is_back_the_page_refreshes_by_itself(screens: Screens, place: Place) -> None:
    page = screens.page
    log_in_berlin(screens)
    due = colour(page, ".due")
    written(screens.page, ANSWERS)
    place.stop()
    page.goto("/")
    expect(page.get_by_text(KEPT)).to_be_visible()
    place.start()
    expect(page.get_by_text(KEPT)).to_have_count(0, timeout=15_000)
    assert colour(page, ".due") == due


def test_what_has_changed_since_is_told(screens: Screens, place: Place) -> None:
    page = screens.page
    ends_at = clock.now() + timedelta(seconds=4)
    body = {"company": "Acme", "ends_at": ends_at.isoformat(), "people": [{"name": "Ana Ruiz"}]}
    assert page.request.post("/api/v1/interviews", data=body).status == 201
    page.goto("/")
    expect(page.locator("[data-action=ask-timeline]")).to_be_visible()
    written(screens.page, ANSWERS)
    place.stop()
    page.wait_for_timeout(5_000)
    page.goto("/")
    expect(page.get_by_text("some of this has changed since")).to_be_visible()


def test_a_button_that_needs_the_server_says_so_at_once(screens: Screens, place: Place) -> None:
    page = screens.page
    log_in_berlin(screens)
    written(screens.page, ANSWERS)
    place.stop()
    screens.unfold("Thank Ana Ruiz").get_by_role("group").get_by_role("button", name="Done").click()
    expect(page.get_by_role("alert")).to_contain_text("was not noted", timeout=1_000)
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()
    place.start()
    screens.unfold("Thank Ana Ruiz").get_by_role("group").get_by_role("button", name="Done").click()
    expect(screens.card("Thank Ana Ruiz")).to_have_count(0)


def test_a_session_that_ended_meanwhile_is_asked_for_and_the_page_goes_on(screens: Screens, place: Place) -> None:
    page = screens.page
    log_in_berlin(screens)
    written(screens.page, ANSWERS)
    place.stop()
    page.goto("/")
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.context.clear_cookies()
    place.start()
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible(timeout=15_000)
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text(KEPT)).to_have_count(0)
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()


def test_only_the_server_answers_for_what_is_not_the_app(screens: Screens, place: Place) -> None:
    screens.page.goto("/")
    expect(screens.page.get_by_role("heading", name="Today")).to_be_visible()
    place.stop()
    for path in ("/docs/", "/metrics", "/api/v1/openapi.json", "/health/live"):
        with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
            screens.page.goto(path)


def test_signing_out_in_one_tab_signs_out_the_others(screens: Screens) -> None:
    other = screens.page.context.new_page()
    other.goto("/")
    expect(other.get_by_role("heading", name="Today")).to_be_visible()
    screens.page.get_by_text("Account", exact=True).click()
    screens.page.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()


@contextmanager
def serving(built: Path, database_url: str) -> Iterator[str]:
    """The product with a front end that can be exchanged while it runs."""
    opened = open_database(database_url)
    with served(create_app(Settings(database_url=database_url, data_dir=built), opened, built=built)) as url:
        yield url
    opened.engine.dispose()


def renew(built: Path) -> None:
    """What a new release changes: a page, and its fingerprint in the list of files."""
    page = built / "index.html"
    page.write_text(page.read_text().replace("<title>", "<meta name=release content=next><title>"))
    worker = built / "service-worker.js"
    listed = re.compile(r'("url":"/index\.html","revision":")[0-9a-f]+')
    text, changed = listed.subn(r"\g<1>0123456789abcdef", worker.read_text())
    assert changed == 1
    worker.write_text(text)


def test_a_new_release_takes_the_place_of_the_old_one(
    browser: Browser, size: tuple[int, int], tmp_path: Path, sqlite_files: SqliteFiles
) -> None:
    built = tmp_path / "dist"
    shutil.copytree(front_end.BUILT, built)
    with (
        sqlite_files.migrated() as database_url,
        serving(built, database_url) as url,
        watched_page(browser, url, size, shell=True) as page,
    ):
        screens = Screens(page)
        screens.sign_up()
        put_on_device(page)
        page.reload()
        expect(page.get_by_role("heading", name="Today")).to_be_visible()
        new = page.locator("meta[name=release]")
        expect(new).to_have_count(0)
        renew(built)
        page.evaluate(
            """async () => {
              const renewed = new Promise((resolve) =>
                navigator.serviceWorker.addEventListener("controllerchange", () => resolve(true), {once: true}));
              await (await navigator.serviceWorker.ready).update();
              return renewed;
            }"""
        )
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Opportunities").click()
        expect(page.get_by_role("heading", name="Opportunities", level=1)).to_be_visible()
        expect(new).to_have_count(1)
