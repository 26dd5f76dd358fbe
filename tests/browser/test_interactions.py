"""From the very first page to the first thing to do: how much that asks of somebody."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from afterword import clock
from support.interactions import Interactions
from support.invitations import an_interview
from support.screens import PASSWORD

pytestmark = pytest.mark.browser
MOST = 12
NEW_YORK, HOUR = ZoneInfo("America/New_York"), timedelta(hours=1)


def test_the_first_action_card_takes_at_most_twelve_interactions(page: Page, size: tuple[int, int]) -> None:
    """With all that is asked for: company, role, when, who with an address, when they decide."""
    page.goto("/")
    by_hand = Interactions(page)
    by_hand.type(page.get_by_label("E-mail"), f"first{size[0]}@mail.example")
    by_hand.type(page.get_by_label("Password"), PASSWORD)
    by_hand.click(page.get_by_role("button", name="Create your account"))
    by_hand.click(page.get_by_role("main").get_by_role("link", name="Log an interview"))
    by_hand.type(page.get_by_label("Company"), "Acme")
    by_hand.type(page.get_by_label("Role").first, "Data engineer")
    by_hand.type(page.get_by_label("Name"), "Ana Ruiz")
    by_hand.type(page.get_by_label("E-mail"), "ana@acme.example")
    by_hand.choose(page.get_by_label("In a week"))
    by_hand.click(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("article").filter(has_text="Thank Ana Ruiz")).to_be_visible()
    assert by_hand.count <= MOST


def test_with_an_invitation_it_takes_fewer(page: Page, size: tuple[int, int]) -> None:
    page.goto("/")
    by_hand = Interactions(page)
    by_hand.type(page.get_by_label("E-mail"), f"second{size[0]}@mail.example")
    by_hand.type(page.get_by_label("Password"), PASSWORD)
    by_hand.click(page.get_by_role("button", name="Create your account"))
    by_hand.click(page.get_by_role("main").get_by_role("link", name="Log an interview"))
    by_hand.click(page.get_by_text("From a calendar invitation"))
    by_hand.type(page.get_by_label("Text of the invitation"), an_interview(clock.now().astimezone(NEW_YORK) - HOUR))
    expect(page.get_by_label("Name").first).to_have_value("Ana Ruiz")
    by_hand.click(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("article").filter(has_text="Thank Ana Ruiz")).to_be_visible()
    assert by_hand.count <= MOST - 4
