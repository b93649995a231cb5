"""One analysis for both stores: what `words()` says, FTS5 must index, and highlights are cut with."""

import re
import sqlite3
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.marks import MARKS
from engine.porter import porter
from engine.text import fold, index_text, stem, words

ENDINGS = (
    "s", "es", "ies", "sses", "ss", "ed", "eed", "ing", "y", "e", "ll", "logy", "logi", "bly", "bli", "ational",
    "tional", "enci", "anci", "izer", "alli", "entli", "eli", "ousli", "ization", "ation", "ator", "alism",
    "iveness", "fulness", "ousness", "aliti", "iviti", "biliti", "icate", "ative", "alize", "iciti", "ical", "ful",
    "ness", "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism",
    "ate", "iti", "ous", "ive", "ize",
)  # fmt: skip


def fts5_words(tokenizer: str, texts: list[str]) -> list[list[str]]:
    with sqlite3.connect(":memory:") as connection:
        connection.execute(f"CREATE VIRTUAL TABLE f USING fts5(t, tokenize='{tokenizer}')")
        connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab(f, 'instance')")
        connection.executemany("INSERT INTO f(rowid, t) VALUES (?, ?)", enumerate(texts))
        found: list[list[str]] = [[] for _ in texts]
        for row, term in connection.execute("SELECT doc, term FROM v ORDER BY doc, offset"):
            found[row].append(term)
    connection.close()
    return found


@given(st.text(max_size=200))
def test_sqlite_indexes_exactly_the_search_words(text: str) -> None:
    assert fts5_words("ascii", [index_text(text)]) == [[word for word, _ in words(text)]]


@given(st.text("abcdeglmnorstuyzя7", min_size=1, max_size=8), st.lists(st.sampled_from(ENDINGS), max_size=3))
def test_sqlite_stems_exactly_as_we_do(root: str, endings: list[str]) -> None:
    word = root + "".join(endings)
    assert fts5_words("porter ascii", [word]) == [[porter(word)]]


@given(st.text(max_size=200))
@example("ำ")
def test_the_search_words_stand_in_the_text_in_order(text: str) -> None:
    end = 0
    for word, span in words(text):
        assert end <= span.start
        end = span.end
        assert word in fold(span.of(text)) or not span.of(text).isalnum() or not fold(span.of(text)).isalnum()
        assert " " not in word
    assert index_text(index_text(text)) == index_text(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don’t", ["don", "t"]),
        ("U.S.-led 2,000", ["u", "s", "led", "2", "000"]),
        ("Café cafe\u0301s", ["cafe", "cafes"]),
        ("Łódź, Ærø; Straße ǿ", ["lodz", "aero", "strasse", "o"]),
        ("Зо\u0301ны безопа\u0301сности, ёлка, Май", ["зоны", "безопасности", "елка", "маи"]),
        ("الأسدُ قـــال مدرسة على", ["الاسد", "قال", "مدرسه", "علي"]),
        ("ΟΔΟΣ οδός", ["οδοσ", "οδοσ"]),
        ("½ ⑴ m² ﬁnal", ["12", "1", "m2", "final"]),
        ("हिन्दी", ["हिनदी"]),
        ("snake_case", ["snake", "case"]),
        ("\x00 \ufeff — … _", []),
    ],
)
def test_words_are_cut_and_folded(text: str, expected: list[str]) -> None:
    assert [word for word, _ in words(text)] == expected


@pytest.mark.parametrize("word", ["technology", "possibly", "refugees", "revved", "is", "eed", "зоны", "łódź"])
def test_familiar_words_are_stemmed_as_the_stores_stem(word: str) -> None:
    assert fts5_words("porter ascii", [fold(word)]) == [[stem(fold(word))]]


def test_the_list_of_combining_marks_is_complete() -> None:
    pattern = re.compile(f"[{MARKS}]")
    known = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c)[0] == "M"]
    if unicodedata.unidata_version <= "14.0.0":
        assert all(pattern.match(c) for c in known)
    assert not any(pattern.match(c) for c in map(chr, range(0x3000)) if c.isalnum())
