"""What people do with playbooks on the screens."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from support.screens import Screens


class PlaybookScreens:
    """The playbooks' screens of somebody who is signed in."""

    def __init__(self, screens: Screens) -> None:
        self.screens = screens

    @property
    def page(self) -> Page:
        return self.screens.page

    def open(self) -> None:
        self.page.get_by_text("Account", exact=True).click()
        self.page.get_by_role("link", name="Playbooks", exact=True).click()
        expect(self.page.get_by_role("heading", name="Playbooks", level=1)).to_be_visible()

    def line(self, title: str) -> Locator:
        """One playbook of the list."""
        return (
            self.page.get_by_role("main")
            .get_by_role("listitem")
            .filter(has=self.page.get_by_role("heading", name=title))
        )

    def read(self, identifier: str) -> None:
        self.page.goto(f"/playbooks/{identifier}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def unfold(self, title: str) -> Locator:
        """A rule or hold, unfolded."""
        entry = self.page.locator("main details").filter(has=self.page.get_by_role("heading", name=title, exact=True))
        entry.locator("summary").first.click()
        return entry

    def make_own(self, of: str, title: str) -> None:
        """From the list; leads to the form of it."""
        self.open()
        self.line(of).get_by_role("button", name="Make my own from this").click()
        dialog = self.page.get_by_role("dialog", name="A playbook of your own")
        dialog.get_by_label("What should it be called?").fill(title)
        dialog.get_by_role("button", name="Make it").click()
        expect(self.page.get_by_role("heading", name=f"Adjust {title}", level=1)).to_be_visible()

    def look(self) -> Locator:
        """What would change, as it is shown."""
        self.page.get_by_role("button", name="See what would change").click()
        changes = self.page.get_by_role("region", name="What would change")
        expect(changes).to_be_visible()
        return changes

    def save(self) -> None:
        self.page.get_by_role("button", name="Save", exact=True).click()
        expect(self.page.get_by_text("Saved as a version. It takes effect where you switch it on.")).to_be_visible()

    def switch_on(self, how: str) -> None:
        self.page.get_by_role("button", name="Switch it on", exact=True).click()
        dialog = self.page.get_by_role("dialog", name=re.compile("^Switch on "))
        dialog.get_by_label(how).check()
        dialog.get_by_role("button", name="Switch it on").click()
        expect(dialog.get_by_text("It is on.")).to_be_visible()
        dialog.get_by_role("button", name="Close").click()
        expect(dialog).to_have_count(0)
