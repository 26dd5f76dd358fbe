"""The delivery log: found, looked at, sent again; and nothing that a receiver answers is anything but text."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from afterword import clock
from support.automation import Automation
from support.eventually import eventually
from support.receiver import receiving
from support.recorded import SECRET
from support.screens import Screens

pytestmark = pytest.mark.browser

NEW_YORK = ZoneInfo("America/New_York")
HOSTILE = (
    "<script>window.taken = 1</script>",
    "<img src=x onerror=window.taken=1>",
    "<svg/onload=window.taken=1>",
    "</pre></bdi></textarea><iframe srcdoc='<script>parent.taken=1</script>'></iframe>",
    "<a href='javascript:window.taken=1' autofocus onfocus=window.taken=1>press</a>",
    "<style>main { display: none }</style><base href='https://evil.example/'>",
    "{@html '<b>bold</b>'} {{constructor.constructor('window.taken=1')()}} ${window.taken=1}",
    "\u202e\u2066 right to left \U0001f4a5 \u0000\u001b[31m",
)
#: What of the above could do harm if it were more than text.
LIVE = "script, img, iframe, base, style, a[href^='javascript'], [onload], [onerror], [onfocus], b"


@pytest.fixture
def automation(screens: Screens) -> Automation:
    return Automation(screens)


def subscribed(automation: Automation, url: str, **values: Any) -> str:
    """The id of an endpoint that another program made."""
    made = automation.ask(
        "POST", "/webhook-endpoints", {"url": url, "secret": SECRET, "description": "my list", **values}
    )
    return str(made["id"])


def logged(automation: Automation, company: str = "Acme", **values: Any) -> None:
    automation.ask("POST", "/interviews", {"company": company, "starts_at": clock.now().isoformat(), **values})


def settled(automation: Automation, *states: str) -> list[dict[str, Any]]:
    """The log of the API once each delivery is in one of these states."""

    def listed() -> list[dict[str, Any]]:
        return list(automation.ask("GET", "/deliveries?limit=200")["items"])

    assert eventually(lambda: {each["state"] for each in listed()} == set(states)), listed()
    return listed()


def given_up(automation: Automation, endpoint_id: str) -> bool:
    """Whether the endpoint is disabled, as it is a moment after it answered 410."""
    return eventually(lambda: not automation.ask("GET", f"/webhook-endpoints/{endpoint_id}")["enabled"])


def chosen(page: Page, label: str) -> Locator:
    return page.get_by_role("main").get_by_label(label, exact=True)


def test_the_log_says_what_went_where_and_how_far_it_is(automation: Automation) -> None:
    automation.open_log()
    expect(automation.page.get_by_text("Nothing was sent yet.")).to_be_visible()
    with receiving(SECRET) as receiver:
        subscribed(automation, receiver.url, event_types=["interview.created"])
        logged(automation)
        settled(automation, "delivered")
    automation.page.keyboard.press("r")
    line = automation.deliveries()
    expect(line).to_have_count(1)
    expect(line).to_contain_text("An interview was logged")
    expect(line).to_contain_text("delivered")
    expect(line).to_contain_text("to my list")
    expect(line).to_contain_text("Acme")


def test_the_log_is_filtered_by_endpoint_state_type_and_time(automation: Automation) -> None:
    page = automation.page
    with receiving(SECRET) as well, receiving(SECRET, lambda _: (500, {}, b"")) as ill:
        first = subscribed(automation, well.url, event_types=["interview.created"], description="well")
        subscribed(automation, ill.url, event_types=["interview.created"], description="ill")
        logged(automation)
        settled(automation, "delivered", "retrying")
        automation.ask("POST", f"/webhook-endpoints/{first}/test")
        settled(automation, "delivered", "retrying")
    automation.open_log()
    expect(automation.deliveries()).to_have_count(3)
    page.get_by_text("Filter", exact=True).click()
    for label, value, count in (
        ("Endpoint", "well", 2),
        ("What happened", "A test", 1),
        ("State", "will be tried again", 0),
        ("What happened", "anything", 0),
        ("Endpoint", "any", 1),
        ("State", "any", 3),
    ):
        chosen(page, label).select_option(label=value)
        automation.press("Show")
        expect(automation.deliveries()).to_have_count(count)
    now = clock.now().astimezone(NEW_YORK)
    chosen(page, "From").fill(f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M}")
    automation.press("Show")
    expect(page.get_by_text("Nothing here fits.")).to_be_visible()
    chosen(page, "From").fill(f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    chosen(page, "Until").fill(f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M}")
    automation.press("Show")
    expect(automation.deliveries()).to_have_count(3)


def test_what_never_arrived_is_one_press_away(automation: Automation) -> None:
    with receiving(SECRET, lambda _: (410, {}, b"")) as receiver:
        endpoint_id = subscribed(automation, receiver.url, event_types=["interview.created"])
        logged(automation)
        settled(automation, "failed")
        assert given_up(automation, endpoint_id)
    with receiving(SECRET) as well:
        subscribed(automation, well.url, event_types=["interview.updated", "interview.created"])
        logged(automation)
        settled(automation, "failed", "delivered")
    automation.open_log()
    expect(automation.deliveries()).to_have_count(2)
    automation.page.get_by_label("Only what never arrived").check()
    expect(automation.deliveries()).to_have_count(1)
    expect(automation.deliveries()).to_contain_text("failed")


def test_older_deliveries_are_shown_when_asked_for(automation: Automation) -> None:
    subscribed(automation, "http://127.0.0.1:9/hook", event_types=["interview.created"], paused=True)
    for number in range(52):
        logged(automation, f"Company {number}")
    automation.open_log()
    expect(automation.deliveries()).to_have_count(50)
    automation.press("Show older ones")
    expect(automation.deliveries()).to_have_count(52)
    expect(automation.page.get_by_role("button", name="Show older ones")).to_have_count(0)


def test_one_delivery_shows_its_payload_and_each_attempt(automation: Automation) -> None:
    page = automation.page
    with receiving(SECRET, lambda n: (500 if n == 1 else 202, {"x-request": str(n)}, b"answer %d" % n)) as receiver:
        subscribed(automation, receiver.url, event_types=["interview.created"], headers={"X-Token": "of-mine"})
        logged(automation)
        settled(automation, "retrying")
        automation.open_log()
        page.get_by_role("link", name="An interview was logged").click()
        expect(page.get_by_role("heading", name="An interview was logged", level=1)).to_be_visible()
        expect(page.get_by_text("will be tried again")).to_be_visible()
        expect(automation.fact("Next try")).to_be_visible()
        settled(automation, "delivered")
        automation.press("Refresh")
        expect(page.get_by_text("delivered", exact=True)).to_be_visible()
        sent = receiver.ledger[-1]
    payload = page.get_by_role("group", name="What is sent").inner_text()
    assert json.loads(payload) == sent.payload
    attempts = automation.section("Attempts")
    expect(attempts.locator("summary").nth(0)).to_contain_text("answered 500 after")
    expect(attempts.locator("summary").nth(1)).to_contain_text("answered 202 after")
    expect(attempts.get_by_text("answer 2")).to_be_visible()
    expect(automation.fact("webhook-id").last).to_have_text(sent.id)
    expect(automation.fact("x-request").last).to_have_text("2")
    expect(automation.fact("X-Token").last).to_have_text("(not shown)")
    assert "of-mine" not in page.content()
    attempts.locator("summary").nth(0).click()
    expect(attempts.get_by_text("answer 1")).to_be_visible()


def test_one_delivery_is_sent_again_and_the_new_attempt_appears_by_itself(automation: Automation) -> None:
    with receiving(SECRET, lambda n: (410 if n == 1 else 200, {}, b"")) as receiver:
        endpoint_id = subscribed(automation, receiver.url, event_types=["interview.created"])
        logged(automation)
        [failed] = settled(automation, "failed")
        assert given_up(automation, endpoint_id)
        automation.page.goto(f"/automation/deliveries/{failed['id']}")
        expect(automation.page.get_by_text("failed", exact=True)).to_be_visible()
        automation.ask("PATCH", f"/webhook-endpoints/{endpoint_id}", {"enabled": True})
        automation.press("Send it again")
        expect(automation.page.get_by_text("delivered", exact=True)).to_be_visible()
        assert len(receiver.ledger) == 2
        assert len(receiver.ids) == 1
    expect(automation.section("Attempts").locator("summary").nth(1)).to_contain_text("replay 1")
    expect(automation.fact("Sent again")).to_have_text("once")


def test_what_cannot_be_sent_again_says_why(automation: Automation) -> None:
    with receiving(SECRET, lambda _: (410, {}, b"")) as receiver:
        endpoint_id = subscribed(automation, receiver.url, event_types=["interview.created"])
        logged(automation)
        [failed] = settled(automation, "failed")
        assert given_up(automation, endpoint_id)
    automation.page.goto(f"/automation/deliveries/{failed['id']}")
    automation.press("Send it again")
    expect(automation.page.get_by_role("alert")).to_contain_text("disabled")


def test_those_that_were_chosen_are_sent_again(automation: Automation) -> None:
    page = automation.page
    with receiving(SECRET) as receiver:
        subscribed(automation, receiver.url, event_types=["interview.created"])
        for company in ("Acme", "Globex", "Initech"):
            logged(automation, company)
        settled(automation, "delivered")
        automation.open_log()
        again = page.get_by_role("button", name=re.compile("Send again"))
        expect(again).to_be_disabled()
        for index in (0, 2):
            automation.deliveries().nth(index).get_by_role("checkbox").check()
        expect(again).to_have_text("Send again (2)")
        again.click()
        expect(page.get_by_text("2 are in the queue again.")).to_be_visible()
        assert receiver.wait_for(lambda: len(receiver.ledger) == 5, 10)
        page.get_by_label("Choose all").check()
        expect(again).to_have_text("Send again (3)")
    assert len(receiver.ids) == 3


def test_nothing_that_came_from_elsewhere_is_more_than_text(automation: Automation) -> None:
    page = automation.page
    everything = "\n".join(HOSTILE)
    headers = {
        "x-hostile": HOSTILE[0] + HOSTILE[1],
        "refresh": "0;url=https://evil.example",
        "content-type": "text/html",
    }
    with receiving(SECRET, lambda _: (500, headers, everything.encode())) as receiver:
        subscribed(
            automation,
            f'{receiver.url}?"><svg/onload=window.taken=1>',
            event_types=["interview.created"],
            description="".join(HOSTILE[:3]),
            headers={"X-Mine": HOSTILE[2]},
        )
        logged(automation, HOSTILE[0] + HOSTILE[1], people=[{"name": HOSTILE[2]}])
        [failed] = settled(automation, "retrying")
    body = everything.replace("\u0000", "\ufffd")
    page.goto(f"/automation/deliveries/{failed['id']}")
    assert page.get_by_role("group", name="Answer: body").text_content() == body
    expect(automation.fact("x-hostile")).to_have_text(headers["x-hostile"])
    shown = json.loads(page.get_by_role("group", name="What is sent").inner_text())
    assert shown["data"]["opportunity"]["company"] == HOSTILE[0] + HOSTILE[1]
    unharmed(page)
    for path in ("/automation/deliveries", "/automation", f"/automation/endpoints/{failed['endpoint_id']}"):
        page.goto(path)
        expect(page.get_by_role("main")).to_contain_text(HOSTILE[0])
        unharmed(page)
    automation.press("Change")
    expect(page.get_by_role("dialog").get_by_label("Description")).to_have_value("".join(HOSTILE[:3]))
    unharmed(page)


def unharmed(page: Page) -> None:
    """Nothing ran, nothing of it became an element, and the page is no wider than its window."""
    assert page.evaluate("window.taken ?? false") is False
    assert page.locator("main").locator(LIVE).count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_very_long_answer_is_bounded_on_the_screen(automation: Automation) -> None:
    with receiving(SECRET, lambda _: (200, {}, b"</pre>" * 4_000)) as receiver:
        subscribed(automation, receiver.url, event_types=["interview.created"])
        logged(automation)
        [sent] = settled(automation, "delivered")
    automation.page.goto(f"/automation/deliveries/{sent['id']}")
    body = automation.page.get_by_role("group", name="Answer: body")
    box = body.bounding_box()
    assert box is not None
    assert box["height"] < 400
    assert len(body.inner_text()) == 16 * 1024
    unharmed(automation.page)


def test_a_delivery_that_is_not_there_says_so(automation: Automation) -> None:
    automation.page.goto("/automation/deliveries/dlv_nobody")
    expect(automation.page.get_by_text("This delivery is not here. The log is kept for 30 days.")).to_be_visible()
