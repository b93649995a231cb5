"""`onrecord attribute`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from api import wiring
from api.cli import DONE, SOME_FAILED
from api.terminal import print_json, tell
from engine.errors import InputError, UsageError
from engine.models import Article, AttributedArticle, Skipped
from engine.prepare import attributed_or_skipped
from engine.readers import ArticleDefaults, read_paths
from engine.settings import Settings

FORMATS = ("articles", "gold")


def run_attribute(paths: list[str], *, format: str, defaults: ArticleDefaults, settings: Settings) -> int:
    """The exit code."""
    if format not in FORMATS:
        raise UsageError(f"--format: {format!r} is none of {', '.join(FORMATS)}")
    attributor, means = wiring.load_attributor(settings, registry=wiring.load_registry(settings))
    if settings.attribution and means != settings.attribution:
        tell(f"the model of --attribution {settings.attribution} is not installed: {means} is used")
    articles = gold_articles(paths) if format == "gold" else _read(paths, defaults)
    code = DONE
    for article in articles:
        answer = article if isinstance(article, Skipped) else attributed_or_skipped(attributor, article)
        if isinstance(answer, Skipped):
            what = "left out" if answer.deliberate else "skipped"
            tell(f"{what} {answer.input}{f', line {answer.line}' if answer.line else ''}: {answer.reason}")
            code = code if answer.deliberate else SOME_FAILED
        else:
            print_json(_record(answer, format))
    return code


def _read(paths: list[str], defaults: ArticleDefaults) -> Iterator[Article | Skipped]:
    return read_paths(paths, defaults=defaults, stdin=sys.stdin.buffer if "-" in paths else None)


def _record(attributed: AttributedArticle, format: str) -> dict[str, object]:
    if format == "gold":
        from engine.attribution.gold import gold_answer

        return gold_answer(attributed)
    from engine.records import article_record

    return article_record(attributed) | omitted_record(attributed.article)


def omitted_record(article: Article) -> dict[str, object]:
    """What of a page is no part of the article's text, for pages only."""
    omitted = article.omitted
    if omitted is None:
        return {}
    return {"omitted": {"blocks": omitted.blocks, "words": omitted.words, "samples": list(omitted.samples)}}


def gold_articles(paths: list[str]) -> Iterator[Article | Skipped]:
    """Gold documents, one a line; a line that is none is a skip."""
    from engine.attribution.gold import gold_article

    for path in paths:
        try:
            lines = sys.stdin.buffer if path == "-" else open(path, "rb")  # noqa: SIM115
        except OSError as error:
            yield Skipped(path, f"unreadable: {error.strerror}")
            continue
        with lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    document = json.loads(line)
                    if not isinstance(document, dict):
                        raise InputError("not a JSON object")
                    yield gold_article(document, name=path)
                except (ValueError, InputError, RecursionError) as error:
                    yield Skipped(path, f"not a gold document: {error}", line=number)
