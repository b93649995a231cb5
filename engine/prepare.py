"""From an article to all that is written of it: statements, passages, vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.errors import InputError
from engine.models import Article, AttributedArticle, Skipped, Statement
from engine.passages import Passage, fingerprint, passages_of
from engine.ports import Embedder
from engine.stores.base import PreparedArticle

STRANGE_TEXT = (InputError, ValueError, LookupError, ArithmeticError, RecursionError)
"""What a text that nobody foresaw can make attribution raise. It costs that article, by name, and not the run."""


class Attributes(Protocol):
    """What finds the statements of an article (`engine.attribution.Attributor`)."""

    def attribute(self, article: Article) -> AttributedArticle: ...


def _no_names(speaker: str) -> tuple[str, ...]:
    del speaker
    return ()


@dataclass(frozen=True, slots=True)
class Preparer:
    """The means by which articles are made ready. `means` names them and their version: another one attributes anew.

    `names_of` gives the names under which a speaker id is searched besides its own.
    """

    attributor: Attributes
    embedder: Embedder
    means: str
    names_of: Callable[[str], tuple[str, ...]] = _no_names

    def prepare(self, articles: Sequence[Article]) -> list[PreparedArticle | Skipped]:
        """One answer for each article, in order. The same article gives the same answer in any company."""
        attributed = [attributed_or_skipped(self.attributor, article) for article in articles]
        marks = [fingerprint(article, means=self.means) for article in articles]  # one id may stand here twice
        return self._ready(attributed, marks)

    def prepare_again(
        self, attributed: Sequence[AttributedArticle], marks: Sequence[str]
    ) -> list[PreparedArticle | Skipped]:
        """For another model or layout: new passages and vectors, the same statements and fingerprints (`marks`)."""
        return self._ready(attributed, marks)

    def _ready(
        self, attributed: Sequence[AttributedArticle | Skipped], marks: Sequence[str]
    ) -> list[PreparedArticle | Skipped]:
        passages = [() if isinstance(entry, Skipped) else passages_of(entry) for entry in attributed]
        vectors = self.embedder.embed([passage.text for some in passages for passage in some])
        prepared: list[PreparedArticle | Skipped] = []
        start = 0
        for entry, some, mark in zip(attributed, passages, marks, strict=True):
            end = start + len(some)
            if isinstance(entry, Skipped):
                prepared.append(entry)
            else:
                prepared.append(
                    PreparedArticle(
                        attributed=entry,
                        passages=some,
                        vectors=vectors[start:end],
                        fingerprint=mark,
                        speaker_names=self._names(some),
                    )
                )
            start = end
        return prepared

    def _names(self, passages: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
        statements = [passage.statement for passage in passages if passage.statement is not None]
        ids = {s.id for statement in statements for s in (*statement.speakers, *statement.via)}
        return {id: names for id in sorted(ids) if (names := self.names_of(id))}


def attributed_or_skipped(attributor: Attributes, article: Article) -> AttributedArticle | Skipped:
    """An article that attribution cannot take is a skip with the reason. ModelError is not the article's fault."""
    try:
        attributed = attributor.attribute(article)
        for statement in attributed.statements:
            _check_traceable(article, statement)
    except STRANGE_TEXT as error:
        reason = f"article {article.id}: cannot be attributed: {type(error).__name__}: {error}"
        return Skipped(article.input or article.id, reason)
    return attributed


def _check_traceable(article: Article, statement: Statement) -> None:
    """Every word shown stands in the article: no span of a statement may leave its text."""
    for span in (*statement.content, *statement.cue, *statement.source, *statement.channel):
        if span.end > len(article.text):
            raise ValueError(f"statement {statement.id}: {span} leaves the text ({len(article.text)} characters)")
