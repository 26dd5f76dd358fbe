"""One opportunity: what came back, how it ended, and its timeline as a picture."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from afterword import clock
from afterword.storage.database import open_database
from afterword.storage.tables import opportunities
from support.one_opportunity import OneOpportunity, lines
from support.screens import Met, Screens
from support.server import Server
from support.sizes import on_a_phone

pytestmark = pytest.mark.browser


@pytest.fixture
def acme(screens: Screens) -> OneOpportunity:
    return OneOpportunity(screens, Met("Ana Ruiz", "hiring manager"))


def test_a_reply_with_a_new_date_moves_the_follow_up(acme: OneOpportunity) -> None:
    follow_up = acme.screens.row("Follow up with Ana Ruiz").locator("summary .when")
    before = follow_up.inner_text()
    new_date = clock.now() + timedelta(days=20)
    acme.record_reply(name_a_new_date=f"{new_date:%Y-%m-%d}")
    expect(acme.messages()).to_contain_text(["From Ana Ruiz"])
    expect(acme.messages()).to_contain_text(["New date:"])
    expect(follow_up).not_to_have_text(before)


def test_a_reply_from_the_future_is_refused_at_its_field(acme: OneOpportunity) -> None:
    acme.record_reply(When="2099-01-01T09:00")
    field = acme.page.get_by_role("dialog").get_by_label("When", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")


def test_an_outcome_ends_the_follow_up_and_can_be_taken_back(acme: OneOpportunity) -> None:
    page = acme.page
    expect(acme.screens.row("Follow up with Ana Ruiz")).to_be_visible()
    page.get_by_role("button", name="Record an outcome").click()
    page.get_by_label("They said no").check()
    page.get_by_role("button", name="Save the outcome").click()
    expect(page.get_by_text("They said no.")).to_be_visible()
    expect(acme.screens.row("Follow up with Ana Ruiz")).to_have_count(0)
    expect(page.locator("[data-action=thank-after-rejection]")).to_be_visible()

    page.get_by_role("button", name="It is open again").click()
    expect(acme.screens.row("Follow up with Ana Ruiz")).to_be_visible()


def test_the_timeline_is_a_picture_with_words(acme: OneOpportunity) -> None:
    picture = acme.region("The timeline")
    expect(picture.get_by_text("Thank Ana Ruiz").first).to_be_visible()
    told = lines(acme.page)
    assert any("Thank Ana Ruiz" in line and "overdue" in line for line in told)
    assert any("Wait before you follow up" in line and "Until" in line for line in told)
    expect(picture.locator("svg line.now").first).to_be_attached()


def test_its_rows_are_equally_high_and_its_days_do_not_run_into_each_other(acme: OneOpportunity) -> None:
    acme.record_reply()
    expect(acme.messages()).to_have_count(1)
    picture = acme.region("The timeline")
    rows = picture.get_by_role("listitem").filter(has=acme.page.locator("p"))
    heights = {round(box["height"]) for each in rows.all() if (box := each.bounding_box())}
    assert max(heights) - min(heights) <= 1
    days = picture.locator(".axis text:not(.name)").filter(visible=True)
    boxes = sorted((box["x"], box["width"]) for each in days.all() if (box := each.bounding_box()))
    assert len(boxes) > 1
    assert all(x + width <= next_x for (x, width), (next_x, _) in itertools.pairwise(boxes))


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


def test_an_address_learned_later_is_kept_with_its_person(acme: OneOpportunity) -> None:
    page = acme.page
    page.get_by_role("button", name="Change round 1").click()
    page.get_by_label("E-mail of Ana Ruiz").fill("ana@acme.example")
    page.get_by_role("button", name="Save the round").click()
    people = page.get_by_role("region", name="People").get_by_role("listitem")
    expect(people).to_have_count(1)
    expect(people).to_contain_text("ana@acme.example")


def test_a_round_that_was_called_off_asks_for_no_thank_you(acme: OneOpportunity) -> None:
    page = acme.page
    expect(acme.screens.card("Thank Ana Ruiz")).to_be_visible()
    page.get_by_role("button", name="Change round 1").click()
    page.get_by_label("Did it take place?").select_option("It was called off")
    page.get_by_role("button", name="Save the round").click()
    expect(page.get_by_text("(cancelled)")).to_be_visible()
    expect(acme.screens.card("Thank Ana Ruiz")).to_have_count(0)


def test_a_round_is_moved_to_another_day_and_zone(acme: OneOpportunity) -> None:
    acme.press("Change round 1")
    dialog = acme.dialog("Change round 1")
    moved = clock.now() + timedelta(days=3)
    dialog.get_by_label("Start").fill(f"{moved:%Y-%m-%dT10:00}")
    dialog.get_by_role("button", name="Save the round").click()
    expect(dialog.get_by_label("End")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("End").fill(f"{moved:%Y-%m-%dT11:00}")
    dialog.get_by_label("Where was it?").select_option("Europe/Berlin")
    dialog.get_by_label("How", exact=True).select_option("video")
    dialog.get_by_role("button", name="Save the round").click()
    expect(dialog).to_have_count(0)
    rounds = acme.region("Rounds")
    expect(rounds).to_contain_text("Berlin")
    expect(rounds).to_contain_text("by video (to come)")
    expect(acme.screens.card("Thank Ana Ruiz")).to_have_count(0)


def test_a_round_is_deleted_after_a_question(acme: OneOpportunity) -> None:
    acme.press("Change round 1")
    acme.press("Delete this round")
    question = acme.dialog("Delete round 1?")
    expect(question).to_contain_text("recap")
    question.get_by_role("button", name="Delete").click()
    expect(acme.region("Rounds")).to_contain_text("No round yet.")
    expect(acme.region("The timeline")).to_contain_text("Nothing has a date yet.")
    expect(acme.region("People")).to_contain_text("Ana Ruiz")


def test_what_changes_elsewhere_is_not_said_to_change_here(acme: OneOpportunity) -> None:
    acme.screens.log("Globex", "Analyst", Met("Ben Ode"))
    acme.screens.open_opportunity("Acme")
    acme.press("Change round 1")
    acme.press("Delete this round")
    acme.dialog("Delete round 1?").get_by_role("button", name="Delete").click()
    expect(acme.page.get_by_text("Nothing changes by itself either")).to_be_visible()
    expect(acme.page.get_by_role("link", name="Log a round")).to_be_visible()


def test_a_round_changed_in_another_tab_is_shown_in_both_versions(acme: OneOpportunity) -> None:
    elsewhere = acme.open_elsewhere()
    for tab in (acme, elsewhere):
        tab.press("Change round 1")
        expect(tab.dialog("Change round 1").get_by_label("How", exact=True)).to_be_visible()
    elsewhere.dialog("Change round 1").get_by_label("How", exact=True).select_option("phone")
    elsewhere.press("Save the round")
    expect(elsewhere.region("Rounds")).to_contain_text("by phone")
    dialog = acme.dialog("Change round 1")
    dialog.get_by_label("How", exact=True).select_option("video")
    acme.press("Save the round")
    conflict = dialog.get_by_role("alert")
    expect(conflict).to_contain_text("By phone")
    conflict.get_by_role("button", name="Keep what is here").click()
    expect(acme.region("Rounds")).to_contain_text("by video")


@on_a_phone
def test_keeping_what_is_here_keeps_when_it_was_though_only_the_other_tab_moved_it(acme: OneOpportunity) -> None:
    acme.press("Change round 1")
    dialog = acme.dialog("Change round 1")
    start = dialog.get_by_label("Start")
    before = start.input_value()
    elsewhere = acme.open_elsewhere()
    elsewhere.press("Change round 1")
    earlier = datetime.fromisoformat(before) - timedelta(minutes=30)
    elsewhere.dialog("Change round 1").get_by_label("Start").fill(f"{earlier:%Y-%m-%dT%H:%M}")
    elsewhere.press("Save the round")
    expect(elsewhere.dialog("Change round 1")).to_have_count(0)
    dialog.get_by_label("How", exact=True).select_option("video")
    acme.press("Save the round")
    conflict = dialog.get_by_role("alert")
    expect(conflict).to_contain_text(f"{earlier:%H:%M}")
    conflict.get_by_role("button", name="Keep what is here").click()
    expect(dialog).to_have_count(0)
    acme.press("Change round 1")
    expect(dialog.get_by_label("How", exact=True)).to_have_value("video")
    expect(start).to_have_value(before)


@on_a_phone
def test_a_round_in_a_year_of_five_digits_is_refused_at_its_field(acme: OneOpportunity) -> None:
    acme.press("Change round 1")
    dialog = acme.dialog("Change round 1")
    dialog.get_by_label("Start").fill("12026-03-03T14:00")
    acme.press("Save the round")
    expect(dialog.get_by_label("Start")).to_have_attribute("aria-invalid", "true")


def test_what_is_known_of_the_job_is_changed_and_refused_at_its_field(acme: OneOpportunity) -> None:
    acme.press("Edit")
    dialog = acme.dialog("Edit the opportunity")
    dialog.get_by_label("Company").fill("Acme & Sons")
    dialog.get_by_label("Applied on").fill("2026-02-01")
    dialog.get_by_label("Public holidays").fill("Atlantis")
    dialog.get_by_label("They take long to decide").check()
    dialog.get_by_role("button", name="Save the opportunity").click()
    expect(dialog.get_by_label("Public holidays")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Public holidays").fill("US")
    dialog.get_by_role("button", name="Save the opportunity").click()
    expect(acme.page.get_by_role("heading", name="Acme & Sons", level=1)).to_be_visible()


def test_a_job_changed_in_another_tab_is_shown_in_both_versions(acme: OneOpportunity) -> None:
    elsewhere = acme.open_elsewhere()
    acme.press("Edit")
    expect(acme.dialog("Edit the opportunity")).to_be_visible()
    elsewhere.press("Edit")
    elsewhere.dialog("Edit the opportunity").get_by_label("Role").fill("Platform engineer")
    elsewhere.press("Save the opportunity")
    expect(elsewhere.page.get_by_text("Platform engineer").first).to_be_visible()
    dialog = acme.dialog("Edit the opportunity")
    dialog.get_by_label("Role").fill("Site engineer")
    acme.press("Save the opportunity")
    conflict = dialog.get_by_role("alert")
    expect(conflict).to_contain_text("Platform engineer")
    expect(conflict).to_contain_text("Site engineer")
    conflict.get_by_role("button", name="Take the other").click()
    expect(dialog.get_by_label("Role")).to_have_value("Platform engineer")


def test_an_opportunity_is_deleted_after_a_question(acme: OneOpportunity) -> None:
    acme.press("Edit")
    acme.press("Delete this opportunity")
    question = acme.dialog("Delete Acme?")
    question.get_by_role("button", name="Keep it").click()
    acme.press("Delete this opportunity")
    question.get_by_role("button", name="Delete").click()
    expect(acme.page.get_by_role("heading", name="Opportunities", level=1)).to_be_visible()
    expect(acme.page.get_by_text("No opportunities yet.")).to_be_visible()


def test_an_offer_has_its_day(acme: OneOpportunity) -> None:
    acme.press("Record an outcome")
    dialog = acme.dialog("How did it end?")
    dialog.get_by_label("They made an offer").check()
    day = clock.now() + timedelta(days=5)
    dialog.get_by_label("They want your answer by").fill(f"{day:%Y-%m-%d}")
    acme.press("Save the outcome")
    expect(acme.page.get_by_text("They want your answer by")).to_be_visible()
    acme.press("Change the outcome")
    expect(dialog.get_by_label("They made an offer")).to_be_checked()
    expect(dialog.get_by_label("They want your answer by")).to_have_value(f"{day:%Y-%m-%d}")


def test_an_outcome_recorded_in_another_tab_is_shown_in_both_versions(acme: OneOpportunity) -> None:
    elsewhere = acme.open_elsewhere()
    for tab in (acme, elsewhere):
        tab.press("Record an outcome")
    elsewhere.dialog("How did it end?").get_by_label("They said no").check()
    elsewhere.press("Save the outcome")
    expect(elsewhere.page.get_by_text("A no is hard to hear")).to_be_visible()

    dialog = acme.dialog("How did it end?")
    dialog.get_by_label("They made an offer").check()
    acme.press("Save the outcome")
    expect(dialog.get_by_role("alert")).to_contain_text("They made an offer")
    expect(dialog.get_by_role("alert")).to_contain_text("They said no")
    acme.press("Take the other")
    expect(dialog.get_by_label("They said no")).to_be_checked()
    acme.press("Save the outcome")
    expect(acme.page.get_by_text("A no is hard to hear")).to_be_visible()


def test_a_rejection_is_met_with_kind_words(acme: OneOpportunity) -> None:
    acme.press("Record an outcome")
    dialog = acme.dialog("How did it end?")
    dialog.get_by_label("They said no").check()
    expect(dialog).to_contain_text("Sorry to hear it.")
    acme.press("Save the outcome")
    expect(acme.page.get_by_text("A no is hard to hear")).to_be_visible()


def test_advice_that_is_out_of_date_says_so_and_why(acme: OneOpportunity, server: Server) -> None:
    """As planning leaves it that has failed: it is tried again, and until then nothing new is said."""
    parked = {"parked_until": clock.now() + timedelta(hours=1), "plan_error": "The playbook calmer cannot be read."}
    database = open_database(f"sqlite:///{server.log.parent / 'afterword.db'}")
    with database.write() as session:
        session.execute(update(opportunities).where(opportunities.c.id == acme.id).values(parked))
    database.engine.dispose()
    acme.page.reload()
    note = acme.page.get_by_role("status").filter(has_text="out of date")
    expect(note).to_contain_text("The playbook calmer cannot be read.")
    expect(note).to_contain_text("It is tried again on")
