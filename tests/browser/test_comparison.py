"""Another playbook beside the one that an opportunity goes by."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from support.one_opportunity import ANA, OneOpportunity
from support.screens import Met, Screens

pytestmark = pytest.mark.browser


@pytest.fixture
def acme(screens: Screens) -> OneOpportunity:
    return OneOpportunity(screens, ANA, Met("Ben Ode"))


def compared(acme: OneOpportunity) -> Locator:
    return acme.region("Another playbook beside it")


def line(acme: OneOpportunity, text: str) -> Locator:
    """What is said of one thing: a row of the table, or an item of the list on a phone."""
    return compared(acme).locator("tbody tr, .list li").filter(visible=True).filter(has_text=text)


def choose(acme: OneOpportunity, label: str, playbook: str) -> None:
    compared(acme).get_by_label(label).select_option(playbook)
    expect(line(acme, "Follow up with Ana Ruiz").first).to_be_visible()


def test_what_one_advises_and_the_other_does_not_is_plain(acme: OneOpportunity) -> None:
    choose(acme, "Beside it", "five-things")
    silent = line(acme, "Thank Ana Ruiz")
    expect(silent.first).to_be_visible()
    connecting = line(acme, "says nothing of it")
    expect(connecting.first).to_be_visible()
    expect(connecting.first).to_contain_text("yours")


def test_when_and_how_stand_beside_each_other(acme: OneOpportunity) -> None:
    choose(acme, "Beside it", "eight-steps")
    follow_up = line(acme, "Follow up with Ana Ruiz").first
    expect(follow_up).to_contain_text("by phone")
    expect(follow_up).to_contain_text("by e-mail")


def test_a_third_one_can_be_laid_beside_the_two_and_taken_away(acme: OneOpportunity) -> None:
    choose(acme, "Beside it", "five-things")
    choose(acme, "And beside these", "three-things")
    follow_up = line(acme, "Follow up with Ana Ruiz").first
    expect(follow_up.locator("td, dd")).to_have_count(3)
    compared(acme).get_by_label("Beside it").select_option("")
    compared(acme).get_by_label("Beside it").select_option("five-things")
    expect(follow_up.locator("td, dd")).to_have_count(3)


def test_what_to_leave_alone_is_compared_too(acme: OneOpportunity) -> None:
    choose(acme, "Beside it", "dos-and-donts")
    expect(line(acme, "Nothing in public").first).to_contain_text("Only in yours")


def test_it_travels_in_time_with_the_page(acme: OneOpportunity) -> None:
    choose(acme, "Beside it", "five-things")
    slider = acme.page.get_by_role("slider", name="Travel in time")
    slider.focus()
    acme.page.keyboard.press("End")
    expect(line(acme, "Follow up with Ana Ruiz").first).to_contain_text("(overdue)")
    acme.press("Back to now")
    expect(line(acme, "Follow up with Ana Ruiz").first).not_to_contain_text("(overdue)")


def test_what_a_change_of_playbook_would_change_is_shown_before_it_is_saved(acme: OneOpportunity) -> None:
    acme.press("Edit")
    dialog = acme.dialog("Edit the opportunity")
    dialog.get_by_label("Playbook").select_option("five-things")
    dialog.get_by_role("button", name="See what would change").click()
    expect(dialog).to_have_count(0)
    expect(compared(acme).get_by_label("Beside it")).to_have_value("five-things")
    expect(line(acme, "Follow up with Ana Ruiz").first).to_be_visible()

    acme.press("Edit")
    dialog.get_by_label("Playbook").select_option("five-things")
    dialog.get_by_role("button", name="Save the opportunity").click()
    expect(dialog).to_have_count(0)
    expect(compared(acme).get_by_label("Beside it").locator("option[value=five-things]")).to_have_count(0)
