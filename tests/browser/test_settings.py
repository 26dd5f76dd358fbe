"""The settings: saved, refused at their fields, and changed in two tabs at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from support.screens import Met, Screens

pytestmark = pytest.mark.browser


@pytest.fixture
def settings(screens: Screens) -> Page:
    """The page of the settings, reached as somebody reaches it."""
    screens.page.get_by_text("Account", exact=True).click()
    screens.page.get_by_role("link", name="Settings").click()
    expect(screens.page.get_by_role("heading", name="Settings")).to_be_visible()
    return screens.page


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def saved(page: Page, words: str) -> None:
    save(page)
    expect(page.get_by_text(words, exact=True)).to_be_visible()


def refused(page: Page, label: str, words: str) -> None:
    field = page.get_by_label(label, exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text(words)).to_be_visible()


def test_what_is_saved_stays(settings: Page) -> None:
    settings.get_by_label("Name of the account").fill("Ines looks for work")
    saved(settings, "Saved.")
    settings.get_by_label("Monday").uncheck()
    settings.get_by_label("Until", exact=True).fill("18:30")
    settings.get_by_label("Public holidays of").fill("US-CA")
    saved(settings, "Saved. Every window is reckoned by it now.")
    settings.reload()
    expect(settings.get_by_label("Name of the account")).to_have_value("Ines looks for work")
    expect(settings.get_by_label("Monday")).not_to_be_checked()
    expect(settings.get_by_label("Tuesday")).to_be_checked()
    expect(settings.get_by_label("Until", exact=True)).to_have_value("18:30")
    expect(settings.get_by_label("Public holidays of")).to_have_value("US-CA")


def test_another_zone_reckons_every_window_anew(screens: Screens) -> None:
    page = screens.page
    screens.log("Acme", "Data engineer", Met("Ana Ruiz"))
    page.goto("/settings")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    saved(page, "Saved. Every window is reckoned in Asia/Tokyo now.")
    told = page.request.get("/api/v1/me").json()
    assert told["account"]["time_zone"] == "Asia/Tokyo"


def test_holidays_of_nowhere_are_refused_at_their_field(settings: Page) -> None:
    settings.get_by_label("Public holidays of").fill("XX")
    save(settings)
    refused(settings, "Public holidays of", "Is not a country whose holidays are known")
    expect(settings.get_by_label("Public holidays of")).to_be_focused()
    expect(settings.get_by_label("Public holidays of")).to_have_value("XX")


def test_hours_that_end_before_they_begin_are_refused_at_the_end(settings: Page) -> None:
    settings.get_by_label("From", exact=True).fill("18:00")
    save(settings)
    refused(settings, "Until", "Must be later than the start")


def test_a_week_without_a_working_day_is_refused_at_the_days(settings: Page) -> None:
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        settings.get_by_label(day).uncheck()
    save(settings)
    days = settings.get_by_role("group", name="Days on which people can be written to")
    expect(days).to_contain_text("Must not be empty.")


def change_elsewhere(page: Page) -> None:
    """Another tab of the same person's, in which the settings were opened at the same time."""
    other = page.context.new_page()
    other.goto("/settings")
    other.get_by_label("Name of the account").fill("Elsewhere")
    other.get_by_label("Monday").uncheck()
    save(other)
    expect(other.get_by_text("Saved.")).to_be_visible()
    other.close()


def test_two_tabs_are_told_and_either_version_can_be_taken(settings: Page) -> None:
    change_elsewhere(settings)
    settings.get_by_label("Name of the account").fill("Here")
    save(settings)
    both = settings.get_by_role("alert", name="This was changed elsewhere")
    expect(both).to_contain_text("Here")
    expect(both).to_contain_text("Elsewhere")
    expect(both).to_contain_text("Tuesday, Wednesday, Thursday, Friday")
    both.get_by_role("button", name="Take the other").click()
    expect(both).to_have_count(0)
    expect(settings.get_by_label("Name of the account")).to_have_value("Elsewhere")
    expect(settings.get_by_label("Monday")).not_to_be_checked()


def test_what_is_here_can_go_over_what_is_elsewhere(settings: Page) -> None:
    change_elsewhere(settings)
    settings.get_by_label("Name of the account").fill("Here")
    save(settings)
    settings.get_by_role("button", name="Keep what is here").click()
    expect(settings.get_by_text("Saved.", exact=True)).to_be_visible()
    settings.reload()
    expect(settings.get_by_label("Name of the account")).to_have_value("Here")
    expect(settings.get_by_label("Monday")).to_be_checked()


def test_the_way_out(settings: Page) -> None:
    settings.get_by_role("region", name="This device").get_by_role("button", name="Sign out").click()
    expect(settings.get_by_role("heading", name="Sign in")).to_be_visible()
