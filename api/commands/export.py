"""`onrecord export`: the same articles give the same bytes, whatever the order and the time they came in."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from api.answers import text_link
from api.commands.lists import opened
from api.terminal import json_text
from engine.errors import InputError, UsageError
from engine.models import AttributedArticle, Speaker
from engine.records import article_record
from engine.settings import Settings
from engine.stores.base import Store

PAGE = 200
"""Articles read from the store at a time."""

COLUMNS = ("article", "statement", "kind", "act", "speaker_id", "speaker", "speakers", "form", "affiliation", "via",
           "text", "cue", "source", "confidence", "flags", "outlet", "published", "title", "url", "spans")  # fmt: skip

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell beginning so would be run as a formula by a spreadsheet (OWASP: CSV injection); it gets an apostrophe."""


def run_export(format: str, *, out: Path | None, settings: Settings) -> None:
    writers: dict[str, Callable[[Iterator[AttributedArticle]], Iterator[str]]] = {
        "ndjson": _ndjson, "csv": _csv, "jsonld": _jsonld,
    }  # fmt: skip
    if format not in writers:
        raise UsageError(f"--format: {format!r} is none of {', '.join(writers)}")
    with opened(settings) as store, _target(out) as target:
        for line in writers[format](_articles(store)):
            target.write(line)


@contextmanager
def _target(out: Path | None) -> Iterator[TextIO]:
    """A file is written beside its place and moved there when it is whole."""
    if out is None:
        yield sys.stdout
        return
    part = out.with_name(out.name + ".part")
    try:
        with open(part, "w", encoding="utf-8", newline="") as target:
            yield target
        os.replace(part, out)
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


def _articles(store: Store) -> Iterator[AttributedArticle]:
    after = None
    while page := store.articles(after_id=after, limit=PAGE):
        yield from page
        after = page[-1].article.id


def _ndjson(articles: Iterator[AttributedArticle]) -> Iterator[str]:
    for attributed in articles:
        yield json_text(article_record(attributed)) + "\n"


def _csv(articles: Iterator[AttributedArticle]) -> Iterator[str]:
    """One statement a row (RFC 4180)."""
    yield _row(COLUMNS)
    for attributed in articles:
        article = attributed.article
        for statement in attributed.statements:
            words = [" ".join(s.of(article.text) for s in spans) for spans in (statement.cue, statement.source)]
            speaker = statement.speaker
            yield _row((
                article.id, statement.id, statement.kind, statement.act, speaker.id if speaker else "",
                speaker.name if speaker else "", _names(statement.speakers), statement.form,
                statement.affiliation.name if statement.affiliation else "", _names(statement.via),
                statement.text(article.text), *words, f"{statement.confidence:.4f}", " ".join(statement.flags),
                article.outlet or "", article.published or "", article.title or "", article.url or "",
                " ".join(f"{s.start}-{s.end}" for s in statement.content),
            ))  # fmt: skip


def _names(speakers: tuple[Speaker, ...]) -> str:
    return "; ".join(speaker.name for speaker in speakers)


def _row(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return line.getvalue()


def _jsonld(articles: Iterator[AttributedArticle]) -> Iterator[str]:
    """schema.org Quotations, each with a W3C text position selector; one JSON-LD document, an entry a line."""
    yield '{"@context": "https://schema.org", "@graph": [\n'
    before = ""
    for attributed in articles:
        article = attributed.article
        part_of = {"@type": "NewsArticle", "@id": f"urn:onrecord:{article.id}", "headline": article.title,
                   "url": article.url, "publisher": article.outlet, "datePublished": article.published}  # fmt: skip
        for statement in attributed.statements:
            first = statement.content[0].of(article.text)
            quotation = {
                "@type": "Quotation",
                "@id": f"urn:onrecord:{statement.id}",
                "text": statement.text(article.text),
                "creator": [{"@type": "Thing", "identifier": s.id, "name": s.name} for s in statement.speakers],
                "url": text_link(article.url, first),
                "isPartOf": {name: value for name, value in part_of.items() if value is not None},
                "selector": [
                    {"type": "TextPositionSelector", "start": s.start, "end": s.end} for s in statement.content
                ],
            }
            yield before + json_text({name: value for name, value in quotation.items() if value is not None})
            before = ",\n"
    yield "\n]}\n"
