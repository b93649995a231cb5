"""The pages in a real Chromium."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live import Service, run

pytestmark = pytest.mark.browser

HOSTILE = """<script>document.title = 'owned'</script>

“<img src=x onerror="document.title='owned'"> stays </mark><script>1</script>,” Ana <b>Ruiz</b> said on Monday.
"""


@pytest.fixture(scope="module")
def hostile_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """An archive whose only article is an attack."""
    folder = tmp_path_factory.mktemp("hostile")
    record = {"id": "x<&>\"'", "title": "</title><script>document.title = 'owned'</script>", "outlet": "<b>Out</b>",
              "text": HOSTILE, "url": "javascript:alert(1)"}  # fmt: skip
    (folder / "a.jsonl").write_text(json.dumps(record), encoding="utf-8")
    store = f"sqlite:{folder}/archive.sqlite"
    assert run("index", str(folder / "a.jsonl"), "--store", store).returncode == 0
    service = Service(store, folder / "log")
    yield service
    service.stop()


def test_a_question_typed_into_the_box_is_answered_without_javascript(page: Page, service: Service) -> None:
    page.goto(service.url)
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_role("searchbox").fill("who called it barbaric")
    page.keyboard.press("Enter")
    first = page.locator("article.card").first
    expect(first.get_by_role("heading")).to_contain_text("Maria Zakharova")
    expect(first.locator("mark").first).to_contain_text("barbaric")
    assert "q=who+called+it+barbaric" in page.url


def test_the_first_page_says_what_is_indexed_and_what_one_may_ask(page: Page, service: Service) -> None:
    page.goto(service.url)
    expect(page.locator(".indexed")).to_contain_text(re.compile(r"\d+ articles of \d+ outlets\s+with \d+ statements"))
    page.locator(".examples a").first.click()
    expect(page.locator("article.card").first).to_be_visible()


def test_a_facet_narrows_and_its_chip_takes_it_off_again(page: Page, service: Service) -> None:
    page.goto(f"{service.url}/?q=safe+zones")
    before = page.locator(".found").inner_text()
    facet = page.get_by_role("region", name="Narrow down").get_by_role("link", name=re.compile("Sergey Lavrov")).first
    count = re.search(r"\d+", facet.inner_text())
    assert count is not None
    facet.click()
    expect(page.locator(".found")).to_contain_text(f"{count.group()} statement")
    page.locator(".chips a").first.click()
    expect(page.locator(".found")).to_have_text(before)


def test_a_hit_leads_to_its_statement_in_the_whole_article(page: Page, service: Service) -> None:
    page.goto(f"{service.url}/?q=barbaric")
    page.locator("article.card .from a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    target = page.locator(":target")
    expect(target).to_be_in_viewport()
    expect(target).to_contain_text("Zakharova")


def test_more_results_follow_until_there_are_no_more(page: Page, service: Service) -> None:
    page.goto(f"{service.url}/?q=&in=paragraphs")
    seen = page.locator("article.card").count()
    while page.get_by_role("link", name="More results").count():
        with page.expect_navigation():  # a click alone does not wait for the next page
            page.get_by_role("link", name="More results").click()
        seen += page.locator("article.card").count()
    total = re.search(r"[\d,]+", page.locator(".found").inner_text())
    assert total is not None
    assert seen == int(total.group().replace(",", ""))


def test_what_cannot_be_asked_is_told_on_a_page(page: Page, service: Service) -> None:
    response = page.goto(f"{service.url}/?after=yesterday")
    assert response is not None
    assert response.status == 400
    expect(page.get_by_role("alert")).to_contain_text("after")
    page.get_by_role("link", name="Back to the search").click()
    expect(page.get_by_role("searchbox")).to_be_visible()


def test_the_keyboard_reaches_content_box_and_results_in_order(page: Page, service: Service) -> None:
    page.goto(f"{service.url}/speakers")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.goto(f"{service.url}/?q=ferry")
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Search")).to_be_focused()


@pytest.mark.parametrize("width", [320, 768, 1400])
@pytest.mark.parametrize("path", ["/", "/?q=safe+zones", "/speakers", "article"])
def test_no_page_is_wider_than_its_window(browser: Browser, service: Service, path: str, width: int) -> None:
    if path == "article":
        path = f"/articles/{service.client.get('/v1/search').json()['hits'][0]['article']['id']}"
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{service.url}{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_headings_and_landmarks_are_there_for_a_screen_reader(page: Page, service: Service) -> None:
    page.goto(f"{service.url}/?q=ferry")
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("search")).to_have_count(1)
    expect(page.get_by_role("status")).to_have_count(1)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("input:not([type=hidden]), select").evaluate_all("all => all.length") >= 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_in_dark(browser: Browser, service: Service, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{service.url}/?q=barbaric")
    for selector in ("blockquote", "blockquote mark", ".card h3", ".tags", ".from", ".facets a", ".found"):
        assert page.evaluate(CONTRAST, selector) >= 4.5, (scheme, selector)
    context.close()


CONTRAST = """selector => {  // WCAG 2.2 contrast of the first match against the nearest background behind it
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const element = document.querySelector(selector);
  const ink = light(numbers(getComputedStyle(element).color));
  let behind = element;
  const fill = () => numbers(getComputedStyle(behind).backgroundColor);
  const filled = () => fill().length < 4 || fill()[3] > 0;
  while (!filled() && behind.parentElement) behind = behind.parentElement;
  const paper = light(fill());
  return (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05);
}"""


def test_an_articles_text_never_becomes_part_of_the_page(browser: Browser, hostile_service: Service) -> None:
    context = browser.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    for path in ("/", "/?q=stays", "/articles/x%3C%26%3E%22%27", "/speakers"):
        response = page.goto(f"{hostile_service.url}{path}")
        assert response is not None
        assert response.status == 200, path
        assert page.title() != "owned"
        assert page.locator("script, img, title b, .outlet b, a[href^='javascript']").count() == 0
    page.goto(f"{hostile_service.url}/?q=stays")
    expect(page.locator("blockquote").first).to_contain_text("<img src=x onerror=\"document.title='owned'\"> stays")
    assert faults == []
    context.close()
