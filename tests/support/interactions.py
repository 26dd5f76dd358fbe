"""Counts what somebody does on a page: each click, each field that is typed into, each choice."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


class Interactions:
    """Every way of touching the page that a test may use, each counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def click(self, place: Locator) -> None:
        self.count += 1
        place.click()

    def type(self, field: Locator, text: str) -> None:
        """Into a field that is clicked on first, unless it has the focus already: the person's finger goes there."""
        self.count += 1
        field.fill(text)

    def choose(self, choice: Locator) -> None:
        self.count += 1
        choice.check()
