"""Whatever is typed anywhere is shown as text: nothing of it runs, asks for anything, or breaks a page's width."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

import afterword
from support import searching
from support.addresses import ADDRESSES, address, unfold_everything, visit
from support.hostile import REFUSED, VECTORS, filled, text_fields
from support.receiver import receiving
from support.screens import PASSWORD, Screens, watched_page
from support.searching import Search, told
from support.server import running_server

pytestmark = pytest.mark.browser
MOST_WAITS = 10
SIZES = ((1280, 900), (390, 844))
DOCUMENT = json.loads((Path(afterword.__file__).parents[2] / "openapi" / "openapi.json").read_text())
OPERATIONS = {
    operation["operationId"]: (method, path.removeprefix("/api/v1"), operation["requestBody"]["content"])
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if "application/json" in operation.get("requestBody", {}).get("content", {})
}
PERSON = {"name": "", "roles": ["interviewer"]}
FACTS = {
    "at": "2026-03-03T15:10:00-05:00",
    "opportunities": [
        {
            "key": "",
            "company": "",
            "people": [{"key": "", "name": ""}],
            "interviews": [{"key": "", "starts_at": "2026-03-03T14:00:00-05:00", "people": [""]}],
        }
    ],
}
#: A body with a place for every text of the operation, in the order in which they are sent.
BODIES: dict[str, dict[str, Any]] = {
    "create_interview": {"company": "", "ends_at": "", "people": [PERSON]},
    "change_interview": {"people": [PERSON]},
    "put_recap": {},
    "create_opportunity": {"company": "", "people": [PERSON]},
    "change_opportunity": {},
    "create_contact": {"name": ""},
    "change_contact": {},
    "create_touch": {"direction": "inbound"},
    "change_touch": {},
    "mark_action_done": {},
    "snooze_action": {"until": ""},
    "skip_action": {},
    "create_import": FACTS,
    "create_timeline": FACTS,
    "create_api_key": {"name": ""},
    "create_webhook_endpoint": {"paused": True},
    "change_webhook_endpoint": {},
    "change_me": {},
    "create_share": {"opportunity_id": None},
}
#: What they send is compared and not kept, but for a name, which `change_me` changes.
SENT_ONCE = {"create_account", "create_session"}


def test_every_request_that_holds_text_is_sent() -> None:
    with_text = {
        name
        for name, (_, _, content) in OPERATIONS.items()
        if list(text_fields(DOCUMENT, content["application/json"]["schema"]))
    }
    assert with_text - SENT_ONCE == BODIES.keys()


@dataclass(frozen=True)
class Hostile:
    """A search in which every text is hostile, and what became of each."""

    search: Search
    opportunities: dict[str, str]
    rounds: dict[str, str]


class Sender:
    """Sends one text through every field of the API."""

    def __init__(self, client: httpx.Client, ids: dict[str, str]) -> None:
        self.client, self.ids = client, ids

    def send(self, name: str, vector: str, **given: Any) -> httpx.Response:
        method, path, content = OPERATIONS[name]
        fields = list(text_fields(DOCUMENT, content["application/json"]["schema"]))
        body = filled({**BODIES[name], **given}, fields, vector)
        # As ASCII, so that what is no text at all can be sent too.
        sent = {"content": json.dumps(body), "headers": {"Content-Type": "application/json"}}
        answer = self.client.request(method, path.format(**self.ids), **sent)
        for _ in range(MOST_WAITS):
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            # So much is sent at once that somebody who plans may be in the way.
            time.sleep(float(answer.headers["retry-after"]))
            answer = self.client.request(method, path.format(**self.ids), **sent)
        return answer

    def everywhere(self, vector: str, hook: str) -> dict[str, str]:
        """The ids that the text has got."""
        now = {"ends_at": searching.interviews()["acme"]["ends_at"]}
        interview = told(self.send("create_interview", vector, **now))
        person = interview["people"][0]["contact_id"]
        self.ids |= {
            "interview_id": interview["id"],
            "opportunity_id": interview["opportunity_id"],
            "contact_id": person,
        }
        told(self.send("put_recap", vector))
        about = {"opportunity_id": interview["opportunity_id"], "contact_id": person}
        self.ids["touch_id"] = told(self.send("create_touch", vector, **about))["id"]
        self.ids["endpoint_id"] = told(self.send("create_webhook_endpoint", vector, url=f"{hook}?{len(self.ids)}"))[
            "id"
        ]
        query = {"interview_id": interview["id"], "state": "open"}
        for action, name in zip(told(self.client.get("/next-actions", params=query))["actions"], MARKS, strict=False):
            self.ids["action_id"] = action["id"]
            until = {"until": "2099-01-01T00:00:00Z"} if name == "snooze_action" else {}
            refusal = self.send(name, vector, **until)
            assert refusal.status_code in (200, 422), refusal.text
        for name in (
            "create_opportunity",
            "create_contact",
            "create_import",
            "create_timeline",
            "create_api_key",
            "create_share",
        ):
            told(self.send(name, f"{vector[:80]} {name}"))
        for name in CHANGES:
            told(self.send(name, vector))
        return dict(self.ids)


CHANGES = (
    "change_opportunity",
    "change_interview",
    "change_contact",
    "change_touch",
    "change_webhook_endpoint",
)
MARKS = ("mark_action_done", "skip_action", "snooze_action")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    settings = {"AFTERWORD_REGISTRATION": "open", "AFTERWORD_ALLOWED_NETWORKS": "127.0.0.0/8"}
    with (
        receiving("unread") as receiver,
        running_server(tmp_path_factory.mktemp("hostile"), settings=settings) as server,
    ):
        search = searching.begin(server.url, "hostile@mail.example", receiver.url)
        with httpx.Client(base_url=f"{server.url}/api/v1", timeout=60, trust_env=False) as client:
            told(client.post("/sessions", json={"email": search.email, "password": PASSWORD}))
            told(client.patch(f"/webhook-endpoints/{search.ids['endpoint']}", json={"paused": True}))
            # Before there is much that would have to be planned anew.
            for vector in VECTORS.values():
                told(Sender(client, {}).send("change_me", vector))
            ids = {name: Sender(client, {}).everywhere(vector, receiver.url) for name, vector in VECTORS.items()}
        yield Hostile(
            search,
            {name: each["opportunity_id"] for name, each in ids.items()},
            {name: each["interview_id"] for name, each in ids.items()},
        )


@pytest.fixture(scope="module")
def shown(browser: Browser, hostile: Hostile) -> Iterator[Page]:
    """One browser for all of it, in which a dialog is a fault."""
    with watched_page(browser, hostile.search.url, SIZES[0]) as page:
        opened: list[str] = []

        def refuse(dialog: Any) -> None:
            opened.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", refuse)
        Screens(page, hostile.search.email).sign_in()
        yield page
        assert opened == []


def assert_harmless(page: Page) -> None:
    unfold_everything(page)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        scrolled = page.evaluate("document.documentElement.scrollWidth")
        assert scrolled <= page.evaluate("document.documentElement.clientWidth"), f"wider than {width} px"
    assert page.evaluate("'hostile' in window || 'hostile' in {}") is False
    expect(page.get_by_role("main")).to_be_visible()


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_screen_shows_it_as_text(shown: Page, hostile: Hostile, name: str) -> None:
    visit(shown, address(name, hostile.search))
    assert_harmless(shown)


@pytest.mark.parametrize("name", VECTORS)
def test_each_text_is_its_opportunitys_name_and_nothing_else(shown: Page, hostile: Hostile, name: str) -> None:
    visit(shown, f"/opportunities/{hostile.opportunities[name]}")
    said = VECTORS[name].strip()[:200]
    heading = shown.get_by_role("heading", level=1)
    assert "".join((heading.text_content() or "").split()) == "".join(said.split())
    assert_harmless(shown)


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_screen_could_show_is_refused_in_words(hostile: Hostile, name: str) -> None:
    with httpx.Client(base_url=f"{hostile.search.url}/api/v1", timeout=30, trust_env=False) as client:
        told(client.post("/sessions", json={"email": hostile.search.email, "password": PASSWORD}))
        refusal = Sender(client, {}).send("create_contact", REFUSED[name])
    assert refusal.status_code in (400, 422), refusal.text
    assert refusal.headers["content-type"] == "application/problem+json"
