"""The page of the quote check in a real Chromium."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.live import Service

pytestmark = pytest.mark.browser

DRAFT = """Oskar Feld said: “I wrote that it would fall down and that it should not be used.”

Kari Sunde said: “Nobody on the islands should have to plan an illness around a timetable.”

Henrik Aas said: “A promise about a dividend is a promise about debt.”

Maria Zakharova said: “Every lighthouse deserves an orchestra of geese.”
"""


def checked(page: Page, service: Service, draft: str) -> None:
    page.goto(service.url)
    page.get_by_role("link", name="Check a draft").click()
    page.get_by_label("Paste the draft").fill(draft)
    page.get_by_role("button", name="Check the quotations").click()
    expect(page.locator(".found")).to_contain_text("looked up in")


def test_a_pasted_draft_is_answered_with_a_verdict_for_each_quotation(page: Page, service: Service) -> None:
    checked(page, service, DRAFT)
    expect(page.locator("article.verdict .badge")).to_have_text(
        ["Altered", "Said by somebody else", "Verbatim", "Not found"]
    )
    expect(page.locator(".draft .words")).to_contain_text("Every lighthouse deserves an orchestra of geese.")
    expect(page.get_by_label("Another draft")).to_have_value(DRAFT)


def test_a_dropped_negation_is_shown_where_it_was_dropped_and_loudly(page: Page, service: Service) -> None:
    checked(page, service, DRAFT)
    card = page.locator("#q-1")
    expect(card.get_by_role("note")).to_contain_text("leaves out a negation")
    expect(card.locator("del")).to_contain_text("not")
    expect(card.locator("blockquote.ours")).to_have_text(re.compile(r"I wrote that it would .*not.* fall down"))


def test_another_speaker_is_named_and_leads_to_what_else_he_said(page: Page, service: Service) -> None:
    checked(page, service, DRAFT)
    card = page.locator("#q-2")
    expect(card.get_by_role("note")).to_contain_text("to Kari Sunde; the archive has them from Miriam Okafor")
    card.get_by_role("link", name="Miriam Okafor").click()
    expect(page.locator("article.card").first).to_contain_text("Miriam Okafor")


def test_a_mark_in_the_draft_leads_to_its_verdict_and_that_to_the_article(page: Page, service: Service) -> None:
    checked(page, service, DRAFT)
    page.locator("#d-3").click()
    card = page.locator("article.verdict:target")
    expect(card).to_be_in_viewport()
    expect(card).to_contain_text("Henrik Aas")
    card.get_by_role("link", name="Coldwater shares").click()
    expect(page.locator(":target")).to_contain_text("Henrik Aas")


def test_a_draft_is_text_and_never_markup(page: Page, service: Service) -> None:
    attack = "</textarea></a><script>document.title='owned'</script><img src=x onerror=1>"
    checked(page, service, f"{attack}\n\nAna Ruiz said: “A door {attack} has two handles, both of them {attack}.”\n")
    expect(page.locator(".draft .words")).to_contain_text(attack)
    assert page.locator("main script, main img").count() == 0
    expect(page.get_by_label("Another draft")).to_have_value(re.compile(re.escape(attack)))


def test_a_file_is_checked_and_what_is_no_draft_is_told(page: Page, service: Service, tmp_path: Path) -> None:
    html = tmp_path / "draft.html"
    html.write_text("<p>Henrik Aas said: <q>A promise about a dividend is a promise about debt.</q></p>")
    page.goto(f"{service.url}/check")
    page.get_by_label(re.compile("or a file")).set_input_files(html)
    page.get_by_role("button", name="Check the quotations").click()
    expect(page.locator("article.verdict .badge")).to_have_text(["Verbatim"])
    broken = tmp_path / "draft.docx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    page.get_by_label(re.compile("or a file")).set_input_files(broken)
    page.get_by_role("button", name="Check the quotations").click()
    expect(page.get_by_role("alert")).to_contain_text("draft.docx: is damaged and cannot be read as docx")


def test_an_empty_box_asks_for_a_draft(page: Page, service: Service) -> None:
    page.goto(f"{service.url}/check")
    page.get_by_role("button", name="Check the quotations").click()
    expect(page.get_by_role("alert")).to_contain_text("Paste a draft, or choose a file.")
