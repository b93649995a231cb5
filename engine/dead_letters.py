"""Articles that a store refused, kept in a file with the reason, so that they can be tried again (`index --retry`).

One JSON object a line: `{"reason", "article"}`, the article in the shape of `attribute` and without statements; text
that UTF-8 cannot hold is escaped, so it comes back to the character. Lines are only ever added or, once an article was
stored, taken out by writing the file anew beside itself.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from engine.models import Article, AttributedArticle, Skipped
from engine.records import article_record, attributed_article_of


def keep_dead_letter(path: Path, article: Article, *, reason: str) -> None:
    """Add an article; on disk when this returns. Raises OSError."""
    record = article_record(AttributedArticle(article, ()))
    del record["statements"]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(json.dumps({"reason": reason, "article": record}) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_dead_letters(path: Path) -> Iterator[Article | Skipped]:
    """The articles, as they were read the first time. A line that is none is a skip with its number.

    `input` is the file that the article first came from. Raises OSError.
    """
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _article(line, path, number)


def _article(line: str, path: Path, number: int) -> Article | Skipped:
    try:
        record = json.loads(line)["article"]
        return attributed_article_of({**record, "statements": []}).article
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return Skipped(str(path), f"not an article that was kept: {error}", number)


def settle_dead_letters(path: Path, stored: Collection[str]) -> int:
    """Take out the articles with these ids (they are stored now); how many lines are left. An empty file is removed."""
    kept = []
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            letter = _article(line, path, number) if line.strip() else None
            if letter is not None and not (isinstance(letter, Article) and letter.id in stored):
                kept.append(line if line.endswith("\n") else line + "\n")
    if not kept:
        path.unlink()
        return 0
    beside = path.with_name(path.name + ".part")
    with beside.open("w", encoding="utf-8") as file:
        file.writelines(kept)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return len(kept)
