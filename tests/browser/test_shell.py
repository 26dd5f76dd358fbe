"""The frame around every view: keys, the installed app, and addresses that lead nowhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from support.screens import Met, Screens
from support.sizes import on_a_phone

pytestmark = pytest.mark.browser


@pytest.fixture
def shell() -> bool:
    return True


def test_keys_lead_to_the_views_and_are_listed_under_the_question_mark(screens: Screens) -> None:
    keyboard = screens.page.keyboard
    keyboard.press("l")
    expect(screens.page.get_by_role("heading", name="Log an interview")).to_be_visible()
    keyboard.press("o")
    expect(screens.page.get_by_role("heading", name="Opportunities", level=1)).to_be_visible()
    keyboard.press("?")
    listed = screens.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(listed.get_by_text("Log an interview")).to_be_visible()
    keyboard.press("Escape")
    keyboard.press("t")
    expect(screens.page.get_by_role("heading", name="Today")).to_be_visible()


def test_keys_are_letters_where_something_is_typed(screens: Screens) -> None:
    screens.open_log()
    screens.page.get_by_label("Company").press_sequentially("total?")
    expect(screens.page.get_by_label("Company")).to_have_value("total?")
    expect(screens.page.get_by_role("dialog")).to_have_count(0)


@on_a_phone
def test_keys_do_nothing_while_a_dialog_asks_something(screens: Screens) -> None:
    page = screens.page
    screens.log("Acme", "Data engineer", Met("Ana Ruiz"))
    screens.unfold("Thank Ana Ruiz").get_by_role("button", name="When and how").click()
    dialog = page.get_by_role("dialog", name="Done, with details")
    expect(dialog.get_by_label("When?")).to_be_focused()
    # As in browsers that take the focus from everybody after a click beside the fields.
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("l")
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_have_count(1)
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    assert page.evaluate("location.pathname") == "/"


def test_keys_can_be_turned_off_for_good(screens: Screens) -> None:
    screens.page.keyboard.press("?")
    screens.page.get_by_label("Use these keys while nothing is being typed").uncheck()
    screens.page.get_by_role("button", name="Close").click()
    screens.page.reload()
    expect(screens.page.get_by_role("heading", name="Today")).to_be_visible()
    screens.page.keyboard.press("l")
    expect(screens.page.get_by_role("heading", name="Today")).to_be_visible()


def test_the_app_can_be_installed(screens: Screens) -> None:
    request = screens.page.request
    manifest = request.get("/manifest.json").json()
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
    for icon in manifest["icons"]:
        answer = request.get(icon["src"])
        assert answer.headers["content-type"] == icon["type"]
    assert screens.page.evaluate("navigator.serviceWorker.ready.then(({active}) => active.scriptURL)").endswith(
        "/service-worker.js"
    )


def test_an_address_that_leads_nowhere_says_so(screens: Screens) -> None:
    screens.page.goto("/nowhere")
    expect(screens.page.get_by_role("heading", name="There is no such page.")).to_be_visible()
