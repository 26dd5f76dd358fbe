"""Writing a recap without a connection: it stays on the device, and is saved when the server is back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from support.device import ANSWERS, written
from support.eventually import eventually
from support.recap_page import CLICKED, DISCUSSED, KEPT, WENT_WELL, RecapPage, stored
from support.screens import PASSWORD, Met, Screens, watched_page
from support.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def shell() -> bool:
    return True


@pytest.fixture
def recap(screens: Screens) -> RecapPage:
    """The recap of an interview that has just ended, in an app that is on the device."""
    screens.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    screens.log("Acme", "Data engineer", Met("Ana Ruiz", "hiring manager"))
    expect(screens.card("Write down")).to_be_visible()
    page = RecapPage(screens)
    page.open()
    return page


@pytest.fixture
def stranger(browser: Browser, server: Server, size: tuple[int, int]) -> Iterator[Page]:
    with watched_page(browser, server.url, size) as page:
        yield page


def go_offline(recap: RecapPage) -> None:
    recap.page.context.set_offline(True)


def go_online(recap: RecapPage) -> None:
    recap.page.context.set_offline(False)


def go_to(recap: RecapPage, name: str) -> None:
    recap.page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()


def sign_out(page: Page) -> None:
    page.get_by_text("Account", exact=True).click()
    page.get_by_role("button", name="Sign out").click()


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def on_device(page: Page) -> list[str]:
    """The keys of everything in every database of the product's."""
    return list(
        page.evaluate(
            """async () => {
              const keys = [];
              for (const {name} of await indexedDB.databases()) {
                const opened = await new Promise((resolve) => {
                  const asking = indexedDB.open(name);
                  asking.onsuccess = () => resolve(asking.result);
                });
                for (const store of opened.objectStoreNames) {
                  keys.push(...await new Promise((resolve) => {
                    const asking = opened.transaction(store).objectStore(store).getAllKeys();
                    asking.onsuccess = () => resolve(asking.result);
                  }));
                }
                opened.close();
              }
              return keys;
            }"""
        )
    )


def test_typed_offline_and_saved_when_the_connection_is_back(recap: RecapPage) -> None:
    go_offline(recap)
    recap.write(DISCUSSED, "Pipelines")
    recap.expect_kept()
    recap.write(CLICKED, "Climbing")
    go_online(recap)
    recap.expect_saved()
    assert recap.stored() == {"discussed": "Pipelines", "clicked": "Climbing"}


def test_it_is_saved_from_any_other_page(recap: RecapPage) -> None:
    interview_id = recap.interview_id
    go_offline(recap)
    recap.write(DISCUSSED, "Pipelines")
    recap.expect_kept()
    go_to(recap, "Today")
    note = recap.page.get_by_role("list", name="Not saved yet")
    expect(note).to_contain_text("Your recap of Data engineer, Acme, round 1 is kept on this device")
    go_online(recap)
    expect(note).to_have_count(0)
    assert stored(recap.screens, interview_id) == {"discussed": "Pipelines"}


def test_opened_cold_and_offline_it_has_the_words_and_takes_more(recap: RecapPage) -> None:
    page = recap.page
    recap.write(DISCUSSED, "Pipelines")
    recap.expect_saved()
    go_offline(recap)
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("with Ana Ruiz")
    expect(recap.turn_to(DISCUSSED)).to_have_value("Pipelines")
    recap.write(WENT_WELL, "The case study")
    recap.expect_kept()
    page.reload()
    expect(recap.turn_to(WENT_WELL)).to_have_value("The case study")
    go_online(recap)
    recap.expect_saved()
    assert recap.stored() == {"discussed": "Pipelines", "went_well": "The case study"}


def test_a_recap_never_opened_before_can_be_begun_offline_from_today(screens: Screens) -> None:
    screens.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    screens.log("Acme", "Data engineer", Met("Ana Ruiz"))
    expect(screens.card("Write down")).to_be_visible()
    written(screens.page, ANSWERS)
    screens.page.context.set_offline(True)
    recap = RecapPage(screens)
    screens.page.reload()
    recap.open()
    expect(screens.page.get_by_role("main")).to_contain_text("with Ana Ruiz")
    recap.write(DISCUSSED, "Pipelines")
    recap.expect_kept()
    screens.page.context.set_offline(False)
    recap.expect_saved()
    assert recap.stored() == {"discussed": "Pipelines"}


def test_it_is_saved_at_the_next_opening_of_the_app(recap: RecapPage) -> None:
    interview_id, page = recap.interview_id, recap.page
    go_offline(recap)
    recap.write(DISCUSSED, "Pipelines")
    recap.expect_kept()
    later = page.context.new_page()
    page.close()
    go_online(recap)
    later.goto("/")
    assert eventually(lambda: stored(Screens(later), interview_id) == {"discussed": "Pipelines"})


def test_what_another_device_answered_meanwhile_is_shown_when_the_connection_is_back(recap: RecapPage) -> None:
    go_offline(recap)
    recap.write(DISCUSSED, "Pipelines")
    recap.expect_kept()
    recap.write_elsewhere(discussed="Warehouses")
    go_to(recap, "Today")
    go_online(recap)
    note = recap.page.get_by_role("list", name="Not saved yet")
    expect(note).to_contain_text("was also changed elsewhere")
    note.get_by_role("link", name="Look at it").click()
    both = recap.page.get_by_role("alert", name="This was changed elsewhere")
    expect(both).to_contain_text("Pipelines")
    expect(both).to_contain_text("Warehouses")
    both.get_by_role("button", name="Keep what is here").click()
    recap.expect_saved()
    assert recap.stored() == {"discussed": "Pipelines"}


def test_signing_out_asks_before_it_drops_words_that_only_the_device_has(recap: RecapPage) -> None:
    page = recap.page
    interview_id = recap.interview_id
    go_offline(recap)
    recap.write(DISCUSSED, "Pipelines")
    recap.expect_kept()
    sign_out(page)
    dialog = page.get_by_role("dialog", name="Some words are not saved yet")
    expect(dialog).to_contain_text("Data engineer, Acme, round 1")
    dialog.get_by_role("button", name="Remove them and sign out").click()
    expect(dialog.get_by_role("alert")).to_contain_text("could not be reached")
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(recap.turn_to(DISCUSSED)).to_have_value("Pipelines")
    go_online(recap)
    recap.expect_saved()
    assert stored(recap.screens, interview_id) == {"discussed": "Pipelines"}


def test_after_signing_out_nothing_is_left_on_the_device(recap: RecapPage) -> None:
    recap.write(DISCUSSED, "Pipelines")
    recap.expect_saved()
    assert len(on_device(recap.page)) >= 2
    sign_out(recap.page)
    expect(recap.page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert on_device(recap.page) == []


def test_words_are_never_sent_for_another_account(recap: RecapPage, stranger: Page) -> None:
    """One browser, two people: the second signs in where the first one's session has ended."""
    page, first = recap.page, recap.screens
    interview_id = recap.interview_id
    second = Screens(stranger)
    second.sign_up()
    go_offline(recap)
    recap.write(DISCUSSED, "Pipelines")
    recap.expect_kept()
    page.context.clear_cookies()
    asked: list[str] = []
    go_online(recap)
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    page.on("request", lambda request: asked.append(request.url) if request.method == "PUT" else None)
    sign_in(page, second.email)
    expect(page.get_by_role("heading", name="Recap")).to_be_visible()
    expect(page.get_by_text("This interview is not here.")).to_be_visible()
    assert asked == []
    sign_out(page)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(page, first.email)
    assert eventually(lambda: stored(first, interview_id) == {"discussed": "Pipelines"})


def test_a_session_that_ended_while_offline_is_asked_for_and_the_words_go_on(recap: RecapPage) -> None:
    go_offline(recap)
    recap.write(DISCUSSED, "Pipelines")
    recap.expect_kept()
    recap.page.context.clear_cookies()
    go_online(recap)
    dialog = recap.page.get_by_role("dialog", name="Sign in again")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    recap.expect_saved()
    assert recap.stored() == {"discussed": "Pipelines"}
    expect(recap.page.get_by_text(KEPT)).to_have_count(0)
