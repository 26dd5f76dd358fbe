"""The page of the API's documentation, which needs no outside host."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_the_documentation_lists_the_api_and_its_operations_open(page: Page) -> None:
    page.goto("/docs/")
    expect(page.get_by_role("heading", name="Afterword")).to_be_visible()
    page.get_by_role("button", name="POST /api/v1/timelines Ask").click()
    expect(page.get_by_role("heading", name="Responses")).to_be_visible()
