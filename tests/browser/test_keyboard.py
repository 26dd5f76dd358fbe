"""Everything can be done with the keyboard, and one always sees where one is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from support.keyboard import Keyboard
from support.recap_page import DISCUSSED, RecapPage
from support.screens import PASSWORD, Met, Screens

pytestmark = pytest.mark.browser
ANA, BEN = Met("Ana Ruiz", "hiring manager", "ana@acme.example"), Met("Ben Okafor")
MOVING = """() => [...document.querySelectorAll("*")].flatMap(each => {
    const {transitionDuration, animationDuration} = getComputedStyle(each);
    return [...transitionDuration.split(","), ...animationDuration.split(",")].map(parseFloat);
}).reduce((longest, each) => Math.max(longest, each), 0)"""


@pytest.fixture
def logged(screens: Screens) -> Screens:
    screens.log("Acme", "Data engineer", ANA, BEN)
    expect(screens.card("Thank Ben Okafor")).to_be_visible()
    return screens


def stop(page: Page, place: int) -> Locator:
    """The line of the n-th action of the page."""
    return page.locator("[data-action]").nth(place).locator("summary").first


def test_j_and_k_go_from_action_to_action(logged: Screens) -> None:
    keyboard, page = logged.page.keyboard, logged.page
    keyboard.press("j")
    expect(stop(page, 0)).to_be_focused()
    keyboard.press("j")
    keyboard.press("j")
    expect(stop(page, 2)).to_be_focused()
    keyboard.press("k")
    expect(stop(page, 1)).to_be_focused()
    keyboard.press("k")
    keyboard.press("k")
    expect(stop(page, 0)).to_be_focused()


def test_where_one_is_can_be_seen(logged: Screens) -> None:
    logged.page.keyboard.press("j")
    width = logged.card("").first.evaluate("card => parseFloat(getComputedStyle(card).outlineWidth)")
    assert width >= 2


def test_a_key_pressed_with_nothing_chosen_only_chooses(logged: Screens) -> None:
    page = logged.page
    before = page.get_by_role("article").count()
    page.keyboard.press("d")
    expect(stop(page, 0)).to_be_focused()
    expect(page.get_by_role("article")).to_have_count(before)


def test_d_is_done_u_takes_it_back_and_the_focus_goes_on_to_the_next(logged: Screens) -> None:
    page = logged.page
    first, second = page.locator("article h3").nth(0).inner_text(), page.locator("article h3").nth(1).inner_text()
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.get_by_text(f"Done. {first}")).to_be_visible()
    expect(stop(page, 0)).to_be_focused()
    expect(stop(page, 0)).to_contain_text(second)
    page.keyboard.press("u")
    expect(logged.card(first)).to_be_visible()


def test_x_skips(logged: Screens) -> None:
    page = logged.page
    first = page.locator("article h3").first.inner_text()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text(f"Skipped. {first}")).to_be_visible()


def test_z_asks_until_when_and_escape_leads_back(logged: Screens) -> None:
    page = logged.page
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("z")
    expect(page.get_by_role("dialog", name="Snooze until")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(stop(page, 1)).to_be_focused()


def test_z_and_one_more_key_put_it_off_and_lead_to_the_next(logged: Screens) -> None:
    page = logged.page
    place = page.locator("article h3").all_inner_texts().index("Thank Ana Ruiz")
    for _ in range(place + 1):
        page.keyboard.press("j")
    page.keyboard.press("z")
    page.get_by_role("dialog").get_by_role("listitem").get_by_role("button").first.press("Enter")
    expect(page.get_by_text(re.compile("Snoozed until .* Thank Ana Ruiz"))).to_be_visible()
    expect(logged.card("Thank Ana Ruiz")).to_have_count(0)
    expect(stop(page, place)).to_be_focused()


def test_every_key_is_listed(logged: Screens) -> None:
    logged.page.keyboard.press("?")
    keys = logged.page.get_by_role("dialog").locator("kbd")
    expect(keys.first).to_be_visible()
    listed = keys.all_inner_texts()
    assert {"j", "k", "d", "z", "x", "u", "t", "o", "l", "?"} <= set(listed)
    assert len(set(listed)) == len(listed)


@pytest.mark.parametrize("name", ["When and how…", "Snooze"])
def test_a_dialog_gives_the_focus_back_to_what_opened_it(logged: Screens, name: str) -> None:
    page = logged.page
    opener = page.get_by_role("article").first.get_by_role("button", name=name)
    opener.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_the_first_stop_leads_past_the_head_of_the_page(logged: Screens) -> None:
    page = logged.page
    page.reload()
    expect(logged.card("Thank Ana Ruiz")).to_be_visible()
    keyboard = Keyboard(page)
    keyboard.press("Tab")
    assert keyboard.focused() == "Skip to the content"
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    keyboard.press("Enter", "Tab")
    assert page.evaluate("document.getElementById('content').contains(document.activeElement)")


def test_an_interview_is_logged_recapped_and_ticked_off_with_the_keyboard_alone(page: Page) -> None:
    keyboard, screens = Keyboard(page), Screens(page)
    page.goto("/")
    expect(page.get_by_label("E-mail")).to_be_visible()
    keyboard.type("E-mail", screens.email)
    keyboard.type("Password", PASSWORD)
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()

    keyboard.press("l")
    expect(page.get_by_label("Company")).to_be_visible()
    keyboard.type("Company", "Acme")
    keyboard.type("Role", "Data engineer")
    keyboard.type("Name", "Ana Ruiz")
    keyboard.tab_to("Save")
    keyboard.press("Enter")

    thanks = screens.card("Thank Ana Ruiz")
    expect(thanks).to_be_visible()
    keyboard.tab_to("Recap of round 1")
    keyboard.press("Enter")
    recap = RecapPage(screens)
    recap.is_shown()
    keyboard.type(DISCUSSED, "Pipelines, with Ana")
    recap.expect_saved()
    keyboard.tab_to("Next" if page.viewport_size == {"width": 390, "height": 844} else "Finish")
    assert recap.stored() == {"discussed": "Pipelines, with Ana"}

    keyboard.press("t")
    expect(thanks).to_be_visible()
    for _ in range(page.locator("[data-action]").count()):
        keyboard.press("j")
        if keyboard.focused().startswith("Thank Ana Ruiz"):
            break
    keyboard.press("d")
    expect(page.get_by_text("Done. Thank Ana Ruiz")).to_be_visible()
    expect(thanks).to_have_count(0)


def test_nothing_moves_for_long_and_for_some_nothing_moves_at_all(logged: Screens) -> None:
    page = logged.page
    assert 0 < page.evaluate(MOVING) <= 0.15
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == 0


def test_with_colours_of_ones_own_everything_is_still_there(logged: Screens) -> None:
    page = logged.page
    page.emulate_media(forced_colors="active")
    card = page.get_by_role("article").first
    assert card.evaluate("card => getComputedStyle(card).borderTopStyle") == "solid"
    mark = card.get_by_role("img").locator(".run")
    assert mark.evaluate("run => getComputedStyle(run).fill") != card.evaluate(
        "card => getComputedStyle(card).backgroundColor"
    )
