"""Somebody signs up, logs an interview, and is told what to do."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import update

from afterword import clock
from afterword.storage.database import open_database
from afterword.storage.tables import accounts, opportunities
from support.screens import Met, Screens
from support.server import Server
from support.sizes import on_a_phone

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
    card = screens.unfold("Thank Ana Ruiz")
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
    screens.unfold("Thank Ana Ruiz").get_by_role("button", name="Skip").click()
    expect(screens.card("Thank Ana Ruiz")).to_have_count(0)
    screens.page.get_by_text("Done, put aside or past").click()
    aside = screens.row("Thank Ana Ruiz")
    aside.locator("summary").first.click()
    aside.get_by_role("button", name="Put back").click()
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()


def test_snoozing_asks_until_when_and_refuses_the_past_at_its_field(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", ANA)
    screens.unfold("Thank Ana Ruiz").get_by_role("button", name="Snooze").click()
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


def test_one_tap_puts_it_off_to_a_time_that_is_suggested(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", ANA)
    screens.unfold("Thank Ana Ruiz").get_by_role("button", name="Snooze").click()
    action = next(
        each
        for each in screens.page.request.get("/api/v1/next-actions").json()["actions"]
        if each["kind"] == "thank-you"
    )
    times = screens.page.request.get(f"/api/v1/next-actions/{action['id']}/snooze-times").json()["items"]
    buttons = screens.page.get_by_role("dialog").get_by_role("listitem")
    expect(buttons).to_have_count(len(times))
    buttons.last.get_by_role("button").click()
    expect(screens.page.get_by_role("dialog")).to_have_count(0)
    expect(screens.page.get_by_text("Snoozed until")).to_be_visible()
    expect(screens.card("Thank Ana Ruiz")).to_have_count(0)


@on_a_phone
def test_what_is_being_snoozed_may_go_from_its_list_meanwhile(screens: Screens) -> None:
    page = screens.page
    screens.log("Acme", "Data engineer", ANA)
    screens.unfold("Thank Ana Ruiz").get_by_role("button", name="Snooze").click()
    dialog = page.get_by_role("dialog", name="Snooze until")
    dialog.get_by_label("When should it come back?").fill("2099-01-01T09:00")
    told = page.request.get("/api/v1/next-actions").json()
    [thanks] = [each["id"] for each in told["actions"] if each["kind"] == "thank-you"]
    assert page.request.post(f"/api/v1/next-actions/{thanks}/done").ok
    looked_at_again(page)
    expect(page.locator("article").filter(has_text="Thank Ana Ruiz")).to_have_count(0)
    expect(dialog.get_by_label("When should it come back?")).to_have_value("2099-01-01T09:00")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)


def looked_at_again(page: Page) -> None:
    """As after another tab was in front of it."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@on_a_phone
def test_a_window_runs_by_itself_and_nobody_is_asked(screens: Screens) -> None:
    page = screens.page
    screens.log("Acme", "Data engineer", ANA)
    page.clock.install()
    page.reload()
    before = share_that_has_run(screens)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward("10:00")
    expect(window(screens)).not_to_have_accessible_name(re.compile(rf"^{before} %"))
    assert share_that_has_run(screens) in range(before + 7, before + 11)
    assert asked == []


def window(screens: Screens) -> Locator:
    """Of the recap: two hours."""
    return screens.card("Write down what was said at Acme").get_by_role("img")


def share_that_has_run(screens: Screens) -> int:
    told = window(screens).get_attribute("aria-label") or ""
    return int(told.removesuffix(" % of the window has run"))


def test_done_can_be_told_with_its_time_and_its_way(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", ANA)
    screens.unfold("Thank Ana Ruiz").get_by_role("button", name="When and how").click()
    dialog = screens.page.get_by_role("dialog", name="Done, with details")
    dialog.get_by_label("When?").fill("2099-01-01T09:00")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_label("When?")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("When?").fill("")
    channel = dialog.get_by_label("How?")
    channel.select_option(index=1)
    chosen = channel.input_value()
    dialog.get_by_label("Note").fill("From the train")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(screens.page.get_by_text("Done. Thank Ana Ruiz")).to_be_visible()
    [touch] = screens.page.request.get("/api/v1/touches").json()["items"]
    assert (touch["channel"], touch["note"]) == (chosen, "From the train")


def test_one_card_is_open_and_the_others_are_lines_that_unfold(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", ANA, BEN)
    cards = screens.page.get_by_role("article").filter(has=screens.page.locator("details"))
    expect(cards.nth(0).get_by_role("button", name="Snooze")).to_be_visible()
    expect(cards.nth(1).get_by_role("button", name="Snooze")).to_be_hidden()
    expect(cards.nth(1)).to_contain_text("Acme")
    cards.nth(1).locator("summary").first.click()
    expect(cards.nth(1).get_by_role("button", name="Snooze")).to_be_visible()
    expect(cards.nth(0).get_by_role("button", name="Snooze")).to_be_visible()


def test_what_is_to_come_stands_under_next_a_week_and_later(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", ANA)
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()
    places = {"next": "Next", "within_a_week": "Within a week", "later": "Later"}
    told = screens.page.request.get("/api/v1/next-actions?limit=500").json()
    for when, name in places.items():
        for place in told["agenda"][when]:
            title = told["actions"][place]["title"]
            expect(screens.page.get_by_role("region", name=name, exact=True)).to_contain_text(title)


def test_with_nothing_to_do_now_the_page_says_what_comes_and_when(screens: Screens) -> None:
    starts_at = clock.now() + timedelta(days=2)
    body = {"company": "Acme", "starts_at": starts_at.isoformat(), "people": [{"name": "Ana Ruiz"}]}
    assert screens.page.request.post("/api/v1/interviews", data=body).status == 201
    screens.page.reload()
    now = screens.page.get_by_role("region", name="Now")
    expect(now).to_be_visible()
    while now.get_by_role("button", name="Done").count():
        now.get_by_role("button", name="Done").first.click()
        screens.page.get_by_text("Done.").wait_for()
        screens.page.reload()
        expect(now).to_be_visible()
    expect(now).to_contain_text("Nothing to do now.")
    expect(now).to_contain_text(re.compile(r"Next, from \w{3},? \d"))


def test_what_could_not_be_judged_is_told_with_the_reason(screens: Screens, server: Server) -> None:
    """A playbook of the operator's that is there no more."""
    screens.log("Acme", "Data engineer", ANA)
    database = open_database(f"sqlite:///{server.log.parent / 'afterword.db'}")
    account_id = screens.page.request.get("/api/v1/me").json()["account"]["id"]
    with database.write() as session:
        session.execute(update(accounts).where(accounts.c.id == account_id).values(playbook="the-operators"))
    database.engine.dispose()
    screens.page.reload()
    gaps = screens.page.get_by_role("region", name="What could not be judged")
    expect(gaps).to_contain_text("Your search as a whole")
    expect(gaps).to_contain_text("the-operators")
    expect(gaps.get_by_role("link", name="Data engineer, Acme")).to_be_visible()


def test_what_could_not_be_planned_is_told_too(screens: Screens, server: Server) -> None:
    screens.log("Acme", "Data engineer", ANA)
    [acme] = screens.page.request.get("/api/v1/opportunities").json()["items"]
    database = open_database(f"sqlite:///{server.log.parent / 'afterword.db'}")
    parked = {"parked_until": clock.now() + timedelta(hours=1), "plan_error": "ValueError: too far ahead"}
    with database.write() as session:
        session.execute(update(opportunities).where(opportunities.c.id == acme["id"]).values(**parked))
    database.engine.dispose()
    screens.page.reload()
    gaps = screens.page.get_by_role("region", name="What could not be judged")
    expect(gaps).to_contain_text("ValueError: too far ahead")
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()


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


def test_a_dialog_whose_code_is_gone_says_so_and_how_to_go_on(screens: Screens) -> None:
    """As after a new release, while the page of the old one is still open."""
    screens.log("Acme", "Data engineer", ANA)
    screens.page.route("**/assets/SnoozeDialog-*", lambda route: route.fulfill(status=404))
    screens.page.get_by_role("button", name="Snooze").first.click()
    alert = screens.page.get_by_role("alert")
    expect(alert).to_contain_text("The server may have been renewed")
    alert.get_by_role("button", name="Reload").click()
    expect(screens.page.get_by_role("button", name="Snooze").first).to_be_visible()
    expect(alert).to_have_count(0)
