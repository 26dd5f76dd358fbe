"""Logging an interview: what is refused is said at its field, and nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Request, expect

from support.screens import PASSWORD, Met, Screens, watched_page
from support.server import Server
from support.sizes import on_a_phone

pytestmark = pytest.mark.browser
A_YEAR_OF_FIVE_DIGITS = "12026-03-03T14:00"


def says(field: Locator, words: str | re.Pattern[str]) -> None:
    """The field is marked, and its description holds the words."""
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(words)


def test_a_missing_company_is_said_at_its_field(screens: Screens) -> None:
    screens.open_log()
    screens.page.get_by_label("Role").first.fill("Data engineer")
    screens.save()
    says(screens.page.get_by_label("Company"), "Must not be empty.")
    expect(screens.page.get_by_label("Company")).to_be_focused()
    expect(screens.page.get_by_label("Role").first).to_have_value("Data engineer")


def test_an_end_before_the_start_is_said_at_the_end(screens: Screens) -> None:
    screens.open_log()
    screens.fill_log("Acme", "Data engineer")
    screens.page.get_by_label("At another time").check()
    screens.page.get_by_label("Start").fill("2026-03-03T14:00")
    screens.page.get_by_label("End", exact=True).fill("2026-03-03T13:00")
    screens.save()
    says(
        screens.page.get_by_label("End", exact=True),
        "Left empty: an hour after the start. Must be later than the start.",
    )


@on_a_phone
def test_a_year_of_five_digits_is_said_at_its_field_and_can_be_put_right(screens: Screens) -> None:
    page = screens.page
    screens.open_log()
    screens.fill_log("Acme", "Data engineer", Met("Ana Ruiz"))
    page.get_by_label("Where was it? (time zone)").select_option("Europe/Berlin")
    page.get_by_label("At another time").check()
    start = page.get_by_label("Start")
    start.fill(A_YEAR_OF_FIVE_DIGITS)
    screens.save()
    says(start, re.compile("Is not an RFC 3339 instant"))
    page.reload()
    expect(page.get_by_label("Company")).to_have_value("Acme")
    expect(start).to_have_value(A_YEAR_OF_FIVE_DIGITS)
    start.fill("2026-03-03T14:00")
    screens.saved()


def test_an_address_that_is_none_is_said_at_that_person(screens: Screens) -> None:
    screens.open_log()
    screens.fill_log("Acme", "Data engineer", Met("Ana Ruiz", email="ana@acme.example"), Met("Ben", email="nonsense"))
    screens.save()
    says(screens.page.get_by_label("E-mail").nth(1), "Is not an e-mail address; write it like ana@acme.example.")
    expect(screens.page.get_by_label("E-mail").nth(0)).not_to_have_attribute("aria-invalid", "true")


def test_a_zone_other_than_the_browsers_is_kept_and_named(screens: Screens) -> None:
    screens.open_log()
    screens.fill_log("Acme", "Data engineer", Met("Ana Ruiz"))
    screens.page.get_by_label("Where was it? (time zone)").select_option("Europe/Berlin")
    screens.save()
    expect(screens.unfold("Thank Ana Ruiz")).to_contain_text("Berlin time")


def test_a_further_round_joins_its_opportunity(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", Met("Ana Ruiz"))
    screens.open_opportunity("Acme")
    screens.page.get_by_role("link", name="Log another round").click()
    screens.page.get_by_label("Name").fill("Ben Okafor")
    screens.save()
    expect(screens.page.get_by_text("Round 2, on site")).to_be_visible()
    expect(screens.page.get_by_role("region", name="People").get_by_role("listitem")).to_have_count(2)


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>",
        "שלום עולם, حسنا",
        "👩🏽‍🚀 🏴‍☠️ e\u0301",
        "W" * 200,
    ],
    ids=["markup", "right to left", "emoji", "long"],
)
def test_whatever_is_typed_is_shown_as_text_and_breaks_no_layout(screens: Screens, text: str) -> None:
    screens.log(text, text, Met(text))
    expect(screens.card("Thank").first).to_be_visible()
    assert_fits(screens)
    screens.open_opportunity(text)
    assert_fits(screens)
    assert screens.page.title() == f"{text} · Afterword"


def test_ten_thousand_characters_are_refused_at_their_field(screens: Screens) -> None:
    screens.open_log()
    screens.fill_log("A" * 10_000, "Data engineer")
    screens.save()
    says(screens.page.get_by_label("Company"), "Must have at most 200 characters.")
    assert_fits(screens)


def test_a_session_that_ended_is_renewed_on_the_spot(screens: Screens) -> None:
    screens.open_log()
    screens.fill_log("Acme", "Data engineer", Met("Ana Ruiz"))
    screens.page.context.clear_cookies()
    screens.save()
    dialog = screens.page.get_by_role("dialog", name="Sign in again")
    expect(dialog.get_by_label("E-mail")).to_have_value(screens.email)
    dialog.get_by_label("Password").fill("not the right one")
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()


@on_a_phone
def test_there_is_no_way_on_without_signing_in_again(screens: Screens) -> None:
    screens.open_log()
    screens.fill_log("Acme", "Data engineer", Met("Ana Ruiz"))
    screens.page.context.clear_cookies()
    screens.save()
    dialog = screens.page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    for _ in range(3):
        screens.page.keyboard.press("Escape")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()


@on_a_phone
def test_what_just_ended_ended_when_it_was_accepted(screens: Screens) -> None:
    """Not when it was first sent, and refused."""
    ends: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/api/v1/interviews"):
            ends.append(request.post_data_json["ends_at"])

    screens.page.on("request", note)
    screens.open_log()
    screens.fill_log("", "Data engineer", Met("Ana Ruiz"))
    screens.save()
    says(screens.page.get_by_label("Company"), "Must not be empty.")
    screens.page.get_by_label("Company").fill("Acme")
    screens.saved()
    refused, accepted = ends
    assert refused < accepted


def test_a_lost_connection_keeps_what_was_typed_and_stores_it_once(screens: Screens) -> None:
    screens.open_log()
    screens.fill_log("Acme", "Data engineer", Met("Ana Ruiz"))
    screens.page.context.set_offline(True)
    screens.save()
    expect(screens.page.get_by_role("alert")).to_contain_text("could not be reached")
    expect(screens.page.get_by_label("Company")).to_have_value("Acme")
    screens.page.context.set_offline(False)
    screens.save()
    expect(screens.card("Thank Ana Ruiz")).to_have_count(1)


def test_signing_out_and_in_again_comes_back_to_the_same_page(browser: Browser, server: Server) -> None:
    with watched_page(browser, server.url, (1280, 900)) as page:
        screens = Screens(page)
        screens.sign_up()
        screens.log("Acme", "Data engineer", Met("Ana Ruiz"))
        page.get_by_text("Account", exact=True).click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        page.goto("/opportunities")
        page.get_by_label("E-mail").fill(screens.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("main").get_by_role("link", name="Acme")).to_be_visible()


def assert_fits(screens: Screens) -> None:
    """Nothing makes the page wider than its window."""
    widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    scrolled, shown = screens.page.evaluate(widths)
    assert scrolled <= shown
