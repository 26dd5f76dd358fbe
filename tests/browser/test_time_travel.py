"""A slider through the moments at which something changes: what would be said then, and the way back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from support.one_opportunity import OneOpportunity
from support.screens import Screens

pytestmark = pytest.mark.browser


@pytest.fixture
def acme(screens: Screens) -> OneOpportunity:
    return OneOpportunity(screens)


def slider(acme: OneOpportunity) -> Locator:
    return acme.page.get_by_role("slider", name="Travel in time")


def at_the_end(acme: OneOpportunity, end: str) -> None:
    slider(acme).focus()
    acme.page.keyboard.press(end)


def test_it_stands_at_now_and_steps_by_keyboard(acme: OneOpportunity) -> None:
    expect(slider(acme)).to_have_attribute("aria-valuetext", re.compile("^Now, "))
    slider(acme).focus()
    acme.page.keyboard.press("ArrowRight")
    expect(acme.page.get_by_text(re.compile("^As of .*: what would be said then"))).to_be_visible()
    acme.page.keyboard.press("ArrowLeft")
    expect(acme.page.get_by_text(re.compile("^As of"))).to_have_count(0)
    expect(slider(acme)).to_have_attribute("aria-valuetext", re.compile("^Now, "))


def test_ahead_the_follow_up_is_open_and_nothing_can_be_marked(acme: OneOpportunity) -> None:
    page = acme.page
    expect(acme.screens.row("Follow up with Ana Ruiz")).to_be_visible()
    for _ in range(20):
        if acme.screens.card("Follow up with Ana Ruiz").count():
            break
        page.get_by_role("button", name="Later", exact=True).click()
        page.wait_for_timeout(400)
    expect(acme.screens.card("Follow up with Ana Ruiz")).to_be_visible()
    expect(page.get_by_role("button", name="Done", exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Skip", exact=True)).to_have_count(0)
    acme.press("Back to now")
    expect(acme.screens.row("Follow up with Ana Ruiz")).to_be_visible()
    expect(page.get_by_role("button", name="Done", exact=True).first).to_be_attached()


def test_whoever_records_something_is_back_in_the_present(acme: OneOpportunity) -> None:
    at_the_end(acme, "End")
    expect(acme.page.get_by_text(re.compile("^As of .*: what would be said then"))).to_be_visible()
    acme.record_reply()
    expect(acme.messages()).to_contain_text(["From Ana Ruiz"])
    expect(acme.page.get_by_text(re.compile("^As of .*: what would"))).to_have_count(0)
    expect(acme.page.get_by_role("button", name="Done", exact=True).first).to_be_attached()


def test_behind_it_says_what_was_to_be_said_then(acme: OneOpportunity) -> None:
    at_the_end(acme, "Home")
    expect(acme.page.get_by_text(re.compile("^As of .*: what was to be said then"))).to_be_visible()
    expect(acme.page.get_by_role("button", name="Earlier", exact=True)).to_be_disabled()


def test_the_last_instant_asked_for_wins(acme: OneOpportunity) -> None:
    slider(acme).focus()
    for _ in range(6):
        acme.page.keyboard.press("ArrowRight")
    wanted = slider(acme).get_attribute("aria-valuetext")
    expect(acme.page.get_by_text(f"As of {wanted}: what would be said then")).to_be_visible()


def test_a_lost_connection_is_told_and_one_can_go_back(acme: OneOpportunity) -> None:
    acme.page.context.set_offline(True)
    acme.page.get_by_role("button", name="Later", exact=True).click()
    expect(acme.page.get_by_text("The server could not be reached.").first).to_be_visible()
    acme.page.context.set_offline(False)
    acme.press("Back to now")
    expect(acme.screens.row("Follow up with Ana Ruiz")).to_be_visible()
