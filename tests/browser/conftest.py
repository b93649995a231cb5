"""A real Chromium, without JavaScript and without the network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, Route, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-dev-shm-usage",
]


def chromium() -> str:
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on the PATH, and continuous integration must have one", pytrace=False)
        pytest.skip("NO BROWSER WAS TESTED: put chromium on the PATH (apt-get install chromium)")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Without JavaScript, and with every request to elsewhere recorded as an error."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1200, "height": 900})
    context.set_default_timeout(20_000)
    elsewhere: list[str] = []

    def watch(route: Route, request: Request) -> None:
        if not request.url.startswith("http://127.0.0.1:"):
            elsewhere.append(request.url)
        route.continue_()

    context.route("**/*", watch)
    yield context.new_page()
    context.close()
    assert elsewhere == []
