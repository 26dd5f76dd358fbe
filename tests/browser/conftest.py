"""The real Chromium of this machine, one per run, and a real server that anybody may sign up at.

It may send events to receivers on this machine.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from support import searching
from support.chromium import launch
from support.receiver import receiving
from support.screens import Screens, watched_page
from support.searching import Search
from support.server import Server, running_server
from support.sizes import SIZES


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {"AFTERWORD_REGISTRATION": "open", "AFTERWORD_ALLOWED_NETWORKS": "127.0.0.0/8"}
    with running_server(tmp_path_factory.mktemp("served"), settings=settings) as running:
        yield running


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Whoever asks for it runs on a phone and on a desktop."""
    return SIZES[request.param]


@pytest.fixture
def shell() -> bool:
    """Whether the browser keeps the app on the device; who tests that says so."""
    return False


@pytest.fixture
def page(browser: Browser, server: Server, size: tuple[int, int], shell: bool) -> Iterator[Page]:
    """An empty browser at the product's address. An error on its console or a request to elsewhere fails the test."""
    with watched_page(browser, server.url, size, shell=shell) as page:
        yield page


@pytest.fixture
def screens(page: Page) -> Screens:
    """The product with somebody new signed in."""
    screens = Screens(page)
    screens.begin()
    return screens


@pytest.fixture(scope="session")
def search(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    """Somebody in the middle of looking for a job, on a server of their own. Who asks for it changes nothing of it."""
    settings = {"AFTERWORD_REGISTRATION": "open", "AFTERWORD_ALLOWED_NETWORKS": "127.0.0.0/8"}
    with (
        receiving("unread") as receiver,
        running_server(tmp_path_factory.mktemp("searching"), settings=settings) as server,
    ):
        yield searching.begin(server.url, "searching@mail.example", receiver.url)


@pytest.fixture(scope="session")
def signed_in(browser: Browser, search: Search) -> StorageState:
    with watched_page(browser, search.url, SIZES["desktop"]) as page:
        Screens(page, search.email).sign_in()
        return page.context.storage_state()


@pytest.fixture
def searching_page(browser: Browser, search: Search, signed_in: StorageState, size: tuple[int, int]) -> Iterator[Page]:
    """A browser in which whoever is looking for a job is signed in."""
    with watched_page(browser, search.url, size, state=signed_in) as page:
        yield page
