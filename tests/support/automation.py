"""What people do on the automation screens, in their words."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from support.screens import Screens


class Automation:
    """The screens for keys, endpoints and deliveries, used as somebody would use them."""

    def __init__(self, screens: Screens) -> None:
        self.page: Page = screens.page
        self.screens = screens

    def open(self) -> None:
        """By the account menu."""
        self.page.get_by_text("Account", exact=True).click()
        self.page.get_by_role("link", name="Automation").click()
        expect(self.page.get_by_role("heading", name="Automation", level=1)).to_be_visible()

    def section(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name)

    def make_key(self, name: str) -> str:
        """The key, as it is shown; the dialog is left open."""
        self.page.get_by_role("button", name="Make a key").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("What is it for?").fill(name)
        dialog.get_by_role("button", name="Make the key").click()
        expect(dialog.get_by_role("heading", name="Your new key")).to_be_visible()
        return dialog.get_by_label("Key", exact=True).input_value()

    def describe_endpoint(self, url: str, description: str = "") -> Locator:
        """Opens the form and fills in what nearly everybody does."""
        self.page.get_by_role("button", name="Add an endpoint").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("URL").fill(url)
        dialog.get_by_label("Description").fill(description)
        return dialog

    def shown_secret(self) -> str:
        """Reads the secret that is shown, and closes the dialog that shows it."""
        dialog = self.page.get_by_role("dialog", name="The secret of your endpoint")
        secret = dialog.get_by_label("Secret", exact=True).input_value()
        dialog.get_by_role("button", name="I have copied it").click()
        expect(dialog).to_have_count(0)
        return secret

    def add_endpoint(self, url: str, description: str) -> str:
        """The secret of an endpoint that is told everything."""
        self.describe_endpoint(url, description).get_by_role("button", name="Add the endpoint").click()
        return self.shown_secret()

    def open_endpoint(self, description: str) -> None:
        self.section("Webhooks").get_by_role("link", name=description).click()
        expect(self.page.get_by_role("heading", name=description, level=1)).to_be_visible()

    def endpoint(self, url: str, description: str = "my list") -> str:
        """Adds an endpoint and opens its page; its secret."""
        self.open()
        secret = self.add_endpoint(url, description)
        self.open_endpoint(description)
        return secret

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name).click()

    def test_outcome(self) -> Locator:
        """Sends a test; what is told of it."""
        self.press("Send a test")
        return self.page.get_by_role("status").filter(has_text="Test:")

    def fact(self, name: str) -> Locator:
        """What stands beside a name."""
        return self.page.locator("dl > div").filter(has=self.page.get_by_text(name, exact=True)).locator("dd")

    def deliveries(self) -> Locator:
        """The lines of the log."""
        return self.page.get_by_role("main").get_by_role("listitem")

    def open_log(self) -> None:
        self.page.goto("/automation/deliveries")
        expect(self.page.get_by_role("heading", name="Delivery log")).to_be_visible()

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Has the API do something in the name of whoever is signed in, as another tab would."""
        origin = self.page.evaluate("location.origin")
        told = self.page.request.fetch(
            f"/api/v1{path}", method=method, data=body, headers={"Origin": origin, "Content-Type": "application/json"}
        )
        assert told.ok, told.text()
        return dict(told.json()) if told.status != 204 else {}
