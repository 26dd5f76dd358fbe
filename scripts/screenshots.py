"""Takes docs/images/*.webp, a picture of every screen, from a real server with an invented search."""

from __future__ import annotations

import base64
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from support import searching
from support.addresses import ADDRESSES, address, visit
from support.chromium import launch
from support.receiver import receiving
from support.screens import Met, Screens, watched_page
from support.searching import Search
from support.server import running_server

IMAGES = Path(__file__).parents[1] / "docs" / "images"
TALLEST = 1600
QUALITY = 60
Scheme = Literal["light", "dark"]
#: How each screen is taken: by a name, the window and the theme.
TAKEN: dict[str, tuple[tuple[int, int], Scheme]] = {
    "phone": ((390, 844), "light"),
    "desktop": ((1280, 900), "light"),
    "dark": ((1280, 900), "dark"),
}
SETTINGS = {"AFTERWORD_REGISTRATION": "open", "AFTERWORD_ALLOWED_NETWORKS": "127.0.0.0/8"}


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data_dir,
        receiving("unread") as receiver,
        running_server(Path(data_dir), settings=SETTINGS) as server,
        sync_playwright() as playwright,
    ):
        search = searching.begin(server.url, "pictured@mail.example", receiver.url)
        browser = launch(playwright)
        state = signed_in(browser, search)
        for way, (size, scheme) in TAKEN.items():
            take_all(browser, search, state, way, size, scheme)
        browser.close()


def signed_in(browser: Browser, search: Search) -> StorageState:
    with watched_page(browser, search.url, TAKEN["desktop"][0]) as page:
        Screens(page, search.email).sign_in()
        return page.context.storage_state()


def take_all(
    browser: Browser, search: Search, state: StorageState, way: str, size: tuple[int, int], scheme: Scheme
) -> None:
    with watched_page(browser, search.url, size, scheme=scheme) as page:
        visit(page, "/")
        take(page, f"welcome-{way}", size)
    with watched_page(browser, search.url, size, scheme=scheme, state=state) as page:
        for name in ADDRESSES:
            visit(page, address(name, search))
            if name == "log":
                Screens(page).fill_log("Larkspur", "Platform engineer", Met("Ines Duarte", "hiring manager"))
            take(page, f"{name}-{way}", size)


def take(page: Page, name: str, size: tuple[int, int]) -> None:
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    # A tall window instead of a part of a page, so that what is fixed to its edge stands where it ends.
    width, height = size
    whole = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(height, min(TALLEST, whole))})
    wanted = {"format": "webp", "quality": QUALITY}
    taken: dict[str, Any] = page.context.new_cdp_session(page).send("Page.captureScreenshot", wanted)
    page.set_viewport_size({"width": width, "height": height})
    (IMAGES / f"{name}.webp").write_bytes(base64.b64decode(taken["data"]))
    sys.stdout.write(f"docs/images/{name}.webp\n")


if __name__ == "__main__":
    main()
