"""JSONL: one article a line; a bad line is named and the rest goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from engine.models import Article, AttributedArticle, Skipped
from engine.readers import ArticleDefaults, read_bytes
from engine.readers.jsonl import read_lines
from engine.records import article_record

TEXT = "Council drops tax\n\nThe council of Velden has withdrawn its plan for a harbour tax, the mayor said on Monday."


def read(*lines: str | bytes, name: str = "a.jsonl") -> list[Article | Skipped]:
    raw = b"\n".join(line.encode() if isinstance(line, str) else line for line in lines)
    return list(read_bytes(raw, name=name))


def record(**fields: object) -> str:
    return json.dumps({"text": TEXT, **fields}, ensure_ascii=False)


def test_all_fields_are_kept_as_given() -> None:
    line = record(
        id="x-1",
        url="https://a.example/1?x=2",
        title="Council drops tax",
        outlet="Gazette",
        published="2024-03-04T10:00+01:00",
        language="en-GB",
    )
    (article,) = read(line)
    assert isinstance(article, Article)
    assert (article.id, article.url, article.outlet) == ("x-1", "https://a.example/1?x=2", "Gazette")
    assert (article.published, article.language) == ("2024-03-04T10:00+01:00", "en-GB")
    assert article.text == TEXT
    assert article.span is None
    assert article.title_span is not None
    assert article.title_span.of(article.text) == article.title == "Council drops tax"


def test_a_title_that_the_text_does_not_begin_with_is_kept_without_a_place() -> None:
    (article,) = read(record(title="Another title"))
    assert isinstance(article, Article)
    assert (article.title, article.title_span) == ("Another title", None)


BAD = [
    ({"id": 7}, "'id' is not a string"),
    ({"title": ["a"]}, "'title' is not a string"),
    ({"text": 3}, "'text' is not a string"),
    ({"text": ""}, "'text' is missing or empty"),
    ({"text": " \n\u200b"}, "'text' is missing or empty"),
    ({"text": None}, "'text' is missing or empty"),
    ({"text": "--- ***"}, "'text' holds no words"),
    ({"published": "yesterday"}, "'published' is not an ISO 8601 date: 'yesterday'"),
    ({"published": "2024-02-30"}, "'published' is not an ISO 8601 date"),
    ({"published": "03/04/2024"}, "'published' is not an ISO 8601 date"),
    ({"published": "2024"}, "'published' is not an ISO 8601 date"),
    ({"published": 1709546400}, "'published' is not a string"),
    ({"url": "\ud800"}, "'url' has half a surrogate pair"),
]


@pytest.mark.parametrize(("fields", "reason"), BAD)
def test_a_bad_field_is_named_with_its_line_and_the_rest_goes_on(fields: dict[str, object], reason: str) -> None:
    bad = json.dumps({"text": TEXT, **fields})
    first, second, third = read(record(id="1"), bad, record(id="3"))
    assert isinstance(first, Article)
    assert isinstance(second, Skipped)
    assert second.line == 2
    assert reason in second.reason
    assert isinstance(third, Article)
    assert third.id == "3"


BROKEN = [
    ("{not json", "not JSON"),
    ("[1, 2]", "not a JSON object"),
    ('"text"', "not a JSON object"),
    (b'{"text": "\xff\xfe"}', "not UTF-8"),
    ('{"text": "a b c", "text": "d e f"}', "'text' is given more than once"),
    ('{"text": "a b c", "id": "1", "id": "2"}', "'id' is given more than once"),
    ('{"text": ' + "[" * 5_000, "not JSON"),
    ('{"text": 1' + "0" * 5_000 + "}", "not JSON"),
    ('{"id": "1"}', "'text' is missing"),
]


@pytest.mark.parametrize(("line", "reason"), BROKEN)
def test_a_broken_line_is_skipped_by_its_number(line: str | bytes, reason: str) -> None:
    first, second, third = read(record(), line, record(id="3"))
    assert isinstance(first, Article)
    assert isinstance(third, Article)
    assert isinstance(second, Skipped)
    assert second.line == 2
    assert reason in second.reason


def test_fields_repeated_inside_other_objects_do_not_matter() -> None:
    (article,) = read('{"paragraphs": [{"text": "a", "text": "b"}], "text": "Some words here."}')
    assert isinstance(article, Article)


def test_blank_lines_are_passed_over_but_counted() -> None:
    first, bad = read("", record(), "  ", "{")
    assert isinstance(first, Article)
    assert isinstance(bad, Skipped)
    assert bad.line == 4


def test_what_attribute_writes_can_be_read_back() -> None:
    (article,) = read(record(id="1", title="Council drops tax", outlet="Gazette"))
    assert isinstance(article, Article)
    again = json.dumps(article_record(AttributedArticle(article, ())))
    assert read(again) == [article]


def test_records_without_a_suffix_are_known_by_what_they_hold() -> None:
    assert all(isinstance(a, Article) for a in read(record(id="1"), record(id="2"), name="-"))
    assert len(read(record(id="1"), record(id="2"), name="-")) == 2


def test_two_records_of_one_id_are_both_read() -> None:
    assert [a.id for a in read(record(id="1"), record(id="1")) if isinstance(a, Article)] == ["1", "1"]


def test_lines_are_read_one_at_a_time() -> None:
    def endless() -> Iterator[bytes]:
        number = 0
        while True:
            number += 1
            yield record(id=str(number)).encode()

    articles = read_lines(endless(), name="a.jsonl", defaults=ArticleDefaults())
    assert [next(articles).id for _ in range(3)] == ["1", "2", "3"]  # type: ignore[union-attr]


def test_utf_16_and_a_byte_order_mark_are_no_obstacle() -> None:
    raw = f"{record(id='1')}\n{record(id='2')}\n"
    for encoding in ("utf-16", "utf-8-sig"):
        found = list(read_bytes(raw.encode(encoding), name="a.jsonl"))
        assert [a.id for a in found if isinstance(a, Article)] == ["1", "2"]


def test_a_json_file_may_hold_one_record_or_an_array() -> None:
    one = list(read_bytes(json.dumps({"text": TEXT}, indent=2).encode(), name="a.json"))
    many = list(read_bytes(json.dumps([{"text": TEXT}, {"text": 3}, 4]).encode(), name="a.json"))
    assert [type(a) for a in one] == [Article]
    assert [type(a) for a in many] == [Article, Skipped, Skipped]
