"""One browser for all tests; a page of its own, in an own window, for each."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.browser import chromium
from tests.web.showroom import Showroom, showroom


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        yield chromium(playwright)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A wide window; the test fails when the page complains in the console (as of its CSP)."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    # An answer of 4xx or a dead line is logged by the browser itself; tests bring them about.
    assert [
        line for line in complaints if not re.search(r"Failed to load resource|ERR_", line)
    ] == []


@pytest.fixture
def room() -> Iterator[Showroom]:
    """A server in the middle of a day."""
    with showroom() as room:
        yield room
