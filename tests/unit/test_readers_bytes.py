"""Files as they come: any encoding, anything unreadable, any text at all."""

# ruff: noqa: E501  (samples stand as they would in a file)
from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.models import Article, Skipped
from engine.readers import read_bytes
from tests.unit.test_readers_text import PROSE, TITLES, articles_of


def test_a_byte_order_mark_is_not_text() -> None:
    (article,) = articles_of(b"\xef\xbb\xbf" + PROSE.encode())
    assert article.text == PROSE
    assert article.span is not None
    assert article.span.start == 0


ENCODED = [
    ("cp1252", "Le président a dit : «Été comme hiver, nous serons là», a-t-il ajouté à l’hôtel."),
    ("latin-1", "El señor ministro dijo que mañana habrá más información sobre la situación."),
    ("cp1250", "Minister powiedział, że będzie nad tym pracował. „Zrobimy to szybko”, dodał."),
    ("cp1251", "Министр сказал, что переговоры продолжатся в понедельник."),
    ("koi8-r", "Министр сказал, что переговоры продолжатся в понедельник. Об этом сообщили журналистам."),
    ("cp1256", "قال الوزير إن المحادثات ستستمر يوم الاثنين في العاصمة"),
    ("gb18030", "部长表示，会谈将于星期一继续举行。记者在北京报道。"),
    ("shift_jis", "大臣は月曜日に協議を続けると述べた。東京で記者団に語った。"),
    ("utf-16", "The minister said “no”."),
    ("utf-16-le", "The minister said no to all of it, and then he left the hall."),
    ("utf-32", "The minister said “no”."),
]


@pytest.mark.parametrize(("encoding", "text"), ENCODED)
def test_text_in_any_encoding_is_read(encoding: str, text: str) -> None:
    (article,) = articles_of(text.encode(encoding))
    assert article.text == text


BAD = [
    (b"", "empty"),
    (b" \r\n\t ", "empty"),
    (b"\xef\xbb\xbf\n", "empty"),
    (b"--- *** 123 \x00 abc", "binary"),
    (b"%PDF-1.7 and more", "PDF"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"... --- ...\n***", "no words"),
    (bytes(range(128, 256)) * 40, ""),
]


@pytest.mark.parametrize(("raw", "reason"), BAD)
def test_what_cannot_be_read_is_skipped_with_its_reason(raw: bytes, reason: str) -> None:
    (skipped,) = read_bytes(raw, name="bad.txt")
    if reason:
        assert isinstance(skipped, Skipped)
        assert reason in skipped.reason
        assert skipped.input == "bad.txt"


def test_an_overlong_paragraph_is_read_whole() -> None:
    text = "He said “no” and then “yes”. " * 40_000
    (article,) = articles_of(text)
    assert article.text == text.strip()
    assert len(article.paragraphs) == 1


LINES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [*TITLES, *PROSE.split("\n\n"), "By Ana Ruiz", "Posted in Politics", "* * *", "Share this article", "READ MORE: x y z",
         "@handle hello", "“", "\u200b", "March 3, 2024", "Tags: a", "", "", "\u2028", "\x85", "שלום אמר השר.", "😀 wow"]
    ),
)  # fmt: skip
TEXTS = st.builds(
    lambda lines, gap: gap.join(lines), st.lists(LINES, max_size=25), st.sampled_from(["\n", "\r\n", "\n\n", "\r"])
)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_articles_are_slices_of_the_file_and_paragraphs_point_at_words(text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    decoded = raw.decode("utf-8", "ignore").removeprefix("\ufeff")
    end = 0
    for article in _read(raw):
        if article.span is None:
            continue
        assert article.span.of(decoded) == article.text
        assert article.span.start >= end
        assert not decoded[end : article.span.start].strip("\u200b\ufeff \t\r\n\x0b\x0c\x85\u2028\u2029").strip()
        end = article.span.end
        for paragraph in article.paragraphs:
            assert paragraph.span.of(article.text).strip()


def _read(raw: bytes) -> Iterator[Article]:
    return (a for a in read_bytes(raw, name="x.txt") if isinstance(a, Article))


ANY_BYTES = st.one_of(
    st.binary(max_size=400),
    st.binary(max_size=80).map(lambda b: b"<html><body><p>" + b),
    st.binary(max_size=80).map(lambda b: b'{"text":' + b),
    st.binary(max_size=80).map(lambda b: b"<rss><channel><item>" + b),
)


@settings(max_examples=200, deadline=None)
@given(ANY_BYTES, st.sampled_from(["a", "a.html", "a.jsonl", "a.json", "a.xml", "a.txt"]))
def test_no_bytes_make_the_reader_raise(raw: bytes, name: str) -> None:
    for found in read_bytes(raw, name=name):
        assert found.input == name
