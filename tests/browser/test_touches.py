"""Messages and calls: two taps, the whole form, changed, deleted, and changed in two tabs at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from support.one_opportunity import OneOpportunity
from support.screens import Screens
from support.sizes import on_a_phone

pytestmark = pytest.mark.browser


@pytest.fixture
def acme(screens: Screens) -> OneOpportunity:
    return OneOpportunity(screens)


def record_in_two_taps(acme: OneOpportunity, what: str = "Thank Ana Ruiz") -> None:
    acme.press("I wrote or called")
    choice = acme.dialog("I wrote or called").get_by_role("button", name=re.compile(f"^{what}.*, by e-mail$"))
    choice.first.click()
    expect(acme.page.get_by_text("Recorded.")).to_be_visible()


def test_a_message_is_recorded_in_two_taps_and_settles_what_was_to_be_done(acme: OneOpportunity) -> None:
    expect(acme.screens.card("Thank Ana Ruiz")).to_be_visible()
    record_in_two_taps(acme)
    expect(acme.messages()).to_contain_text(["To Ana Ruiz: thank you"])
    expect(acme.screens.card("Thank Ana Ruiz")).to_have_count(0)


def test_what_was_recorded_in_two_taps_can_be_taken_back(acme: OneOpportunity) -> None:
    record_in_two_taps(acme)
    acme.press("Undo")
    expect(acme.screens.card("Thank Ana Ruiz")).to_be_visible()
    expect(acme.messages()).to_contain_text(["Nothing sent or received yet."])
    expect(acme.page.get_by_text("Recorded.")).to_have_count(0)


def test_two_taps_may_be_keys(acme: OneOpportunity) -> None:
    keyboard = acme.page.keyboard
    keyboard.press("w")
    dialog = acme.dialog("I wrote or called")
    expect(dialog.get_by_role("button").first).to_be_focused()
    keyboard.press("Enter")
    expect(acme.messages()).to_contain_text(["To Ana Ruiz: thank you"])
    expect(dialog).to_have_count(0)
    keyboard.press("?")
    expect(acme.dialog("Keyboard shortcuts")).to_contain_text("I wrote or called")


def test_it_may_have_been_something_else(acme: OneOpportunity) -> None:
    record_in_two_taps(acme, "Ana Ruiz")
    expect(acme.messages()).to_contain_text(["To Ana Ruiz: something else"])
    expect(acme.screens.card("Thank Ana Ruiz")).to_be_visible()


def test_the_whole_form_takes_a_note_and_a_time(acme: OneOpportunity) -> None:
    acme.press("I wrote or called")
    acme.press("With details")
    dialog = acme.dialog("I wrote or called")
    dialog.get_by_label("What for").select_option("thank-you")
    dialog.get_by_label("How").select_option("letter")
    dialog.get_by_label("Note").fill("<b>On</b> good paper")
    dialog.get_by_label("When", exact=True).fill("2099-01-01T09:00")
    dialog.get_by_role("button", name="Save the message").click()
    expect(dialog.get_by_label("When", exact=True)).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("When", exact=True).fill("2020-01-01T09:00")
    dialog.get_by_role("button", name="Save the message").click()
    expect(acme.messages()).to_contain_text(["by letter"])
    expect(acme.messages()).to_contain_text(["<b>On</b> good paper"])


def test_a_message_is_changed_and_deleted(acme: OneOpportunity) -> None:
    record_in_two_taps(acme)
    acme.page.get_by_role("button", name=re.compile("^Change: To Ana Ruiz")).click()
    dialog = acme.dialog("Change this message")
    dialog.get_by_label("How").select_option("linkedin")
    dialog.get_by_role("button", name="Save the message").click()
    expect(acme.messages()).to_contain_text(["on LinkedIn"])

    acme.page.get_by_role("button", name=re.compile("^Change: To Ana Ruiz")).click()
    dialog.get_by_role("button", name="Delete").click()
    question = acme.dialog("Delete this message?")
    question.get_by_role("button", name="Keep it").click()
    expect(question).to_have_count(0)
    dialog.get_by_role("button", name="Delete").click()
    question.get_by_role("button", name="Delete").click()
    expect(dialog).to_have_count(0)
    expect(acme.messages()).to_contain_text(["Nothing sent or received yet."])
    expect(acme.screens.card("Thank Ana Ruiz")).to_be_visible()


def test_a_message_that_was_changed_in_another_tab_is_shown_in_both_versions(acme: OneOpportunity) -> None:
    record_in_two_taps(acme)
    elsewhere = acme.open_elsewhere()
    for tab in (acme, elsewhere):
        tab.page.get_by_role("button", name=re.compile("^Change: To Ana Ruiz")).click()
        expect(tab.dialog("Change this message").get_by_label("Note")).to_be_visible()
    elsewhere.dialog("Change this message").get_by_label("Note").fill("from the other tab")
    elsewhere.press("Save the message")
    expect(elsewhere.messages()).to_contain_text(["from the other tab"])

    dialog = acme.dialog("Change this message")
    dialog.get_by_label("Note").fill("from this tab")
    acme.press("Save the message")
    conflict = dialog.get_by_role("alert")
    expect(conflict).to_contain_text("from the other tab")
    expect(conflict).to_contain_text("from this tab")
    conflict.get_by_role("button", name="Keep what is here").click()
    expect(acme.messages()).to_contain_text(["from this tab"])


@on_a_phone
def test_keeping_what_is_here_keeps_when_it_was_though_only_the_other_tab_moved_it(acme: OneOpportunity) -> None:
    record_in_two_taps(acme)
    elsewhere = acme.open_elsewhere()
    for tab in (acme, elsewhere):
        tab.page.get_by_role("button", name=re.compile("^Change: To Ana Ruiz")).click()
        expect(tab.dialog("Change this message").get_by_label("Note")).to_be_visible()
    dialog = acme.dialog("Change this message")
    before = dialog.get_by_label("When", exact=True).input_value()
    elsewhere.dialog("Change this message").get_by_label("When", exact=True).fill("2020-01-01T09:00")
    elsewhere.press("Save the message")
    expect(elsewhere.dialog("Change this message")).to_have_count(0)
    dialog.get_by_label("Note").fill("from this tab")
    acme.press("Save the message")
    expect(dialog.get_by_role("alert")).to_contain_text("2020")
    dialog.get_by_role("button", name="Keep what is here").click()
    expect(dialog).to_have_count(0)
    acme.page.get_by_role("button", name=re.compile("^Change: To Ana Ruiz")).click()
    expect(dialog.get_by_label("Note")).to_have_value("from this tab")
    expect(dialog.get_by_label("When", exact=True)).to_have_value(before)


def test_the_others_version_can_be_taken(acme: OneOpportunity) -> None:
    record_in_two_taps(acme)
    elsewhere = acme.open_elsewhere()
    for tab in (acme, elsewhere):
        tab.page.get_by_role("button", name=re.compile("^Change: To Ana Ruiz")).click()
        expect(tab.dialog("Change this message").get_by_label("Note")).to_be_visible()
    elsewhere.dialog("Change this message").get_by_label("Note").fill("theirs")
    elsewhere.press("Save the message")
    expect(elsewhere.dialog("Change this message")).to_have_count(0)
    dialog = acme.dialog("Change this message")
    dialog.get_by_label("Note").fill("mine")
    acme.press("Save the message")
    dialog.get_by_role("button", name="Take the other").click()
    expect(dialog.get_by_label("Note")).to_have_value("theirs")
