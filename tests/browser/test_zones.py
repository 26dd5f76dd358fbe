"""Three zones at once: a browser in Kolkata, an account of New York, an interview in Berlin. Each says whose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from afterword import clock
from support.screens import Screens, watched_page
from support.server import Server

pytestmark = pytest.mark.browser
BERLIN, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")


def words(moment: datetime, zone: ZoneInfo) -> re.Pattern[str]:
    """Such as "Tue, 3 Mar, 14:00" or "Tue 3 Mar, 14:00"."""
    local = moment.astimezone(zone)
    return re.compile(rf"{local:%a},? {local.day} {local:%b}\w*, {local:%H:%M}")


@pytest.fixture
def ended_at() -> datetime:
    return clock.now().replace(second=0, microsecond=0) - timedelta(minutes=30)


@pytest.fixture
def abroad(browser: Browser, server: Server, size: tuple[int, int], ended_at: datetime) -> Iterator[Page]:
    with watched_page(browser, server.url, size, zone="Asia/Kolkata") as page:
        Screens(page).sign_up()
        request = page.request
        assert request.patch("/api/v1/me", data={"time_zone": "America/New_York"}).ok
        interview = {
            "company": "Acme",
            "role": "Data engineer",
            "people": [{"name": "Ana Ruiz", "roles": ["hiring_manager"]}],
            "starts_at": (ended_at - timedelta(hours=1)).isoformat(),
            "ends_at": ended_at.isoformat(),
            "time_zone": "Europe/Berlin",
        }
        assert request.post("/api/v1/interviews", data=interview).status == 201
        page.reload()
        yield page


def told(page: Page, kind: str) -> dict[str, datetime]:
    """The window that the API gives for an action of a kind."""
    actions = page.request.get("/api/v1/next-actions?limit=500").json()["actions"]
    window = next(each["window"] for each in actions if each["kind"] == kind)
    return {name: datetime.fromisoformat(at) for name, at in window.items() if isinstance(at, str)}


def test_a_card_speaks_of_the_interviews_zone_and_names_it(abroad: Page) -> None:
    card = Screens(abroad).unfold("Thank Ana Ruiz")
    expect(card).to_contain_text(words(told(abroad, "thank-you")["due_at"], BERLIN))
    expect(card).to_contain_text("Berlin time")


def test_what_is_to_come_and_what_to_leave_alone_speak_of_it_too(abroad: Page) -> None:
    screens = Screens(abroad)
    expect(screens.row("Follow up").locator("summary").first).to_contain_text(
        words(told(abroad, "follow-up")["opens_at"], BERLIN)
    )
    holds = abroad.request.get("/api/v1/next-actions").json()["holds"]
    until = next(datetime.fromisoformat(each["until"]) for each in holds if each["kind"] == "wait-for-timeline")
    hold = screens.card("Wait before you follow up")
    expect(hold).to_contain_text(words(until, BERLIN))
    expect(hold).to_contain_text("Berlin")


def test_the_readers_own_clock_says_when_the_page_was_read(abroad: Page) -> None:
    as_of = abroad.get_by_text("As of").first
    expect(as_of).to_contain_text(f"{clock.now().astimezone(KOLKATA):%H}:")


def test_the_opportunity_shows_its_rounds_where_they_were(abroad: Page, ended_at: datetime) -> None:
    Screens(abroad).open_opportunity("Acme")
    began = ended_at - timedelta(hours=1)
    expect(abroad.get_by_role("main")).to_contain_text(words(began, BERLIN))
    expect(abroad.get_by_role("main")).to_contain_text("Berlin")


def test_the_log_form_reads_the_readers_clock_and_says_what_that_is_elsewhere(abroad: Page) -> None:
    abroad.goto("/log")
    abroad.get_by_label("At another time").check()
    abroad.get_by_label("Start").fill("2026-03-03T18:30")
    expect(abroad.get_by_role("main")).to_contain_text("By your clock (Kolkata)")
    abroad.get_by_label("Where was it? (time zone)").select_option("Europe/Berlin")
    expect(abroad.get_by_role("main")).to_contain_text(re.compile(r"That is Tue,? 3 Mar, 14:00 in Berlin"))


def test_days_are_counted_in_the_accounts_zone(abroad: Page) -> None:
    """What opens on the same day of New York as the first of all is next, whatever day that is here."""
    told = abroad.request.get("/api/v1/next-actions?limit=500").json()
    to_come = [
        (datetime.fromisoformat(each["window"]["opens_at"]), place)
        for place, each in enumerate(told["actions"])
        if each["state"] == "upcoming"
    ]
    first_day = min(at for at, _ in to_come).astimezone(ZoneInfo("America/New_York")).date()
    for at, place in to_come:
        same_day = at.astimezone(ZoneInfo("America/New_York")).date() == first_day
        assert (place in told["agenda"]["next"]) == same_day
        if same_day:
            expect(abroad.get_by_role("region", name="Next")).to_contain_text(told["actions"][place]["title"])
