"""Articles that the store refused, kept in a file until `onrecord index --retry` brings them in."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from api import wiring
from api.terminal import json_text
from engine.ingest import Progress
from engine.models import Article, AttributedArticle, Skipped
from engine.records import article_record, attributed_article_of
from engine.settings import Settings

SUFFIX = ".refused.ndjson"


def place_of(settings: Settings) -> Path:
    """Beside the store's file; for Elasticsearch in the user's data folder, by the name of the index."""
    url = settings.store or wiring.default_store()
    if url.startswith(wiring.SQLITE):
        path = wiring.sqlite_path(url)
        return path.with_name(path.name + SUFFIX)
    return wiring.sqlite_path(wiring.default_store()).with_name(settings.index + SUFFIX)


def read_refused(place: Path) -> Iterator[Article | Skipped]:
    """The articles as they were read the first time; of one id the last."""
    if not place.exists():
        return
    with open(place, encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield attributed_article_of(json.loads(line)).article
            except (ValueError, KeyError, TypeError) as error:
                yield Skipped(str(place), f"not an article that was refused: {error}", line=number)


class DeadLetters:
    """Takes what a run could not store; the file is made with its first article, and written through at each."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.count = 0
        self._part = place.with_name(place.name + ".part")
        self._target: TextIO | None = None

    def take(self, progress: Progress) -> None:
        if progress.refused is None:
            return
        if self._target is None:
            self._part.parent.mkdir(parents=True, exist_ok=True)
            self._target = open(self._part, "w", encoding="utf-8")  # noqa: SIM115
        self._target.write(json_text(article_record(AttributedArticle(progress.refused, ()))) + "\n")
        self._target.flush()
        self.count += 1

    def close(self, *, replace: bool) -> None:
        """With `replace` (a retry that came to its end) these take the place of those before, else they join them."""
        if self._target is not None:
            self._target.close()
        if replace:
            self.place.unlink(missing_ok=True)
        if self._target is not None:
            if self.place.exists():
                with open(self.place, "a", encoding="utf-8") as kept:
                    kept.write(self._part.read_text(encoding="utf-8"))
                self._part.unlink()
            else:
                os.replace(self._part, self.place)
