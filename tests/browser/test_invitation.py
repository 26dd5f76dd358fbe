"""A calendar invitation in the log form: pasted, dropped, refused, and moved."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Route, expect

from afterword import clock
from support.invitations import an_event, an_interview
from support.screens import Screens
from support.sizes import on_a_phone

pytestmark = pytest.mark.browser
NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")


def an_hour_ago() -> datetime:
    return clock.now().astimezone(NEW_YORK).replace(second=0, microsecond=0) - timedelta(hours=1)


def in_three_days(zone: ZoneInfo = NEW_YORK) -> datetime:
    return clock.now().astimezone(zone).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=3)


def local(moment: datetime) -> str:
    return f"{moment.astimezone(NEW_YORK):%Y-%m-%dT%H:%M}"


def panel(screens: Screens) -> Locator:
    return screens.page.locator("details").filter(has_text="From a calendar invitation").last


def test_a_pasted_invitation_fills_the_form_and_says_how_it_was_read(screens: Screens) -> None:
    begins = an_hour_ago()
    screens.open_log()
    screens.open_invitation().fill(an_interview(begins, "LOCATION:https://meet.google.com/abc", "SEQUENCE:1"))
    told = panel(screens).get_by_role("status")
    expect(told).to_contain_text("Interview at Acme")
    expect(told).to_contain_text("It is by video: it links to meet.google.com.")
    expect(told).to_contain_text("The company “Acme” is taken from addresses at acme.example")
    page = screens.page
    expect(page.get_by_label("Company")).to_have_value("Acme")
    expect(page.get_by_label("Start")).to_have_value(local(begins))
    expect(page.get_by_label("End", exact=True)).to_have_value(local(begins + timedelta(minutes=45)))
    expect(page.get_by_label("How", exact=True)).to_have_value("video")
    expect(page.get_by_label("Name")).to_have_value("Ana Ruiz")
    expect(page.get_by_label("E-mail")).to_have_value("ana@acme.example")
    screens.saved()
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()


def test_a_dropped_file_fills_the_form_in_the_zone_it_names(screens: Screens) -> None:
    begins = in_three_days(BERLIN)
    screens.open_log()
    screens.page.get_by_label("Company").fill("Nordwind")
    screens.drop(an_interview(begins).replace("Europe/Berlin", "W. Europe Standard Time"))
    expect(screens.page.get_by_label("Where was it? (time zone)")).to_have_value("Europe/Berlin")
    expect(screens.page.get_by_label("Start")).to_have_value(local(begins))
    expect(panel(screens)).to_contain_text("Its time zone “W. Europe Standard Time” is read as Europe/Berlin.")
    expect(screens.page.get_by_label("Company")).to_have_value("Nordwind")


def test_a_file_can_be_chosen(screens: Screens) -> None:
    screens.open_log()
    screens.open_invitation()
    text = an_interview(an_hour_ago()).encode()
    file = {"name": "invite.ics", "mimeType": "text/calendar", "buffer": text}
    screens.page.get_by_label("Choose a file").set_input_files(file)  # type: ignore[arg-type]
    expect(screens.page.get_by_label("Name")).to_have_value("Ana Ruiz")


def test_a_refusal_stands_at_the_text_with_its_line(screens: Screens) -> None:
    screens.open_log()
    field = screens.open_invitation()
    field.fill(an_event("RRULE:FREQ=WEEKLY"))
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(panel(screens)).to_contain_text("Repeats; send one occurrence, or type when the interview was (line 6).")
    field.fill("Tuesday at two")
    screens.page.get_by_role("button", name="Read it").click()
    expect(panel(screens)).to_contain_text("Has no line BEGIN:VCALENDAR")


def test_what_is_too_long_is_refused_before_it_is_sent(screens: Screens) -> None:
    screens.open_log()
    asked: list[str] = []
    screens.page.on("request", lambda request: asked.append(request.url))
    screens.drop("x" * 10_000_000)
    expect(screens.page.get_by_label("Text of the invitation")).to_have_attribute("aria-invalid", "true")
    expect(panel(screens)).to_contain_text("This is longer than 200,000 characters.")
    assert not [url for url in asked if "calendar-invitations" in url]


def test_markup_in_an_invitation_is_text(screens: Screens) -> None:
    screens.open_log()
    hostile = "<img src=x onerror=\"document.title='taken'\">"
    screens.open_invitation().fill(
        an_interview(an_hour_ago(), f"SUMMARY:{hostile}", f"LOCATION:{hostile}", f"ATTENDEE;CN={hostile[:12]}:x")
    )
    expect(panel(screens).get_by_role("status")).to_contain_text(hostile)
    assert screens.page.title() == "Log an interview · Afterword"


def test_an_interview_that_moves_is_shown_before_it_is_moved(screens: Screens) -> None:
    begins = in_three_days()
    logged(screens, begins)
    screens.open_log()
    screens.drop(an_interview(begins + timedelta(hours=25), "SEQUENCE:1"))
    told = panel(screens)
    expect(told).to_contain_text("This round is logged already: Acme.")
    expect(told.get_by_role("row", name="Start")).to_contain_text("10:00")
    expect(told.get_by_role("row", name="Start")).to_contain_text("11:00")
    expect(told.get_by_role("row", name="Time zone")).to_have_count(0)
    told.get_by_role("button", name="Move the round").click()
    expect(screens.page.get_by_role("heading", name="Acme", level=1)).to_be_visible()
    expect(screens.page.get_by_role("region", name="Rounds")).to_contain_text("11:00")
    screens.open_log()
    screens.drop(an_interview(begins + timedelta(hours=25), "SEQUENCE:1"))
    expect(panel(screens)).to_contain_text("Nothing about it has changed.")


def test_an_interview_that_is_called_off_is_marked_so(screens: Screens) -> None:
    begins = in_three_days()
    logged(screens, begins)
    screens.open_log()
    screens.drop(an_interview(begins, "STATUS:CANCELLED"))
    panel(screens).get_by_role("button", name="Mark it as called off").click()
    expect(screens.page.get_by_role("heading", name="Acme", level=1)).to_be_visible()
    expect(screens.page.get_by_role("region", name="Rounds")).to_contain_text("cancelled")


def test_one_that_was_never_logged_and_is_called_off_asks_for_nothing(screens: Screens) -> None:
    screens.open_log()
    screens.drop(an_interview(in_three_days(), "STATUS:CANCELLED"))
    expect(panel(screens)).to_contain_text("There is nothing to do.")
    expect(screens.page.get_by_label("It just ended")).to_be_checked()


def test_a_round_that_was_changed_elsewhere_is_moved_by_choice(screens: Screens) -> None:
    begins = in_three_days()
    logged(screens, begins)
    screens.open_log()
    screens.drop(an_interview(begins + timedelta(hours=25)))
    move = panel(screens).get_by_role("button", name="Move the round")
    expect(move).to_be_visible()
    change_elsewhere(screens, begins + timedelta(hours=2))
    move.click()
    expect(screens.page.get_by_role("alert", name="This was changed elsewhere")).to_contain_text("12:00")
    screens.page.get_by_role("button", name="Keep what is here").click()
    expect(screens.page.get_by_role("heading", name="Acme", level=1)).to_be_visible()
    expect(screens.page.get_by_role("region", name="Rounds")).to_contain_text("11:00")


@on_a_phone
def test_once_the_invitation_of_a_round_that_is_known_is_folded_the_form_is_there(screens: Screens) -> None:
    begins = in_three_days()
    logged(screens, begins)
    screens.open_log()
    company, text = screens.page.get_by_label("Company"), an_interview(begins, "SEQUENCE:1")
    screens.open_invitation().fill(text)
    expect(panel(screens)).to_contain_text("This round is logged already: Acme.")
    expect(company).to_have_count(0)
    fold = screens.page.get_by_text("From a calendar invitation")
    fold.click()
    expect(company).to_be_visible()
    fold.click()
    expect(screens.page.get_by_label("Text of the invitation")).to_be_visible()
    expect(company).to_be_visible()


@on_a_phone
def test_of_two_invitations_the_last_one_counts_though_the_first_is_read_later(screens: Screens) -> None:
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    screens.open_log()
    screens.page.route("**/api/v1/calendar-invitations", hold_the_first)
    of_acme = an_interview(an_hour_ago())
    field = screens.open_invitation()
    with screens.page.expect_request("**/api/v1/calendar-invitations"):
        field.fill(of_acme)
    field.fill(of_acme.replace("Ana Ruiz", "Mei Tanaka").replace("acme", "northwind").replace("Acme", "Northwind"))
    expect(screens.page.get_by_label("Name")).to_have_value("Mei Tanaka")
    with screens.page.expect_response("**/api/v1/calendar-invitations"):
        held[0].continue_()
    screens.saved()
    expect(screens.card("Thank Mei Tanaka")).to_be_visible()
    expect(screens.card("Thank Ana Ruiz")).to_have_count(0)


def logged(screens: Screens, begins: datetime) -> None:
    screens.open_log()
    screens.drop(an_interview(begins))
    expect(screens.page.get_by_label("Name")).to_have_value("Ana Ruiz")
    screens.saved()


def change_elsewhere(screens: Screens, begins: datetime) -> None:
    """By another tab of the same person."""
    request, origin = screens.page.request, screens.page.url.split("/log")[0]
    (stored,) = request.get("/api/v1/interviews").json()["items"]
    times = {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=1)).isoformat()}
    changed = request.patch(f"/api/v1/interviews/{stored['id']}", data=times, headers={"Origin": origin})
    assert changed.ok, changed.text()
