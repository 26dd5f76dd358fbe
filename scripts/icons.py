"""Makes the icons of the installed app, frontend/public/icon-*.png, from the one drawing, with a real browser."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from support.chromium import launch

PUBLIC = Path(__file__).parents[1] / "frontend" / "public"
PAPER = "#fbf8f1"
#: Name, side in pixels, and how much of it the drawing takes; a mask may cut away all but the middle 80 %.
ICONS = (("icon-192", 192, 1.0), ("icon-512", 512, 1.0), ("icon-maskable-512", 512, 0.72))


def main() -> None:
    drawing = (PUBLIC / "favicon.svg").read_text()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name, side, share in ICONS:
            take(browser, drawing, PUBLIC / f"{name}.png", side, share)
        browser.close()


def take(browser: Browser, drawing: str, path: Path, side: int, share: float) -> None:
    page = browser.new_page(viewport={"width": side, "height": side})
    margin = round(side * (1 - share) / 2)
    background = PAPER if share < 1 else "transparent"
    page.set_content(f"<style>body{{margin:{margin}px;background:{background}}}svg{{display:block}}</style>{drawing}")
    page.screenshot(path=path, omit_background=share == 1)
    page.close()


if __name__ == "__main__":
    main()
