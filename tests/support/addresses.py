"""Every address that shows something, for what looks at all screens: pictures, accessibility, hostile text."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

import afterword
from support.searching import Search

SOURCES = Path(afterword.__file__).parents[2] / "frontend" / "src"

#: What is named in braces is an id of `Search`.
ADDRESSES = {
    "today": "/",
    "log": "/log",
    "another-round": "/opportunities/{northwind}/log",
    "opportunities": "/opportunities",
    "opportunity": "/opportunities/{acme}",
    "opportunity-answered": "/opportunities/{northwind}",
    "opportunity-ended": "/opportunities/{halden}",
    "recap": "/interviews/{round}/recap",
    "automation": "/automation",
    "endpoint": "/automation/endpoints/{endpoint}",
    "endpoint-deliveries": "/automation/endpoints/{endpoint}/deliveries",
    "deliveries": "/automation/deliveries",
    "delivery": "/automation/deliveries/{delivery}",
    "playbooks": "/playbooks",
    "playbook": "/playbooks/balanced",
    "own-playbook": "/playbooks/our-way",
    "agreements": "/playbooks/agreements",
    "adjust": "/playbooks/our-way/adjust",
    "playbook-text": "/playbooks/our-way/text",
    "settings": "/settings",
    "shared": "/shared#{share}",
    "shared-opportunity": "/shared#{opportunity_share}",
    "nowhere": "/nowhere",
}

#: What is inside a fold is put on the page once it is open.
MOST_UNFOLDINGS = 5
UNFOLD = """async () => {
    const closed = () => [...document.querySelectorAll("main details:not([open])")];
    for (let depth = 0; depth < 6 && closed().length > 0; depth++) {
        closed().forEach(each => each.open = true);
        await new Promise(resolve => setTimeout(() => requestAnimationFrame(resolve), 50));
    }
}"""


def address(name: str, search: Search) -> str:
    return ADDRESSES[name].format(**search.ids)


def visit(page: Page, path: str) -> None:
    """Open an address, and wait until everything that it shows is there."""
    # A browser would stay where it is if only what stands after the # differed.
    page.goto("about:blank")
    page.goto(path)
    settled(page)


def settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.evaluate("document.fonts.ready")


def unfold_everything(page: Page) -> None:
    """Opens all that is folded, and what is folded inside of that, until there is nothing left to open."""
    for _ in range(MOST_UNFOLDINGS):
        page.evaluate(UNFOLD)
        settled(page)
        # What one of them asked the server for may have come folded too.
        if page.locator("main details:not([open])").count() == 0:
            return
    raise AssertionError("there is always something left to unfold")


def patterns() -> list[re.Pattern[str]]:
    """The addresses that the front end knows: its table of views, and those that the frame itself knows."""
    table = re.findall(r"\[/(\^.+?\$)/, ", (SOURCES / "lib" / "views.ts").read_text())
    frame = (SOURCES / "App.svelte").read_text()
    own = [f"^{re.escape(path)}$" for path in re.findall(r'route\.path === "([^"]+)"', frame)]
    own += re.findall(r"= /(\^.+?\$)/\.exec\(route\.path\)", frame)
    return [re.compile(pattern.replace(r"\/", "/")) for pattern in [*table, *own]]
