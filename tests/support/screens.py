"""What people do on the screens, in their words, for the browser tests and the pictures of the documentation."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, StorageState, expect

PASSWORD = "a long enough password"
_numbers = itertools.count(1)
#: What Chromium itself writes to the console for an answer that the page asked for and handles.
_HANDLED = (
    "Service Worker registration blocked by Playwright",
    "status of 401",
    "status of 403",
    "status of 404",
    "status of 409",
    "status of 412",
    "status of 422",
    "ERR_INTERNET_DISCONNECTED",
    "ERR_CONNECTION_",
    "ERR_EMPTY_RESPONSE",
)


@dataclass(frozen=True)
class Met:
    """Somebody in the log form."""

    name: str
    role: str = "interviewer"
    email: str = ""


@contextmanager
def watched_page(
    browser: Browser,
    url: str,
    size: tuple[int, int],
    *,
    zone: str = "America/New_York",
    scheme: Literal["light", "dark"] = "light",
    state: StorageState | None = None,
    shell: bool = False,
) -> Iterator[Page]:
    """A page in a browser of its own, which may not write errors to its console nor ask anything of another host. Its
    `state` is what another one kept, so that nobody need sign in. With `shell` it keeps the app on the device, as every
    browser does; without, a test is spared that all of it is fetched."""
    width, height = size
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": height},
        timezone_id=zone,
        locale="en-GB",
        color_scheme=scheme,
        storage_state=state,
        service_workers="allow" if shell else "block",
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    faults: list[str] = []
    page.on("console", lambda message: _note_message(faults, message))
    page.on("pageerror", lambda error: faults.append(str(error)))
    context.on("request", lambda request: _note_request(faults, request, url))
    yield page
    context.close()
    if faults:
        raise AssertionError("\n".join(faults))


def _note_message(faults: list[str], message: ConsoleMessage) -> None:
    if message.type in ("error", "warning") and not any(handled in message.text for handled in _HANDLED):
        faults.append(message.text)


def _note_request(faults: list[str], request: Request, url: str) -> None:
    if urlsplit(request.url).netloc != urlsplit(url).netloc:
        faults.append(f"asked for {request.url}")


class Screens:
    """The screens of one page, used as somebody would use them."""

    def __init__(self, page: Page, email: str = "") -> None:
        self.page = page
        self.email = email or f"person{next(_numbers)}@mail.example"

    def sign_up(self) -> None:
        self.page.goto("/")
        self.page.get_by_label("E-mail").fill(self.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Create your account").click()
        expect(self.page.get_by_role("heading", name="Today")).to_be_visible()

    def begin(self) -> None:
        """As after signing up, without the way there."""
        zone = self.page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
        account = {"email": self.email, "password": PASSWORD, "time_zone": zone}
        assert self.page.request.post("/api/v1/accounts", data=account).status == HTTPStatus.CREATED
        self.page.add_init_script("if (location.host) localStorage['afterword.signed-in'] ??= 'yes'")
        self.page.goto("/")
        expect(self.page.get_by_role("heading", name="Today")).to_be_visible()

    def sign_in(self) -> None:
        self.page.goto("/")
        self.page.get_by_role("button", name="I have an account").click()
        self.page.get_by_label("E-mail").fill(self.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", name="Today")).to_be_visible()

    def open_log(self) -> None:
        self.page.get_by_role("navigation").get_by_role("link", name="Log an interview").click()
        expect(self.page.get_by_role("heading", name="Log an interview")).to_be_visible()

    def fill_log(self, company: str, role: str, *people: Met) -> None:
        self.page.get_by_label("Company").fill(company)
        self.page.get_by_label("Role").first.fill(role)
        for index, met in enumerate(people):
            if index:
                self.page.get_by_role("button", name="Add a person").click()
            self.page.get_by_label("Name").nth(index).fill(met.name)
            self.page.get_by_label("Role").nth(index + 1).select_option(label=met.role)
            self.page.get_by_label("E-mail").nth(index).fill(met.email)

    def set_time(self, starts: datetime) -> None:
        """By the wall clock of the browser."""
        self.page.get_by_label("At another time").check()
        self.page.get_by_label("Start").fill(f"{starts:%Y-%m-%dT%H:%M}")

    def promise(self, when: str, day: date | None = None) -> None:
        """When they said they would decide, in the words of its choices."""
        self.page.get_by_role("group", name="When will they decide?").get_by_label(when).check()
        if day is not None:
            self.page.get_by_label("The date they named").fill(f"{day:%Y-%m-%d}")

    def open_invitation(self) -> Locator:
        """The place for a calendar invitation in the log form; its field."""
        self.page.get_by_text("From a calendar invitation").click()
        return self.page.get_by_label("Text of the invitation")

    def drop(self, text: str, name: str = "invite.ics") -> None:
        """A file dropped on the page, as from a desk."""
        made = """([text, name]) => {
            const dropped = new DataTransfer();
            dropped.items.add(new File([text], name, { type: "text/calendar" }));
            return dropped;
        }"""
        dropped = self.page.evaluate_handle(made, [text, name])
        self.page.dispatch_event("main h1", "dragover", {"dataTransfer": dropped})
        self.page.dispatch_event("main h1", "drop", {"dataTransfer": dropped})

    def save(self) -> None:
        """Sends the form; whether it is accepted is the caller's to look for."""
        self.page.get_by_role("button", name="Save").click()

    def saved(self) -> None:
        self.save()
        expect(self.page.get_by_role("heading", name="Today")).to_be_visible()

    def log(self, company: str, role: str, *people: Met) -> None:
        self.open_log()
        self.fill_log(company, role, *people)
        self.saved()

    def open_opportunities(self) -> None:
        self.page.get_by_role("navigation").get_by_role("link", name="Opportunities").click()
        expect(self.page.get_by_role("heading", name="Opportunities", level=1)).to_be_visible()

    def open_opportunity(self, company: str) -> None:
        self.open_opportunities()
        self.page.get_by_role("main").get_by_role("listitem").filter(has_text=company).get_by_role("link").click()
        expect(self.page.get_by_role("heading", name=company, level=1)).to_be_visible()

    def card(self, title: str) -> Locator:
        return self.page.get_by_role("article").filter(has=self.page.get_by_role("heading", name=title))

    def unfold(self, title: str) -> Locator:
        """A card with all that it says, whether it is the open one or a line."""
        card = self.card(title)
        if not card.locator("details").first.evaluate("fold => fold.open"):
            card.locator("summary").first.click()
        return card

    def row(self, title: str) -> Locator:
        """Something to come, or put aside: a line that unfolds."""
        return self.page.locator("details[data-action]").filter(has_text=title)
