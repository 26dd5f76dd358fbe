"""One opportunity: what came back, how it ended, and its timeline as a picture."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from afterword import clock
from support.screens import Met, Screens

pytestmark = pytest.mark.browser


@pytest.fixture
def acme(screens: Screens) -> Screens:
    """The page of an opportunity whose only round was two days ago."""
    screens.open_log()
    screens.fill_log("Acme", "Data engineer", Met("Ana Ruiz", "hiring manager"))
    screens.set_time(clock.now() - timedelta(days=2))
    screens.saved()
    screens.open_opportunity("Acme")
    return screens


def reply(page: Page, **fields: str) -> None:
    page.get_by_role("button", name="Record a reply").click()
    dialog = page.get_by_role("dialog", name="They wrote or called")
    for label, value in fields.items():
        dialog.get_by_label(label.replace("_", " ")).fill(value)
    dialog.get_by_role("button", name="Save the reply").click()


def test_a_reply_with_a_new_date_moves_the_follow_up(acme: Screens) -> None:
    follow_up = acme.row("Follow up with Ana Ruiz").locator("summary .when")
    before = follow_up.inner_text()
    new_date = clock.now() + timedelta(days=20)
    reply(acme.page, name_a_new_date=f"{new_date:%Y-%m-%d}")
    messages = acme.page.get_by_role("region", name="Messages")
    expect(messages).to_contain_text("From Ana Ruiz")
    expect(messages).to_contain_text("New date:")
    expect(follow_up).not_to_have_text(before)


def test_a_reply_from_the_future_is_refused_at_its_field(acme: Screens) -> None:
    reply(acme.page, When="2099-01-01T09:00")
    field = acme.page.get_by_role("dialog").get_by_label("When", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")


def test_an_outcome_ends_the_follow_up_and_can_be_taken_back(acme: Screens) -> None:
    page = acme.page
    expect(acme.row("Follow up with Ana Ruiz")).to_be_visible()
    page.get_by_role("button", name="Record an outcome").click()
    page.get_by_label("They said no").check()
    page.get_by_role("button", name="Save the outcome").click()
    expect(page.get_by_text("They said no.")).to_be_visible()
    expect(acme.row("Follow up with Ana Ruiz")).to_have_count(0)
    expect(page.locator("[data-action=thank-after-rejection]")).to_be_visible()

    page.get_by_role("button", name="It is open again").click()
    expect(acme.row("Follow up with Ana Ruiz")).to_be_visible()


def test_the_timeline_is_a_picture_with_words(acme: Screens) -> None:
    picture = acme.page.get_by_role("region", name="The timeline")
    expect(picture.get_by_role("img", name="Thank Ana Ruiz")).to_be_visible()
    expect(picture.get_by_role("img", name="Wait before you follow up")).to_be_visible()
    assert acme.page.locator("svg line.now").count() > 2


def test_an_opportunity_that_is_not_there_says_so(screens: Screens) -> None:
    screens.page.goto("/opportunities/opp_00000000000000000000000000000000")
    expect(screens.page.get_by_text("This opportunity is not here.")).to_be_visible()


def test_whoever_was_not_noted_can_be_added_to_the_round(screens: Screens) -> None:
    page = screens.page
    screens.log("Acme", "Data engineer")
    expect(page.locator("[data-action=name-people]")).to_be_visible()
    screens.open_opportunity("Acme")
    page.get_by_role("button", name="Change round 1").click()
    dialog = page.get_by_role("dialog", name="Change round 1")
    dialog.get_by_label("Name").fill("Ana Ruiz")
    dialog.get_by_label("E-mail").fill("nonsense")
    dialog.get_by_role("button", name="Save the round").click()
    expect(dialog.get_by_label("E-mail")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("E-mail").fill("ana@acme.example")
    dialog.get_by_role("button", name="Save the round").click()
    expect(dialog).to_have_count(0)
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()
    expect(page.locator("[data-action=name-people]")).to_have_count(0)


def test_an_address_learned_later_is_kept_with_its_person(acme: Screens) -> None:
    page = acme.page
    page.get_by_role("button", name="Change round 1").click()
    page.get_by_label("E-mail of Ana Ruiz").fill("ana@acme.example")
    page.get_by_role("button", name="Save the round").click()
    people = page.get_by_role("region", name="People").get_by_role("listitem")
    expect(people).to_have_count(1)
    expect(people).to_contain_text("ana@acme.example")


def test_a_round_that_was_called_off_asks_for_no_thank_you(acme: Screens) -> None:
    page = acme.page
    expect(acme.card("Thank Ana Ruiz")).to_be_visible()
    page.get_by_role("button", name="Change round 1").click()
    page.get_by_label("Did it take place?").select_option("It was called off")
    page.get_by_role("button", name="Save the round").click()
    expect(page.get_by_text("(cancelled)")).to_be_visible()
    expect(acme.card("Thank Ana Ruiz")).to_have_count(0)
