"""Keys and endpoints: made, shown once, tested, changed, rotated, paused, ended."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Locator, expect
from standardwebhooks import Webhook, WebhookVerificationError

from afterword import clock
from support.automation import Automation
from support.receiver import Received, Receiver, receiving
from support.recorded import SECRET
from support.screens import Screens
from support.server import Server
from support.sizes import on_a_phone

pytestmark = pytest.mark.browser

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def automation(screens: Screens) -> Automation:
    return Automation(screens)


def shell(lines: str) -> str:
    """What lines print in a shell, which must take each of them."""
    script = f"set -euo pipefail\n{lines}\n"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def verifies(received: Received, secret: str) -> bool:
    try:
        Webhook(secret).verify(received.body, received.headers)
    except WebhookVerificationError:
        return False
    return True


def newest(receiver: Receiver) -> Received:
    assert receiver.wait_for(lambda: bool(receiver.ledger), 10)
    return receiver.ledger[-1]


def choose_since(field: Locator, **ago: int) -> None:
    """By the wall clock of the browser."""
    field.fill(f"{clock.now().astimezone(NEW_YORK) - timedelta(**ago):%Y-%m-%dT%H:%M}")


def test_a_key_is_shown_once_with_a_request_that_works_until_it_is_revoked(automation: Automation) -> None:
    automation.open()
    page, keys = automation.page, automation.section("API keys")
    expect(keys).to_contain_text("No keys yet.")
    key = automation.make_key("my script")
    line = page.get_by_role("dialog").get_by_role("textbox", name="Try it in a shell:").input_value()
    assert key in line
    assert "actions" in json.loads(shell(line))
    page.get_by_role("button", name="I have copied it").click()
    assert key not in page.content()
    page.reload()
    expect(keys).to_contain_text("my script")
    expect(keys).to_contain_text("last used")
    assert key not in page.content()
    keys.get_by_role("button", name="Revoke my script").click()
    asked = page.get_by_role("dialog", name="Revoke this key?")
    expect(asked).to_contain_text("my script")
    asked.get_by_role("button", name="Revoke").click()
    expect(keys).to_contain_text("No keys yet.")
    assert json.loads(shell(line))["status"] == httpx.codes.UNAUTHORIZED


@on_a_phone
def test_a_key_that_is_shown_once_is_not_put_away_by_a_slip(automation: Automation) -> None:
    automation.open()
    key = automation.make_key("my script")
    for _ in range(3):
        automation.page.keyboard.press("Escape")
    dialog = automation.page.get_by_role("dialog", name="Your new key")
    dialog.get_by_role("button", name="Copy: Key").focus()
    assert dialog.get_by_label("Key", exact=True).input_value() == key
    dialog.get_by_role("button", name="I have copied it").click()
    expect(dialog).to_have_count(0)


def test_a_key_without_a_name_is_refused_at_its_field(automation: Automation) -> None:
    automation.open()
    automation.press("Make a key")
    dialog = automation.page.get_by_role("dialog")
    dialog.get_by_label("What is it for?").fill(" ")
    dialog.get_by_role("button", name="Make the key").click()
    expect(dialog.get_by_label("What is it for?")).to_have_attribute("aria-invalid", "true")


def test_an_endpoint_is_added_and_its_secret_and_headers_are_not_shown_again(automation: Automation) -> None:
    automation.screens.log("Acme", "Data engineer")
    automation.open()
    page = automation.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    dialog = automation.describe_endpoint("https://1.1.1.1/hook", "my list")
    what = dialog.get_by_role("group", name="What to tell")
    what.get_by_label("Only these").check()
    what.get_by_label("Something is overdue").check()
    dialog.get_by_text("States, opportunities and headers").click()
    about = dialog.get_by_role("group", name="About which opportunities").first
    about.get_by_label("Only these").check()
    about.get_by_label("Data engineer, Acme").check()
    dialog.get_by_label("Name").fill("Authorization")
    dialog.get_by_label("Value").fill("Bearer of-mine")
    dialog.get_by_role("button", name="Add the endpoint").click()
    shown = page.get_by_role("dialog", name="The secret of your endpoint")
    shown.get_by_role("button", name="Copy: Secret").click()
    expect(shown.get_by_role("status")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    secret = automation.shown_secret()
    assert secret.startswith("whsec_")
    assert copied == secret
    automation.open_endpoint("my list")
    expect(automation.fact("Tells of")).to_have_text("Something is overdue")
    expect(automation.fact("About")).to_have_text("one opportunity")
    expect(automation.fact("Headers")).to_have_text("Authorization")
    page.reload()
    expect(automation.fact("Headers")).to_have_text("Authorization")
    assert secret not in page.content()
    assert "of-mine" not in page.content()


@pytest.mark.parametrize(
    ("url", "words"),
    [("http://10.0.0.1/hook", "AFTERWORD_ALLOWED_NETWORKS"), ("ftp://example.com/", "Must begin with https://")],
)
def test_a_url_that_cannot_be_sent_to_is_refused_at_its_field_and_stays(
    automation: Automation, url: str, words: str
) -> None:
    automation.open()
    dialog = automation.describe_endpoint(url, "my list")
    dialog.get_by_role("button", name="Add the endpoint").click()
    expect(dialog.get_by_label("URL")).to_have_attribute("aria-invalid", "true")
    expect(dialog).to_contain_text(words)
    expect(dialog.get_by_label("URL")).to_have_value(url)
    expect(dialog.get_by_label("Description")).to_have_value("my list")


def test_what_was_not_chosen_is_asked_for_where_it_can_be_seen(automation: Automation) -> None:
    automation.open()
    dialog = automation.describe_endpoint("https://1.1.1.1/hook")
    dialog.get_by_role("group", name="What to tell").get_by_label("Only these").check()
    dialog.get_by_text("States, opportunities and headers").click()
    dialog.get_by_role("button", name="Add the endpoint").click()
    expect(dialog.get_by_text("Must not be empty.")).to_be_in_viewport()


def test_headers_that_cannot_be_sent_are_refused_at_their_fields(automation: Automation) -> None:
    automation.open()
    dialog = automation.describe_endpoint("https://1.1.1.1/hook")
    dialog.get_by_text("States, opportunities and headers").click()
    dialog.get_by_label("Name").fill("Connection")
    dialog.get_by_label("Value").fill("close")
    dialog.get_by_text("States, opportunities and headers").click()
    dialog.get_by_role("button", name="Add the endpoint").click()
    expect(dialog.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    expect(dialog).to_contain_text("Is set by the connection or by the sender; leave it out")


def test_the_outcome_of_a_test_appears_by_itself(automation: Automation) -> None:
    with receiving(SECRET) as receiver:
        receiver.secret = automation.endpoint(receiver.url)
        outcome = automation.test_outcome()
        expect(outcome).to_contain_text("It arrived: your endpoint answered 200")
        sent = newest(receiver).payload
    assert sent is not None
    assert (sent["type"], sent["data"]["test"]) == ("webhook.test", True)
    outcome.get_by_role("link", name="Look at it in the log").click()
    expect(automation.page.get_by_role("heading", name="A test", level=1)).to_be_visible()


def test_a_test_that_fails_says_why_and_when_it_is_tried_again(automation: Automation) -> None:
    with receiving(SECRET, lambda _: (500, {}, b"no")) as receiver:
        automation.endpoint(receiver.url)
        outcome = automation.test_outcome()
        expect(outcome).to_contain_text("Your endpoint answered 500")
    expect(outcome).to_contain_text("It is tried again on")
    expect(automation.page.get_by_text("On, but failing")).to_be_visible()
    expect(automation.page.get_by_text("Nothing has arrived since")).to_be_visible()


def test_a_test_where_nobody_answers_says_so(automation: Automation) -> None:
    with receiving(SECRET) as gone:
        url = gone.url
    automation.endpoint(url)
    expect(automation.test_outcome()).to_contain_text("It did not arrive: ")


def test_an_endpoint_that_answers_410_is_disabled_and_can_be_enabled_again(automation: Automation) -> None:
    with receiving(SECRET, lambda n: (410 if n == 1 else 200, {}, b"")) as receiver:
        automation.endpoint(receiver.url)
        expect(automation.test_outcome()).to_contain_text("answered 410")
        expect(automation.page.get_by_text("Disabled", exact=True)).to_be_visible()
        expect(automation.page.get_by_role("main")).to_contain_text(re.compile(r"Since .+: .*410"))
        automation.press("Enable it again")
        expect(automation.page.get_by_text("On", exact=True)).to_be_visible()
        expect(automation.test_outcome()).to_contain_text("It arrived")


def test_a_rotated_secret_is_shown_once_and_both_verify_for_a_while(automation: Automation) -> None:
    page = automation.page
    with receiving(SECRET) as receiver:
        first = automation.endpoint(receiver.url)
        automation.press("Rotate the secret")
        page.get_by_label("How many hours").fill("48")
        page.get_by_role("button", name="Make a new secret").click()
        expect(page.get_by_role("dialog")).to_contain_text("Until then the old one verifies too.")
        second = automation.shown_secret()
        expect(automation.fact("Secrets")).to_contain_text("2 at a time, until")
        assert second not in page.content()
        expect(automation.test_outcome()).to_contain_text("It arrived")
        assert [verifies(newest(receiver), each) for each in (first, second)] == [True, True]

        automation.press("Rotate the secret")
        page.get_by_label("How many hours").fill("0")
        page.get_by_role("button", name="Make a new secret").click()
        expect(page.get_by_role("dialog")).to_contain_text("the old one is of no use from this moment on")
        third = automation.shown_secret()
        receiver.ledger.clear()
        expect(automation.test_outcome()).to_contain_text("It arrived")
        assert [verifies(newest(receiver), each) for each in (second, third)] == [False, True]


def test_an_overlap_that_is_too_long_is_refused_at_its_field(automation: Automation) -> None:
    automation.endpoint("https://1.1.1.1/hook")
    automation.press("Rotate the secret")
    hours = automation.page.get_by_label("How many hours")
    hours.evaluate("field => field.removeAttribute('max')")
    hours.fill("169")
    automation.page.get_by_role("button", name="Make a new secret").click()
    expect(hours).to_have_attribute("aria-invalid", "true")


def test_an_endpoint_is_paused_goes_on_and_is_deleted_only_when_meant(automation: Automation) -> None:
    automation.endpoint("https://1.1.1.1/hook")
    page = automation.page
    automation.press("Pause")
    expect(page.get_by_text("Paused", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Send a test")).to_have_count(0)
    automation.press("Go on sending")
    expect(page.get_by_text("On", exact=True)).to_be_visible()
    automation.press("Delete")
    asked = page.get_by_role("dialog", name="Delete this endpoint?")
    asked.get_by_role("button", name="No, leave it").click()
    expect(page.get_by_role("heading", name="my list")).to_be_visible()
    automation.press("Delete")
    asked.get_by_role("button", name="Delete").click()
    expect(automation.section("Webhooks")).to_contain_text("No endpoints yet.")


def test_a_change_keeps_the_headers_unless_they_are_replaced(automation: Automation) -> None:
    automation.open()
    page = automation.page
    dialog = automation.describe_endpoint("https://1.1.1.1/hook", "my list")
    dialog.get_by_text("States, opportunities and headers").click()
    dialog.get_by_label("Name").fill("X-Room")
    dialog.get_by_label("Value").fill("9")
    dialog.get_by_role("button", name="Add the endpoint").click()
    automation.shown_secret()
    automation.open_endpoint("my list")
    automation.press("Change")
    expect(dialog).to_contain_text("X-Room. The values are kept and not shown.")
    dialog.get_by_label("Description").fill("another name")
    dialog.get_by_role("button", name="Save the endpoint").click()
    expect(page.get_by_role("heading", name="another name", level=1)).to_be_visible()
    expect(automation.fact("Headers")).to_have_text("X-Room")
    automation.press("Change")
    dialog.get_by_role("button", name="Replace all of them").click()
    dialog.get_by_label("Name").fill("X-Floor")
    dialog.get_by_role("button", name="Save the endpoint").click()
    expect(automation.fact("Headers")).to_have_text("X-Floor")


@pytest.mark.parametrize(
    ("choice", "kept"), [("Keep what is here", "of this tab"), ("Take the other", "of the other tab")]
)
def test_two_tabs_that_change_an_endpoint_are_told_and_nothing_is_lost(
    automation: Automation, choice: str, kept: str
) -> None:
    automation.endpoint("https://1.1.1.1/hook")
    endpoint_id = automation.page.url.rpartition("/")[2]
    automation.press("Change")
    dialog = automation.page.get_by_role("dialog")
    dialog.get_by_label("Description").fill("of this tab")
    automation.ask("PATCH", f"/webhook-endpoints/{endpoint_id}", {"description": "of the other tab"})
    dialog.get_by_role("button", name="Save the endpoint").click()
    conflict = dialog.get_by_role("alert")
    expect(conflict).to_contain_text("of this tab")
    expect(conflict).to_contain_text("of the other tab")
    conflict.get_by_role("button", name=choice).click()
    if choice == "Take the other":
        expect(dialog.get_by_label("Description")).to_have_value(kept)
        dialog.get_by_role("button", name="Save the endpoint").click()
    expect(automation.page.get_by_role("heading", name=kept, level=1)).to_be_visible()


def test_what_was_missed_while_an_endpoint_was_off_can_be_sent(automation: Automation) -> None:
    with receiving(SECRET) as receiver:
        receiver.secret = automation.endpoint(receiver.url)
        endpoint_id = automation.page.url.rpartition("/")[2]
        automation.ask("PATCH", f"/webhook-endpoints/{endpoint_id}", {"enabled": False})
        automation.ask("POST", "/interviews", {"company": "Acme", "starts_at": clock.now().isoformat()})
        automation.page.reload()
        missed = automation.section("Send what was missed")
        expect(missed).to_contain_text("Enable the endpoint first.")
        automation.press("Enable it again")
        choose_since(missed.get_by_label("Since when?"), hours=1)
        missed.get_by_role("button", name="Send it").click()
        expect(missed.get_by_role("status")).to_have_text(re.compile(r"Done: (one is|\d+ are) in the queue\."))
        assert receiver.wait_for(lambda: bool(receiver.ledger), 10)
    choose_since(missed.get_by_label("Since when?"), days=40)
    missed.get_by_role("button", name="Send it").click()
    expect(missed.get_by_label("Since when?")).to_have_attribute("aria-invalid", "true")
    expect(missed).to_contain_text("more than 30 days ago")


def test_every_line_for_programs_works_as_it_stands(automation: Automation, server: Server) -> None:
    automation.open()
    key = automation.make_key("a program")
    automation.page.get_by_role("button", name="I have copied it").click()
    programs = automation.section("For Zapier, n8n and scripts")
    programs.get_by_text("A program can do that by itself").click()
    fields = programs.get_by_role("textbox")
    lines = [fields.nth(number).input_value() for number in range(fields.count())]
    settings, me, subscribe, find, samples, unsubscribe, actions = lines
    assert f"api={server.url}/api/v1" in settings
    with receiving(SECRET) as receiver:
        known = settings.replace("key=…", f"key={key}").replace("https://example.com/afterword", receiver.url)
        assert json.loads(shell(f"{known}\n{me}"))["user"] is None
        made = json.loads(shell(f"{known}\n{subscribe}"))
        assert made["url"] == receiver.url
        assert json.loads(shell(f"{known}\n{find}"))["items"][0]["id"] == made["id"]
        assert {each["type"] for each in json.loads(shell(f"{known}\n{samples}"))} == {"action.opened"}
        assert shell(f"{known}\nendpoint={made['id']}\n{unsubscribe}") == ""
        assert json.loads(shell(f"{known}\n{find}"))["items"] == []
        assert "actions" in json.loads(shell(f"{known}\n{actions}"))


def test_whoever_comes_by_an_old_link_is_told_that_the_endpoint_is_gone(automation: Automation) -> None:
    automation.page.goto("/automation/endpoints/whe_nobody")
    expect(automation.page.get_by_text("This endpoint is not here. It may have been deleted.")).to_be_visible()
