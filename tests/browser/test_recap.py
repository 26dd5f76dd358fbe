"""Writing down what was said: guided, skippable, saved as it is typed, and never lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from support.eventually import eventually
from support.recap_page import AGAINST, ANSWER_BETTER, CLICKED, DISCUSSED, STEPS, WENT_WELL, RecapPage, stored
from support.screens import Met, Screens

pytestmark = pytest.mark.browser
PHONE_WIDTH = 390


@pytest.fixture
def recap(screens: Screens) -> RecapPage:
    """The recap of an interview that has just ended."""
    screens.log("Acme", "Data engineer", Met("Ana Ruiz", "hiring manager"))
    page = RecapPage(screens)
    page.open()
    return page


def is_phone(page: Page) -> bool:
    return bool(page.evaluate("innerWidth") == PHONE_WIDTH)


def test_on_a_phone_one_question_at_a_time_and_at_a_desk_all_on_one_page(recap: RecapPage) -> None:
    expect(recap.page.get_by_role("main")).to_contain_text("with Ana Ruiz")
    if is_phone(recap.page):
        expect(recap.page.get_by_role("textbox")).to_have_count(1)
        expect(recap.page.get_by_text("Question 1 of 6")).to_be_visible()
    else:
        expect(recap.page.get_by_role("textbox")).to_have_count(7)


def test_every_question_can_be_skipped_and_gone_back_to(recap: RecapPage) -> None:
    page = recap.page
    if is_phone(page):
        for question in STEPS[:-1]:
            expect(recap.asks(question)).to_be_visible()
            page.get_by_role("button", name="Skip").click()
        expect(recap.asks(CLICKED)).to_be_focused()
        page.get_by_role("button", name="Back").click()
        expect(recap.asks(AGAINST)).to_be_visible()
        page.get_by_role("button", name="Skip").click()
    page.get_by_role("link", name="Finish").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def test_what_is_typed_is_saved_and_there_again(recap: RecapPage) -> None:
    recap.write(DISCUSSED, "Pipelines, with Ana")
    recap.expect_saved()
    recap.write(AGAINST, "The long way")
    recap.expect_saved()
    assert eventually(lambda: recap.stored() == {"discussed": "Pipelines, with Ana", "bad_points": "The long way"})
    recap.page.reload()
    expect(recap.turn_to(DISCUSSED)).to_have_value("Pipelines, with Ana")
    expect(recap.turn_to(AGAINST)).to_have_value("The long way")


def test_leaving_the_page_at_once_loses_nothing(recap: RecapPage) -> None:
    recap.write(WENT_WELL, "The case study")
    interview_id = recap.interview_id
    recap.page.get_by_role("navigation", name="Main").get_by_role("link", name="Today").click()
    assert eventually(lambda: stored(recap.screens, interview_id) == {"went_well": "The case study"})


def test_the_round_leads_to_its_recap(recap: RecapPage) -> None:
    recap.write(DISCUSSED, "Pipelines")
    recap.expect_saved()
    recap.screens.open_opportunity("Acme")
    rounds = recap.page.get_by_role("region", name="Rounds")
    rounds.get_by_role("link", name="Recap of round 1").click()
    expect(recap.turn_to(DISCUSSED)).to_have_value("Pipelines")


def test_another_answer_to_the_same_question_elsewhere_is_shown_beside_it(recap: RecapPage) -> None:
    recap.write(DISCUSSED, "Pipelines")
    recap.expect_saved()
    recap.write_elsewhere(discussed="Warehouses", clicked="Climbing")
    recap.write(DISCUSSED, "Pipelines and money")
    both = recap.page.get_by_role("alert", name="This was changed elsewhere since you opened it.")
    expect(both).to_contain_text("Pipelines and money")
    expect(both).to_contain_text("Warehouses")
    assert recap.stored()["discussed"] == "Warehouses"
    both.get_by_role("button", name="Keep what is here").click()
    recap.expect_saved()
    assert recap.stored() == {"discussed": "Pipelines and money", "clicked": "Climbing"}
    expect(recap.turn_to(CLICKED)).to_have_value("Climbing")


def test_the_answer_from_elsewhere_can_be_taken(recap: RecapPage) -> None:
    recap.write(DISCUSSED, "Pipelines")
    recap.expect_saved()
    recap.write_elsewhere(discussed="Warehouses")
    recap.write(DISCUSSED, "Pipelines and money")
    recap.page.get_by_role("button", name="Take the other").click()
    expect(recap.turn_to(DISCUSSED)).to_have_value("Warehouses")
    recap.expect_saved()
    assert recap.stored() == {"discussed": "Warehouses"}


def test_answers_to_different_questions_come_together(recap: RecapPage) -> None:
    recap.write(DISCUSSED, "Pipelines")
    recap.expect_saved()
    recap.write_elsewhere(discussed="Pipelines", clicked="Climbing")
    recap.write(WENT_WELL, "The case study")
    expect(recap.turn_to(CLICKED)).to_have_value("Climbing")
    recap.expect_saved()
    everything = {"discussed": "Pipelines", "went_well": "The case study", "clicked": "Climbing"}
    assert recap.stored() == everything


def test_an_answer_of_the_server_that_was_lost_harms_nothing(recap: RecapPage) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort("internetdisconnected")

    address = "**/recap"
    recap.page.route(address, lambda route: lose(route) if route.request.method == "PUT" else route.fallback())
    recap.write(DISCUSSED, "Pipelines")
    recap.expect_kept()
    assert recap.stored() == {"discussed": "Pipelines"}
    recap.page.unroute(address)
    recap.write(DISCUSSED, "Pipelines, and more")
    recap.expect_saved()
    assert recap.stored() == {"discussed": "Pipelines, and more"}
    expect(recap.page.get_by_role("alert")).to_have_count(0)


def test_what_is_too_long_is_said_at_its_question_and_kept(recap: RecapPage) -> None:
    recap.write(ANSWER_BETTER, "x" * 20_001)
    expect(recap.page.get_by_role("alert", name="Not saved yet")).to_be_visible()
    field = recap.turn_to(ANSWER_BETTER)
    expect(field).to_have_attribute("aria-invalid", "true")
    described = "The question, and the answer you would give today. Must have at most 20000 characters."
    expect(field).to_have_accessible_description(described)
    recap.write(ANSWER_BETTER, "x" * 20_000)
    recap.expect_saved()
    assert len(recap.stored()["answer_better"]) == 20_000


def test_words_for_an_interview_that_was_deleted_are_kept_until_they_are_dropped(recap: RecapPage) -> None:
    page = recap.page
    address = f"/interviews/{recap.interview_id}"
    assert page.request.delete(f"/api/v1{address}").ok
    recap.write(DISCUSSED, "Pipelines")
    expect(page.get_by_role("alert", name="Not saved yet")).to_be_visible()
    page.goto("/")
    note = page.get_by_role("list", name="Not saved yet")
    expect(note).to_contain_text("Your recap of Data engineer, Acme, round 1 could not be saved.")
    note.get_by_role("link", name="Look at it").click()
    expect(page.get_by_text("This interview is not here.")).to_be_visible()
    expect(recap.turn_to(DISCUSSED)).to_have_value("Pipelines")
    page.get_by_role("button", name="Remove them").click()
    expect(page.get_by_role("textbox")).to_have_count(0)
    page.goto("/")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    expect(note).to_have_count(0)


def test_two_tabs_write_one_recap(recap: RecapPage) -> None:
    other = RecapPage(Screens(recap.page.context.new_page(), recap.screens.email))
    other.page.goto(f"/interviews/{recap.interview_id}/recap")
    other.is_shown()
    recap.write(DISCUSSED, "Pipelines")
    expect(other.turn_to(DISCUSSED)).to_have_value("Pipelines")
    other.write(WENT_WELL, "The case study")
    expect(recap.turn_to(WENT_WELL)).to_have_value("The case study")
    other.turn_to(DISCUSSED).press_sequentially(" and money")
    expect(recap.turn_to(DISCUSSED)).to_have_value("Pipelines and money")
    assert eventually(lambda: recap.stored() == {"discussed": "Pipelines and money", "went_well": "The case study"})
    expect(recap.page.get_by_role("alert")).to_have_count(0)
    expect(other.page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize(
    "text",
    ["<img src=x onerror=\"document.title='taken'\">", "שלום עולם", "👩🏽‍🚀 e\u0301", "W" * 300],
    ids=["markup", "right to left", "emoji", "long"],
)
def test_whatever_is_typed_is_text(recap: RecapPage, text: str) -> None:
    recap.write(DISCUSSED, text)
    recap.expect_saved()
    assert recap.stored() == {"discussed": text}
    recap.write_elsewhere(discussed=f"{text}!")
    recap.write(DISCUSSED, f"{text}?")
    expect(recap.page.get_by_role("alert")).to_contain_text(f"{text}!")
    assert recap.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert recap.page.title() == "Recap · Afterword"
