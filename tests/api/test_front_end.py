"""The built front end, served beside the API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from afterword.api.app import create_app
from afterword.config import Settings
from afterword.storage.database import open_database
from support.served import client_of


@pytest.fixture
def built(tmp_path: Path) -> Path:
    directory = tmp_path / "dist"
    for name, text in {
        "index.html": "<!doctype html><title>Afterword</title>",
        "assets/index-1a2b.js": "start()",
        "docs/index.html": "<!doctype html><title>API</title>",
    }.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    return directory


@pytest.fixture
def browser(database_url: str, tmp_path: Path, built: Path) -> Iterator[httpx.Client]:
    database = open_database(database_url)
    app = create_app(Settings(database_url=database_url, data_dir=tmp_path), database, built=built)
    with client_of(app) as client:
        client.headers["Accept"] = "text/html"
        yield client
    database.engine.dispose()


@pytest.mark.parametrize("path", ["/", "/opportunities/opp_1", "/log"])
def test_every_view_has_an_address(browser: httpx.Client, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200
    assert "<title>Afterword</title>" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


def test_the_docs_are_a_page_of_their_own(browser: httpx.Client) -> None:
    answer = browser.get("/docs", follow_redirects=True)
    assert "<title>API</title>" in answer.text
    assert "style-src 'self' 'unsafe-inline'" in answer.headers["content-security-policy"]


def test_what_never_changes_is_kept_for_good(browser: httpx.Client) -> None:
    assert "immutable" in browser.get("/assets/index-1a2b.js").headers["cache-control"]
    missing = browser.get("/assets/gone.js", headers={"Accept": "*/*"})
    assert missing.status_code == 404
    assert "immutable" not in missing.headers["cache-control"]


@pytest.mark.parametrize("path", ["/../index.html", "/%2e%2e/dist/index.html", "/..%2f..%2fetc/passwd", "/%00"])
def test_nothing_else_is_served(browser: httpx.Client, path: str) -> None:
    answer = browser.get(path, headers={"Accept": "*/*"})
    assert answer.status_code in (404, 200)
    assert "root:" not in answer.text


def test_an_unknown_address_of_the_api_is_a_problem_and_no_page(browser: httpx.Client) -> None:
    answer = browser.get("/api/v1/nothing", headers={"Accept": "*/*"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_every_answer_has_the_headers_that_keep_browsers_safe(browser: httpx.Client) -> None:
    for path in ("/", "/api/v1/me", "/health/live", "/nowhere.js"):
        headers = browser.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_the_contract_is_served(browser: httpx.Client) -> None:
    assert browser.get("/api/v1/openapi.json").json()["info"]["title"] == "Afterword"
