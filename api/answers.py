"""Engine answers as the public JSON (docs/contract.md). The command line and the API write the same."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from engine.query import Hit, SearchAnswer
from engine.records import statement_record
from engine.search_record import header_record, search_record
from engine.stores.base import SpeakerCount, StoredPassage

FRAGMENT_WORDS = 6
"""Words at each end of a statement that go into a link: enough to be unique, short enough to survive small edits."""


def answer_record(answer: SearchAnswer) -> dict[str, Any]:
    """The engine's record, each hit with a link that leads to its words."""
    record = search_record(answer)
    for shown, hit in zip(record["hits"], answer.hits, strict=True):
        shown["link"] = hit_link(hit)
        for named, copy in zip(shown["copies"], hit.copies, strict=True):
            named["link"] = text_link(copy.article.url, copy.text)
    return record


def hit_link(hit: Hit) -> str | None:
    """To the first piece of the content: several pieces do not stand side by side in the page."""
    return text_link(hit.article.url, hit.places[0].of(hit.paragraph) if hit.places else hit.text)


def stored_statement_record(passage: StoredPassage) -> dict[str, Any]:
    """A statement by itself: what `attribute` says of it, with its words, its paragraph and its article."""
    assert passage.statement is not None
    start = passage.place.start
    cue = " ".join(passage.paragraph[s.start - start : s.end - start] for s in passage.statement.cue)
    return statement_record(passage.statement) | {
        "text": passage.text,
        "cue_text": cue or None,
        "paragraph": {
            "text": passage.paragraph,
            "start": start,
            "statement": [[s.start - start, s.end - start] for s in passage.spans],
        },
        "article": header_record(passage.article),
        "link": text_link(passage.article.url, passage.spans[0].shifted(-start).of(passage.paragraph)),
    }


def speaker_count_record(count: SpeakerCount) -> dict[str, Any]:
    return {
        "id": count.id,
        "name": count.name,
        "statements": count.statements,
        "first": count.first.isoformat() if count.first else None,
        "last": count.last.isoformat() if count.last else None,
    }


def text_link(url: str | None, text: str) -> str | None:
    """The article's url with a text fragment (WICG scroll-to-text-fragment), so that a browser scrolls to the words."""
    if url is None or not url.lower().startswith(("http://", "https://")):
        return None
    words = text.split()
    ends = [words] if len(words) <= 2 * FRAGMENT_WORDS else [words[:FRAGMENT_WORDS], words[-FRAGMENT_WORDS:]]
    fragment = ",".join(quote(" ".join(end), safe="").replace("-", "%2D") for end in ends)
    return f"{url.split('#', 1)[0]}#:~:text={fragment}"
