"""What is typed into the log form survives, and what is known already needs no typing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from support.screens import Met, Screens
from support.sizes import on_a_phone

pytestmark = pytest.mark.browser
ANA = Met("Ana Ruiz", "hiring manager", "ana@acme.example")


def test_what_was_typed_survives_a_reload_and_is_dropped_once_it_is_saved(screens: Screens) -> None:
    screens.open_log()
    screens.fill_log("Acme", "Data engineer", ANA)
    screens.promise("In two weeks")
    expect(screens.page.get_by_text("Kept on this device until you save it.")).to_be_visible()
    screens.page.reload()
    expect(screens.page.get_by_text("what you typed on")).to_contain_text("“It just ended” means then.")
    expect(screens.page.get_by_label("Company")).to_have_value("Acme")
    expect(screens.page.get_by_label("E-mail")).to_have_value("ana@acme.example")
    expect(screens.page.get_by_label("In two weeks")).to_be_checked()
    screens.saved()
    expect(screens.card("Thank Ana Ruiz")).to_be_visible()
    screens.open_log()
    expect(screens.page.get_by_label("Company")).to_have_value("")


def test_it_survives_a_lost_connection_and_a_reload_and_is_stored_once(screens: Screens) -> None:
    screens.open_log()
    screens.fill_log("Acme", "Data engineer", ANA)
    # The request arrives, and its answer is lost.
    screens.page.route("**/api/v1/interviews", lambda route: (route.fetch(), route.abort("internetdisconnected")))
    screens.save()
    expect(screens.page.get_by_role("alert")).to_contain_text("could not be reached")
    screens.page.unroute("**/api/v1/interviews")
    screens.page.reload()
    expect(screens.page.get_by_label("Company")).to_have_value("Acme")
    screens.saved()
    expect(screens.card("Thank Ana Ruiz")).to_have_count(1)
    assert len(screens.page.request.get("/api/v1/interviews").json()["items"]) == 1


def test_a_draft_can_be_discarded(screens: Screens) -> None:
    screens.open_log()
    screens.fill_log("Acme", "Data engineer", ANA)
    screens.page.get_by_role("button", name="Discard").click()
    expect(screens.page.get_by_label("Company")).to_have_value("")
    expect(screens.page.get_by_role("button", name="Discard")).to_have_count(0)
    screens.page.reload()
    expect(screens.page.get_by_label("Company")).to_have_value("")


def test_signing_out_leaves_no_draft_on_the_device(screens: Screens) -> None:
    screens.open_log()
    screens.page.get_by_label("Company").fill("Acme")
    screens.page.get_by_text("Account", exact=True).click()
    screens.page.get_by_role("button", name="Sign out").click()
    expect(screens.page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "Acme" not in screens.page.evaluate("JSON.stringify(localStorage)")


def test_somebody_known_is_chosen_by_name_and_is_the_same_person(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", ANA)
    screens.open_log()
    names = screens.page.locator("datalist[id$=known] option")
    expect(names).to_have_attribute("value", "Ana Ruiz")
    screens.page.get_by_label("Company").fill("Northwind")
    screens.page.get_by_label("Name").fill("Ana Ruiz")
    expect(screens.page.get_by_label("E-mail")).to_have_value("ana@acme.example")
    screens.saved()
    assert len(screens.page.request.get("/api/v1/contacts").json()["items"]) == 1


def test_another_address_is_another_person(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", ANA)
    screens.open_log()
    expect(screens.page.locator("datalist[id$=known] option")).to_have_count(1)
    screens.page.get_by_label("Company").fill("Northwind")
    screens.page.get_by_label("Name").fill("Ana Ruiz")
    screens.page.get_by_label("E-mail").fill("ana@northwind.example")
    screens.saved()
    assert len(screens.page.request.get("/api/v1/contacts").json()["items"]) == 2


@on_a_phone
def test_somebody_known_who_was_deleted_elsewhere_is_refused_at_their_name(screens: Screens) -> None:
    page = screens.page
    known = page.request.post("/api/v1/contacts", data={"name": ANA.name, "email": ANA.email})
    assert known.status == 201, known.text()
    screens.open_log()
    expect(page.locator("datalist[id$=known] option")).to_have_count(1)
    screens.fill_log("Acme", "Data engineer", Met("Ben Okafor"), ANA)
    assert page.request.delete(f"/api/v1/contacts/{known.json()['id']}").status == 204
    screens.save()
    names = page.get_by_label("Name")
    expect(names.nth(1)).to_have_attribute("aria-invalid", "true")
    expect(names.nth(1)).to_be_focused()
    expect(names.nth(0)).not_to_have_attribute("aria-invalid", "true")


def test_a_company_with_an_open_opportunity_can_have_another_round(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", ANA)
    screens.open_log()
    screens.page.get_by_label("Company").fill("acme ")
    group = screens.page.get_by_role("group", name="You have an opportunity there.")
    expect(group.get_by_label("Another job")).to_be_checked()
    group.get_by_label("Another round: Data engineer").check()
    screens.page.get_by_label("Name").fill("Ben Okafor")
    screens.save()
    expect(screens.page.get_by_text("Round 2, on site")).to_be_visible()
    screens.open_log()
    screens.page.get_by_label("Company").fill("Acme Labs")
    expect(group).to_have_count(0)


@pytest.mark.parametrize("choice", ["In a week", "In two weeks"])
def test_when_they_decide_is_one_tap(screens: Screens, choice: str) -> None:
    screens.open_log()
    screens.fill_log("Acme", "Data engineer", ANA)
    screens.promise(choice)
    screens.saved()
    screens.open_opportunity("Acme")
    expect(screens.page.get_by_role("region", name="Rounds")).to_contain_text("They said they would decide by")


def test_that_they_did_not_say_needs_no_tap(screens: Screens) -> None:
    screens.log("Acme", "Data engineer", ANA)
    (stored,) = screens.page.request.get("/api/v1/interviews").json()["items"]
    assert stored["decision_on"] is None


def test_a_date_that_was_chosen_and_left_empty_is_refused_at_its_field(screens: Screens) -> None:
    screens.open_log()
    screens.fill_log("Acme", "Data engineer", ANA)
    screens.promise("On a date")
    screens.save()
    field = screens.page.get_by_label("The date they named")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
