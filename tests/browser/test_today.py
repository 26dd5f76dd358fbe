"""Somebody signs up, logs an interview, and is told what to do."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from afterword import clock
from support.screens import Met, Screens

pytestmark = pytest.mark.browser
ANA = Met("Ana Ruiz", "hiring manager", "ana@acme.example")
BEN = Met("Ben Okafor")


def test_an_interview_brings_thank_yous_and_one_that_is_done_stays_done(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", ANA, BEN)
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()
    expect(screens.card("Thank Ben Okafor")).to_be_visible()

    screens.card("Thank Ana Ruiz").get_by_role("button", name="Done").click()
    expect(screens.page.get_by_text("Done. Thank Ana Ruiz")).to_be_visible()
    expect(screens.card("Thank Ana Ruiz")).to_have_count(0)

    screens.page.reload()
    expect(screens.card("Thank Ben Okafor")).to_be_visible()
    expect(screens.card("Thank Ana Ruiz")).to_have_count(0)


def test_a_card_says_for_whom_until_when_why_and_by_whose_advice(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", ANA)
    card = screens.card("Thank Ana Ruiz")
    expect(card).to_contain_text("Ana Ruiz, hiring manager")
    expect(card).to_contain_text(re.compile(r"Until \w{3},? \d"))
    card.get_by_text("Whose advice").click()
    expect(card.locator("cite").first).to_be_visible()
    expect(card.get_by_text("Others see it differently")).to_be_visible()


def test_what_to_leave_alone_is_shown_with_its_reason(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", ANA)
    hold = screens.card("Wait before you follow up")
    expect(hold).to_contain_text("Until")
    hold.get_by_text("Whose advice").click()
    expect(hold.locator("cite").first).to_be_visible()


def test_done_can_be_taken_back(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", ANA)
    screens.card("Thank Ana Ruiz").get_by_role("button", name="Done").click()
    screens.page.get_by_role("button", name="Undo").click()
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()


def test_skipped_advice_is_put_aside_and_can_be_put_back(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", ANA)
    screens.card("Thank Ana Ruiz").get_by_role("button", name="Skip").click()
    expect(screens.card("Thank Ana Ruiz")).to_have_count(0)
    screens.page.get_by_text("Done, put aside or past").click()
    aside = screens.row("Thank Ana Ruiz")
    aside.locator("summary").first.click()
    aside.get_by_role("button", name="Put back").click()
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()


def test_snoozing_asks_until_when_and_refuses_the_past_at_its_field(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", ANA)
    screens.card("Thank Ana Ruiz").get_by_role("button", name="Snooze").click()
    dialog = screens.page.get_by_role("dialog", name="Snooze until")
    field = dialog.get_by_label("When should it come back?")
    field.fill("2020-01-01T09:00")
    dialog.get_by_role("button", name="Snooze").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_text("Must be later than now.")).to_be_visible()

    field.fill("2099-01-01T09:00")
    dialog.get_by_role("button", name="Snooze").click()
    expect(dialog.get_by_text("Is after this action lapses; choose an earlier time.")).to_be_visible()

    zone = ZoneInfo(screens.page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone"))
    later = (clock.now() + timedelta(days=3)).astimezone(zone)
    field.fill(f"{later:%Y-%m-%d}T09:00")
    dialog.get_by_role("button", name="Snooze").click()
    expect(dialog).to_have_count(0)
    expect(screens.card("Thank Ana Ruiz")).to_have_count(0)
    expect(screens.page.get_by_text(re.compile(rf"Snoozed until {later:%a},? {later.day} {later:%b}"))).to_be_visible()


def test_what_changes_by_itself_appears_without_a_reload_and_without_polling(screens: Screens) -> None:
    page = screens.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/next-actions" in request.url else None)
    ends_at = clock.now() + timedelta(seconds=6)
    body = {"company": "Acme", "ends_at": ends_at.isoformat(), "people": [{"name": "Ana Ruiz"}]}
    assert page.request.post("/api/v1/interviews", data=body).status == 201
    page.reload()
    expect(page.locator("[data-action=ask-timeline]")).to_be_visible()
    expect(screens.card("Thank Ana Ruiz")).to_have_count(0)
    expect(screens.card("Thank Ana Ruiz")).to_be_visible(timeout=12_000)
    assert len(asked) <= 3


def test_with_nothing_logged_the_page_says_how_to_begin(screens: Screens) -> None:
    screens.page.get_by_role("main").get_by_role("link", name="Log an interview").click()
    expect(screens.page.get_by_label("Company")).to_be_visible()
