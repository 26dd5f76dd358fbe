"""Makes the pictures of the documentation, docs/images/*.png, from a real server with an invented person's week."""

from __future__ import annotations

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Page, expect, sync_playwright

from afterword import clock
from support.chromium import launch
from support.screens import Met, Screens, watched_page
from support.server import running_server

IMAGES = Path(__file__).parents[1] / "docs" / "images"
TALLEST = 1700
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data_dir,
        running_server(Path(data_dir)) as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        with watched_page(browser, server.url, SIZES["desktop"]) as page:
            screens = Screens(page)
            live_a_week(screens)
            for size in SIZES:
                take_all(browser, server.url, screens.email, size)
        browser.close()


def live_a_week(screens: Screens) -> None:
    """Two opportunities: one whose follow-up is due, one whose interview has just ended."""
    screens.sign_up()
    screens.open_log()
    screens.fill_log("Northwind", "Analytics lead", Met("Mei Tanaka", "recruiter", "mei@northwind.example"))
    screens.set_time(clock.now() - timedelta(days=8))
    screens.saved()
    settle(screens, "Write down", "Think", "Thank Mei")
    ana = Met("Ana Ruiz", "hiring manager", "ana@acme.example")
    screens.open_log()
    screens.fill_log("Acme", "Data engineer", ana, Met("Ben Okafor", email="ben@acme.example"))
    screens.promise("On a date", (clock.now() + timedelta(days=6)).date())
    screens.saved()
    settle(screens, "Write down", "Think")


def settle(screens: Screens, *titles: str) -> None:
    for title in titles:
        screens.card(title).get_by_role("button", name="Done").click()
        expect(screens.card(title)).to_have_count(0)


def take_all(browser: Browser, url: str, email: str, size: str) -> None:
    for scheme in ("light", "dark"):
        with watched_page(browser, url, SIZES[size], scheme=scheme) as page:
            screens = Screens(page, email)
            screens.sign_in()
            take(page, f"today-{size}-{scheme}")
            screens.open_opportunity("Acme")
            take(page, f"opportunity-{size}-{scheme}")
            screens.open_log()
            screens.fill_log("Larkspur", "Platform engineer", Met("Ines Duarte", "hiring manager"))
            take(page, f"log-{size}-{scheme}")


def take(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    width, height = SIZES["phone" if "phone" in name else "desktop"]
    shown = height if name.startswith("today") else min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": shown}
    page.screenshot(path=IMAGES / f"{name}.png", full_page=True, clip=clip)
    sys.stdout.write(f"docs/images/{name}.png\n")


if __name__ == "__main__":
    main()
