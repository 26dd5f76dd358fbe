"""The page on which somebody writes a recap, as they use it; on a phone it asks one question at a time."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, expect

from support.device import RECAPS, written
from support.screens import Screens

DISCUSSED = "What did you talk about?"
WENT_WELL = "What went well?"
ANSWER_BETTER = "What would you answer better now?"
AGAINST = "What speaks against it?"
CLICKED = "When did it click?"
STEPS = (DISCUSSED, WENT_WELL, ANSWER_BETTER, "What do they need?", "What speaks for the job?", CLICKED)
KEPT = "Kept on this device; it will be saved when there is a connection."


class RecapPage:
    def __init__(self, screens: Screens) -> None:
        self.screens = screens
        self.page = screens.page

    def open(self, number: int = 1) -> None:
        """From the card that asks for it."""
        self.screens.unfold("Write down").get_by_role("link", name=f"Recap of round {number}").click()
        self.is_shown()

    def is_shown(self) -> None:
        expect(self.page.get_by_role("heading", name="Recap", level=1)).to_be_visible()

    def asks(self, question: str) -> Locator:
        return self.page.get_by_role("textbox", name=question)

    def turn_to(self, question: str) -> Locator:
        """The field of a question, on whichever step it is."""
        field = self.page.get_by_label(question, exact=True)
        expect(self.page.get_by_role("main").get_by_role("textbox").first).to_be_visible()
        if not field.is_visible():
            self.page.get_by_role("button", name=re.compile(rf"^Question \d: .*{re.escape(question)}")).click()
        return field

    def write(self, question: str, text: str) -> None:
        self.turn_to(question).fill(text)

    def expect_saved(self) -> None:
        expect(self.page.get_by_text("Saved.", exact=True)).to_be_visible()

    def expect_kept(self) -> None:
        expect(self.page.get_by_text(KEPT)).to_be_visible()
        written(self.page, RECAPS)

    @property
    def interview_id(self) -> str:
        return self.page.url.split("/")[-2]

    def stored(self) -> dict[str, Any]:
        """What the server has, without what is empty; nothing where no recap was written."""
        return stored(self.screens, self.interview_id)

    def write_elsewhere(self, **answers: str) -> None:
        """As another device of the same person does."""
        answer = self.page.request.put(f"/api/v1/interviews/{self.interview_id}/recap", data=answers)
        assert answer.ok, answer.text()


def stored(screens: Screens, interview_id: str) -> dict[str, Any]:
    answer = screens.page.request.get(f"/api/v1/interviews/{interview_id}/recap")
    if answer.status == 404:
        return {}
    told = answer.json()
    return {name: told[name] for name in told if told[name] and not name.endswith(("_at", "_id"))}
