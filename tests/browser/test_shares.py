"""A link for a coach or a friend: made, opened by somebody without an account, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from afterword import clock
from support.screens import Met, Screens, watched_page
from support.server import Server

pytestmark = pytest.mark.browser
ANA = Met("Ana Ruiz", "hiring manager", "ana@acme.example")
CHANGING = ("Done", "Snooze", "Skip", "Put back", "Record a reply", "Record an outcome", "Change", "Save", "Share")


@pytest.fixture
def visitor(browser: Browser, server: Server, size: tuple[int, int]) -> Iterator[Page]:
    """Somebody else, in a browser of their own, without an account and in another zone."""
    with watched_page(browser, server.url, size, zone="Europe/Berlin") as page:
        yield page


def fill(page: Page, name: str) -> Locator:
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("For whom?").fill(name)
    dialog.get_by_role("button", name="Make the link").click()
    return dialog


def share_opportunity(screens: Screens, company: str, name: str = "Coach Kim") -> str:
    screens.open_opportunity(company)
    screens.page.get_by_role("button", name="Share", exact=True).click()
    return made(fill(screens.page, name))


def share_today(page: Page, name: str = "Coach Kim") -> str:
    page.goto("/settings")
    page.get_by_role("button", name="Share Today").click()
    return made(fill(page, name))


def made(dialog: Locator) -> str:
    url = url_in(dialog)
    dialog.get_by_role("button", name="Close").click()
    return url


def url_in(dialog: Locator) -> str:
    return dialog.get_by_role("textbox", name="The link").input_value()


def revoke(page: Page, name: str) -> None:
    page.goto("/settings")
    page.get_by_role("button", name=f"Revoke the link for {name}").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def assert_only_looks(page: Page) -> None:
    for name in CHANGING:
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    links = page.get_by_role("link").evaluate_all("links => links.map((link) => new URL(link.href).pathname)")
    assert links == ["/"]
    kept = "[localStorage.length, sessionStorage.length, document.cookie]"
    assert page.evaluate(kept) == [0, 0, ""]
    widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    scrolled, shown = page.evaluate(widths)
    assert scrolled <= shown


def test_an_opportunity_is_seen_by_who_has_the_link_until_it_is_taken_back(screens: Screens, visitor: Page) -> None:
    screens.log("Acme", "Data engineer", ANA)
    url = share_opportunity(screens, "Acme")
    visitor.goto(url)
    expect(visitor.get_by_role("heading", name="Acme", level=1)).to_be_visible()
    expect(Screens(visitor, "nobody").card("Thank Ana Ruiz")).to_be_visible()
    expect(visitor.get_by_text("Somebody shares this with you.")).to_be_visible()
    expect(visitor.get_by_text("You can look until")).to_contain_text("Nothing can be changed here.")
    expect(visitor.get_by_role("region", name="The timeline")).to_be_visible()
    expect(visitor.get_by_role("region", name="People")).to_contain_text("hiring manager")
    assert "ana@acme.example" not in visitor.content()
    assert_only_looks(visitor)

    revoke(screens.page, "Coach Kim")
    visitor.reload()
    expect(visitor.get_by_role("heading", name="There is nothing to see here any more")).to_be_visible()
    expect(visitor.get_by_text("Acme")).to_have_count(0)


def test_today_is_seen_by_who_has_the_link(screens: Screens, visitor: Page) -> None:
    screens.log("Acme", "Data engineer", ANA)
    screens.log("Globex", "Analyst", Met("Ben Okafor"))
    visitor.goto(share_today(screens.page))
    expect(visitor.get_by_role("heading", name="Today")).to_be_visible()
    expect(visitor.get_by_role("heading", name="Thank Ana Ruiz")).to_be_visible()
    expect(visitor.get_by_role("heading", name="Thank Ben Okafor")).to_be_visible()
    hold = visitor.get_by_role("article").filter(has_text="Wait before you follow up").first
    expect(hold).to_contain_text("Data engineer, Acme")
    assert_only_looks(visitor)


def test_a_link_is_shown_once_and_listed_without_it(screens: Screens) -> None:
    url = share_today(screens.page, "Lee")
    links = screens.page.get_by_role("region", name="Share links")
    expect(links.get_by_role("listitem")).to_contain_text("Today for Lee")
    expect(links.get_by_role("listitem")).to_contain_text("not opened yet")
    assert url not in screens.page.content()


def test_a_look_is_told_to_the_owner(screens: Screens, visitor: Page) -> None:
    visitor.goto(share_today(screens.page))
    expect(visitor.get_by_role("heading", name="Today")).to_be_visible()
    screens.page.reload()
    expect(screens.page.get_by_role("region", name="Share links")).to_contain_text("last seen")


def test_a_link_for_nobody_is_refused_at_its_field(screens: Screens) -> None:
    page = screens.page
    page.goto("/settings")
    page.get_by_role("button", name="Share Today").click()
    fill(page, " ")
    field = page.get_by_role("dialog").get_by_label("For whom?")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Only you see this. Must not be empty.")


def test_the_link_can_be_copied(screens: Screens) -> None:
    page = screens.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/settings")
    page.get_by_role("button", name="Share Today").click()
    dialog = fill(page, "Coach Kim")
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == url_in(dialog)


def test_the_link_is_handed_to_the_devices_own_way_of_sending(screens: Screens) -> None:
    page = screens.page
    page.add_init_script("navigator.share = async (what) => void (window.handed = what)")
    page.goto("/settings")
    page.get_by_role("button", name="Share Today").click()
    dialog = fill(page, "Coach Kim")
    dialog.get_by_role("button", name="Send…").click()
    assert page.evaluate("window.handed") == {"title": "Today", "url": url_in(dialog)}


def test_a_link_whose_answer_was_lost_is_made_once_and_said_to_be_lost(screens: Screens) -> None:
    page = screens.page
    page.goto("/settings")
    page.route("**/api/v1/shares", lose_one_answer, times=1)
    page.get_by_role("button", name="Share Today").click()
    dialog = fill(page, "Coach Kim")
    expect(dialog.get_by_role("alert")).to_contain_text("could not be reached")
    dialog.get_by_role("button", name="Make the link").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Revoke it in the settings, and make another")
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_role("region", name="Share links").get_by_role("listitem")).to_contain_text("Coach Kim")


def lose_one_answer(route: Route) -> None:
    route.fetch()
    route.abort("internetdisconnected")


def test_what_changes_by_itself_appears_to_who_looks_without_polling(screens: Screens, visitor: Page) -> None:
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url) if "/shared" in request.url else None)
    url = share_today(screens.page)
    ends_at = clock.now() + timedelta(seconds=6)
    body = {"company": "Acme", "ends_at": ends_at.isoformat(), "people": [{"name": "Ana Ruiz"}]}
    assert screens.page.request.post("/api/v1/interviews", data=body).status == 201
    visitor.goto(url)
    expect(visitor.get_by_role("heading", name="Thank Ana Ruiz")).to_be_visible(timeout=12_000)
    assert len([each for each in asked if "/api/" in each]) <= 3


def test_a_link_that_lost_its_secret_says_so(visitor: Page) -> None:
    visitor.goto("/shared")
    expect(visitor.get_by_role("heading", name="Part of the link is missing")).to_be_visible()
    visitor.goto("/shared#afs_unknown")
    expect(visitor.get_by_role("heading", name="There is nothing to see here any more")).to_be_visible()


def test_who_is_signed_in_only_looks_too(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", ANA)
    url = share_opportunity(screens, "Acme")
    screens.page.goto("about:blank")
    screens.page.goto(url)
    expect(screens.page.get_by_role("heading", name="Acme", level=1)).to_be_visible()
    for name in CHANGING:
        expect(screens.page.get_by_role("button", name=name)).to_have_count(0)
    expect(screens.page.get_by_role("navigation")).to_have_count(0)
    screens.page.get_by_role("link", name="What is Afterword?").click()
    expect(screens.page.get_by_role("navigation")).to_be_visible()
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()
