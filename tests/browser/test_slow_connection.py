"""A connection that is there and carries nothing: what was read last is shown meanwhile, with its age."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from support.screens import Met, Screens
from support.sizes import on_a_phone

pytestmark = pytest.mark.browser
KEPT = re.compile(r"Read on .+\.")
PATIENCE_MS = 3_000
OUR_HASTE_MS = 1_500


class Connection:
    """Of one page: while it is stuck, what the page asks is neither answered nor refused."""

    def __init__(self, page: Page) -> None:
        self.stuck = False
        self.held: list[Route] = []
        page.route("**/api/**", self.carry)

    def carry(self, route: Route) -> None:
        if self.stuck:
            self.held.append(route)
        else:
            route.continue_()

    def carry_on(self) -> None:
        self.stuck = False
        for route in self.held:
            route.continue_()


@pytest.fixture
def connection(screens: Screens) -> Connection:
    """Of somebody who has read what to do about Acme."""
    screens.log("Acme", "Data engineer", Met("Ana Ruiz"))
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()
    return Connection(screens.page)


@on_a_phone
def test_who_waits_in_vain_is_shown_what_was_read_last_and_then_what_is_true_now(
    screens: Screens, connection: Connection
) -> None:
    page = screens.page
    connection.stuck = True
    page.goto("/")
    kept = page.get_by_text(KEPT)
    expect(kept).to_be_visible(timeout=PATIENCE_MS + OUR_HASTE_MS)
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()
    [acme] = page.request.get("/api/v1/opportunities").json()["items"]
    assert page.request.delete(f"/api/v1/opportunities/{acme['id']}").ok
    connection.carry_on()
    expect(kept).to_have_count(0)
    expect(page.get_by_text("Log your first interview")).to_be_visible()


@on_a_phone
def test_the_patience_is_spent_once_and_not_on_every_page(screens: Screens, connection: Connection) -> None:
    page, kept = screens.page, screens.page.get_by_text(KEPT)
    connection.stuck = True
    screens.open_opportunities()
    expect(kept).to_be_visible(timeout=PATIENCE_MS + OUR_HASTE_MS)
    page.get_by_role("navigation").get_by_role("link", name="Today").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    expect(kept).to_be_visible(timeout=OUR_HASTE_MS)
    connection.carry_on()
    expect(kept).to_have_count(0)
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()
