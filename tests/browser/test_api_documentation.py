"""The page of the API's documentation, which needs no outside host."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_the_documentation_lists_the_api_and_its_operations_open(page: Page) -> None:
    page.goto("/docs/")
    expect(page.get_by_role("heading", name="Afterword")).to_be_visible()
    page.locator("#operations-timelines-create_timeline, [id*=create_timeline]").first.click()
    expect(page.get_by_text("application/json").first).to_be_visible()
