"""Drafts of every format, as text with its places."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.drafts import html_text, markdown_text, read_draft
from engine.errors import InputError


def test_markdown_keeps_every_offset_and_blanks_its_marks() -> None:
    text = "# Ferry\n\n> “The *ferry* [stays](https://example.org/a),” she **said**.\n\n- one\n"
    plain = markdown_text(text)
    assert len(plain) == len(text)
    assert plain.split() == ["Ferry", "“The", "ferry", "stays", ",”", "she", "said", ".", "one"]
    assert plain.index("stays") == text.index("stays")


@given(st.text(alphabet=st.sampled_from('ab *_[]()#>`\n-"“”&;\\\t0123.!'), max_size=80))
def test_any_markdown_keeps_its_length_and_adds_no_character(text: str) -> None:
    plain = markdown_text(text)
    assert len(plain) == len(text)
    assert all(shown in (" ", original) for shown, original in zip(plain, text, strict=True))


def test_html_is_what_a_reader_sees_block_by_block() -> None:
    text = html_text(
        "<html><head><title>No</title><style>p{}</style></head><body><p>“One <b>word</b>,”\n she&nbsp;said.</p>"
        "<script>x()</script><blockquote>Two<br>lines</blockquote><p>He said <q>three</q>.</p>"
        "<!-- no --></body></html>",
        name="draft.html",
    )
    assert text == "“One word,” she\u00a0said.\n\nTwo\nlines\n\nHe said “three”."


def test_deeply_nested_html_is_read() -> None:
    assert "deep" in html_text("<div>" * 1_500 + "deep" + "</div>" * 1_500, name="draft.html")
    with pytest.raises(InputError, match="to its end"):
        html_text("<div>" * 5_000 + "deep" + "</div>" * 5_000, name="draft.html")


def test_a_word_file_gives_its_paragraphs_and_tables_in_order() -> None:
    document = docx.Document()
    document.add_paragraph("“The ferry stays,” Ana Ruiz said.")
    document.add_table(rows=1, cols=1).rows[0].cells[0].text = "In a cell"
    document.add_paragraph("End.")
    raw = io.BytesIO()
    document.save(raw)
    draft = read_draft(raw.getvalue(), name="draft.docx")
    assert draft.text == "“The ferry stays,” Ana Ruiz said.\n\nIn a cell\n\nEnd."
    assert not draft.spans_count_in_file


def test_broken_and_hostile_word_files_are_named() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", "0" * (65 * 1024 * 1024))
    for raw, reason in (
        (b"PK\x03\x04 no zip at all", "damaged"),
        (b"plain words", "no docx file"),
        (packed.getvalue(), "unpacks to more than 64 MB"),
    ):
        with pytest.raises(InputError, match=f"draft.docx: .*{reason}"):
            read_draft(raw, name="draft.docx")


def test_text_is_the_file_itself() -> None:
    raw = "\ufeff“Ferry,”\r\nshe said.".encode()
    draft = read_draft(raw, name="draft.txt")
    assert draft.text == "“Ferry,”\r\nshe said."
    assert draft.spans_count_in_file


def test_a_page_is_known_by_its_beginning() -> None:
    assert read_draft(b"<!DOCTYPE html><p>Words</p>", name="-").format == "html"
