"""One opportunity's page, used as somebody would use it."""

from __future__ import annotations

from datetime import datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from afterword import clock
from support.screens import Met, Screens

ANA = Met("Ana Ruiz", "hiring manager", "ana@acme.example")


class OneOpportunity:
    """The page of an opportunity whose only round was two days ago."""

    def __init__(self, screens: Screens, *people: Met, company: str = "Acme") -> None:
        self.screens, self.page, self.company = screens, screens.page, company
        screens.open_log()
        screens.fill_log(company, "Data engineer", *(people or (ANA,)))
        screens.set_time(clock.now() - timedelta(days=2))
        screens.saved()
        screens.open_opportunity(company)

    @property
    def id(self) -> str:
        return self.page.url.rsplit("/", 1)[-1]

    def region(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name)

    def dialog(self, name: str) -> Locator:
        return self.page.get_by_role("dialog", name=name)

    def press(self, name: str, where: Locator | None = None) -> None:
        (where or self.page).get_by_role("button", name=name, exact=True).click()

    def messages(self) -> Locator:
        return self.region("Messages").get_by_role("listitem")

    def open_elsewhere(self) -> OneOpportunity:
        """The same page in another tab of the same browser."""
        other = object.__new__(OneOpportunity)
        page = self.page.context.new_page()
        page.set_default_timeout(10_000)
        page.goto(self.page.url)
        expect(page.get_by_role("heading", name=self.company, level=1)).to_be_visible()
        other.screens, other.page, other.company = Screens(page, self.screens.email), page, self.company
        return other

    def record_reply(self, when: datetime | None = None, **fields: str) -> None:
        self.press("Record a reply")
        dialog = self.dialog("They wrote or called")
        for label, value in fields.items():
            dialog.get_by_label(label.replace("_", " ")).fill(value)
        if when:
            dialog.get_by_label("When", exact=True).fill(f"{when:%Y-%m-%dT%H:%M}")
        dialog.get_by_role("button", name="Save the reply").click()


def lines(page: Page) -> list[str]:
    """The rows of the picture, as they are read aloud."""
    return page.get_by_role("region", name="The timeline").get_by_role("listitem").all_inner_texts()
