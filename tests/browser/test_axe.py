"""Every screen and every dialog, judged by axe in both themes and at both sizes: no violation of WCAG 2.2 AA."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

import afterword
from support.addresses import ADDRESSES, address, patterns, settled, unfold_everything, visit
from support.one_opportunity import OneOpportunity
from support.recap_page import DISCUSSED, RecapPage
from support.screens import Screens, watched_page
from support.searching import Search

pytestmark = pytest.mark.browser
AXE = Path(afterword.__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
JUDGE = """standards => axe.run(document, {runOnly: standards, resultTypes: ["violations"]}).then(({violations}) =>
    violations.flatMap(({id, nodes}) => nodes.map(({html, failureSummary}) => ({id, html, failureSummary}))))"""


def button(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name).first.click()


def account_menu(page: Page) -> None:
    page.get_by_text("Account", exact=True).click()


def delete_a_round(page: Page) -> None:
    button("Change round 1")(page)
    button("Delete this round")(page)
    expect(page.get_by_role("dialog", name="Delete round 1?")).to_be_visible()


#: What is opened on a screen, by its address and the way there.
OPENED: dict[str, tuple[str, Callable[[Page], None]]] = {
    "account menu": ("today", account_menu),
    "shortcuts": ("today", lambda page: page.keyboard.press("?")),
    "snooze": ("today", button("Snooze")),
    "when and how": ("today", button("When and how")),
    "touch": ("opportunity", button("I wrote or called")),
    "reply": ("opportunity", button("Record a reply")),
    "outcome": ("opportunity", button("Record an outcome")),
    "outcome after a rejection": ("opportunity-ended", button("Change the outcome")),
    "edit the opportunity": ("opportunity", button("Edit")),
    "person": ("opportunity", button("Change Ana Ruiz")),
    "another person": ("opportunity", button("Add a person")),
    "round": ("opportunity", button("Change round 1")),
    "share": ("opportunity", button("Share")),
    "share today": ("settings", button("Share Today")),
    "revoke a share": ("settings", button("Revoke the link for Coach Kim")),
    "change a message": ("opportunity-answered", button("Change: From Mei Tanaka")),
    "delete a round": ("opportunity", delete_a_round),
    "key": ("automation", button("Make a key")),
    "endpoint": ("automation", button("Add an endpoint")),
    "change the endpoint": ("endpoint", button("Change")),
    "a playbook of one's own": ("playbook", button("Make my own from this")),
    "switch a playbook on": ("own-playbook", button("Switch it on")),
    "delete a playbook": ("own-playbook", button("Delete it")),
    "rotate": ("endpoint", button("Rotate the secret")),
}


def judge(page: Page) -> str:
    """What axe has against the page, in the light and in the dark: a line for each."""
    page.evaluate(AXE.read_text())
    found: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        violations: list[dict[str, Any]] = page.evaluate(JUDGE, STANDARDS)
        found += [f"{scheme}: {each['id']}: {each['html']}: {each['failureSummary']}" for each in violations]
    return "\n".join(found)


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_screen_violates_anything(searching_page: Page, search: Search, name: str) -> None:
    visit(searching_page, address(name, search))
    unfold_everything(searching_page)
    assert judge(searching_page) == ""


@pytest.mark.parametrize("name", OPENED)
def test_nothing_that_is_opened_does(searching_page: Page, search: Search, name: str) -> None:
    place, open_it = OPENED[name]
    visit(searching_page, address(place, search))
    open_it(searching_page)
    expect(searching_page.locator("dialog[open], header details[open]").last).to_be_visible()
    settled(searching_page)
    assert judge(searching_page) == ""


@pytest.mark.parametrize("way", ["I am new here", "I have an account"])
def test_nor_does_the_way_in(browser: Browser, search: Search, size: tuple[int, int], way: str) -> None:
    with watched_page(browser, search.url, size) as page:
        visit(page, "/")
        if page.get_by_role("button", name=way).is_visible():
            page.get_by_role("button", name=way).click()
        assert judge(page) == ""


def test_what_is_refused_is_said_without_a_violation(searching_page: Page) -> None:
    visit(searching_page, "/log")
    searching_page.get_by_role("button", name="Save").click()
    expect(searching_page.get_by_label("Company")).to_have_attribute("aria-invalid", "true")
    assert judge(searching_page) == ""


def test_an_answer_that_is_kept_shows_its_age_without_a_violation(searching_page: Page) -> None:
    visit(searching_page, "/")
    nobody_answers(searching_page)
    visit(searching_page, "/")
    expect(searching_page.get_by_text("Read on ")).to_be_visible()
    assert judge(searching_page) == ""


def test_a_session_that_ended_is_asked_for_without_a_violation(searching_page: Page) -> None:
    visit(searching_page, "/")
    searching_page.context.clear_cookies()
    searching_page.keyboard.press("o")
    expect(searching_page.get_by_role("dialog", name="Sign in again")).to_be_visible()
    assert judge(searching_page) == ""


def test_both_versions_stand_side_by_side_without_a_violation(screens: Screens) -> None:
    acme = OneOpportunity(screens)
    acme.press("Edit")
    dialog = acme.dialog("Edit the opportunity")
    dialog.get_by_label("Role").fill("Site engineer")
    changed = {"role": "Platform engineer"}
    assert screens.page.request.patch(f"/api/v1/opportunities/{acme.id}", data=changed).ok
    acme.press("Save the opportunity")
    expect(dialog.get_by_role("alert")).to_contain_text("Platform engineer")
    assert judge(screens.page) == ""


def test_words_that_only_the_device_has_are_asked_about_without_a_violation(screens: Screens) -> None:
    screens.log("Acme", "Data engineer")
    recap = RecapPage(screens)
    recap.open()
    nobody_answers(screens.page)
    recap.write(DISCUSSED, "Pipelines")
    recap.expect_kept()
    account_menu(screens.page)
    screens.page.get_by_role("button", name="Sign out").click()
    expect(screens.page.get_by_role("dialog", name="Some words are not saved yet")).to_be_visible()
    assert judge(screens.page) == ""


def nobody_answers(page: Page) -> None:
    page.route("**/api/**", lambda route: route.abort("internetdisconnected"))


def test_every_address_of_the_front_end_is_judged(search: Search) -> None:
    judged = [address(name, search).partition("#")[0] for name in ADDRESSES]
    assert [pattern.pattern for pattern in patterns() if not any(map(pattern.match, judged))] == []


def test_a_violation_would_be_found(searching_page: Page) -> None:
    visit(searching_page, "/log")
    searching_page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert "button-name" in judge(searching_page)
