"""A page used with the keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Page

#: More stops than any page of ours has before the one that is looked for.
MOST_STOPS = 80
FOCUSED = """() => {
    const at = document.activeElement;
    const words = at?.getAttribute("aria-label") ?? at?.labels?.[0]?.innerText ?? at?.innerText ?? "";
    return words.trim().split("\\n")[0];
}"""


class Keyboard:
    """Whose hands never leave the keys."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def focused(self) -> str:
        """The first line of the words of what has the focus."""
        return str(self.page.evaluate(FOCUSED))

    def tab_to(self, words: str) -> None:
        """Goes on until what begins with these words has the focus."""
        for _ in range(MOST_STOPS):
            self.press("Tab")
            if self.focused().startswith(words):
                return
        raise AssertionError(f"nobody comes to {words!r} with the Tab key")

    def type(self, words: str, text: str) -> None:
        """Fills the field of that label."""
        self.tab_to(words)
        self.page.keyboard.type(text)
