"""The people of an opportunity: their addresses, who they are here, and what that changes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from support.one_opportunity import OneOpportunity
from support.screens import Screens

pytestmark = pytest.mark.browser


@pytest.fixture
def acme(screens: Screens) -> OneOpportunity:
    return OneOpportunity(screens)


def people(acme: OneOpportunity) -> Locator:
    return acme.region("People").get_by_role("listitem")


def changing(acme: OneOpportunity, name: str = "Ana Ruiz") -> Locator:
    acme.press(f"Change {name}")
    dialog = acme.dialog(f"Change {name}")
    expect(dialog.get_by_label("Name")).to_have_value(name)
    return dialog


def test_everything_that_is_known_of_somebody_can_be_changed(acme: OneOpportunity) -> None:
    dialog = changing(acme)
    dialog.get_by_label("Name").fill("Ana Ruiz Soto")
    dialog.get_by_label("Phone").fill("+1 555 0100")
    dialog.get_by_label("LinkedIn", exact=False).first.fill("linkedin.example/ana")
    dialog.get_by_label("Postal address").fill("1 Main Street")
    dialog.get_by_label("Which way they like best").select_option("phone")
    dialog.get_by_label("recruiter").check()
    dialog.get_by_label("The person to write to").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(people(acme)).to_have_count(1)
    for told in ("Ana Ruiz Soto", "recruiter", "point of contact", "prefers by phone", "+1 555 0100", "1 Main Street"):
        expect(people(acme)).to_contain_text(told)


def test_what_is_refused_is_told_at_its_field(acme: OneOpportunity) -> None:
    dialog = changing(acme)
    dialog.get_by_label("E-mail").fill("nonsense")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_label("E-mail")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Name").fill("")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_label("Name")).to_have_attribute("aria-invalid", "true")


def test_whoever_must_not_be_contacted_is_left_alone(acme: OneOpportunity) -> None:
    expect(acme.screens.card("Thank Ana Ruiz")).to_be_visible()
    dialog = changing(acme)
    dialog.get_by_label("Do not contact them").check()
    dialog.get_by_role("button", name="Save").click()
    expect(people(acme)).to_contain_text("do not contact")
    expect(acme.screens.card("Thank Ana Ruiz")).to_have_count(0)
    expect(acme.page.get_by_role("article").filter(has_text="Do not contact")).to_be_visible()


def test_somebody_who_was_in_no_round_is_added_and_taken_out_again(acme: OneOpportunity) -> None:
    acme.press("Add a person")
    dialog = acme.dialog("Add a person")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Name").fill("Joe Reference")
    dialog.get_by_label("reference", exact=True).check()
    dialog.get_by_role("button", name="Save").click()
    expect(people(acme)).to_have_count(2)
    expect(people(acme).nth(1)).to_contain_text("reference")

    changing(acme, "Joe Reference").get_by_role("button", name="Take out of this opportunity").click()
    expect(people(acme)).to_have_count(1)


def test_whoever_took_part_cannot_be_taken_out(acme: OneOpportunity) -> None:
    dialog = changing(acme)
    dialog.get_by_role("button", name="Take out of this opportunity").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Ana Ruiz")
    expect(people(acme)).to_have_count(1)


def test_somebody_changed_in_another_tab_is_shown_in_both_versions(acme: OneOpportunity) -> None:
    elsewhere = acme.open_elsewhere()
    mine, theirs = changing(acme), changing(elsewhere)
    theirs.get_by_label("Phone").fill("+1 555 0111")
    theirs.get_by_role("button", name="Save").click()
    expect(people(elsewhere)).to_contain_text("+1 555 0111")

    mine.get_by_label("Phone").fill("+1 555 0222")
    mine.get_by_role("button", name="Save").click()
    conflict = mine.get_by_role("alert")
    expect(conflict).to_contain_text("+1 555 0111")
    expect(conflict).to_contain_text("+1 555 0222")
    conflict.get_by_role("button", name="Keep what is here").click()
    expect(people(acme)).to_contain_text("+1 555 0222")


def test_nobody_is_lost_who_was_added_in_another_tab(acme: OneOpportunity) -> None:
    elsewhere = acme.open_elsewhere()
    dialog = changing(acme)
    elsewhere.press("Add a person")
    other = elsewhere.dialog("Add a person")
    other.get_by_label("Name").fill("Joe")
    other.get_by_role("button", name="Save").click()
    expect(people(elsewhere)).to_have_count(2)

    dialog.get_by_label("insider").check()
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_role("button", name="Keep what is here").click()
    expect(people(acme)).to_have_count(2)
    expect(people(acme).first).to_contain_text("insider")
