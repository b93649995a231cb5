"""Who said what: the recipe of attribution, on one screen.

quotations -> tagger -> linker -> kinds -> confidence -> speakers
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, get_args

from engine.attribution.attribution import Attribution
from engine.attribution.confidence import Calibration
from engine.attribution.kinds import kind_of
from engine.attribution.linker import linked, page_of
from engine.attribution.linker_draft import Draft, Page, finished
from engine.attribution.segments import Tagger, spoken_blocks
from engine.attribution.speakers import resolve
from engine.models import Article, AttributedArticle, Kind
from engine.registry import Registry

Means = Literal["accurate", "fast", "rules"]
MEANS: tuple[Means, ...] = get_args(Means)
FLOOR = 0.3
"""Confidence from which words that are not all in marks are a statement. What is right less often than half of F1
lowers F1 (Z. Lipton et al., "Optimal thresholding of classifiers to maximize F1 measure", 2014)."""


class Attributor:
    """Finds the statements of articles. The same article gives the same answer, whatever came before or beside it."""

    def __init__(self, tagger: Tagger, calibration: Calibration, *, registry: Registry) -> None:
        self._tagger = tagger
        self._calibration = calibration
        self._registry = registry

    def attribute(self, article: Article) -> AttributedArticle:
        return AttributedArticle(article, resolve(article, self.attributions(article), self._registry))

    def attribute_all(self, articles: Iterable[Article]) -> Iterator[AttributedArticle]:
        """One answer for each article, in their order."""
        return map(self.attribute, articles)

    def attributions(self, article: Article) -> tuple[Attribution, ...]:
        """The article's attributions before anybody is named, in the order of their first words.

        A report without marks that is more likely wrong than the floor allows is none: its words stay in their
        paragraph, where search finds them. Words in marks are always kept.
        """
        page, drafts = self.drafts(article)
        weighed = ((draft, kind, self._calibration.of(page, draft, kind)) for draft, kind in drafts)
        return tuple(
            finished(draft, kind, chance) for draft, kind, chance in weighed if kind == "direct" or chance >= FLOOR
        )

    def drafts(self, article: Article) -> tuple[Page, list[tuple[Draft, Kind]]]:
        """What the linker made of the tags; calibration is fitted on this."""
        blocks = spoken_blocks(article)
        page = page_of(article.text, blocks)
        drafts = linked(page, self._tagger.tag(article.text, blocks))
        return page, [(draft, kind_of(page, draft)) for draft in drafts]


def load_attributor(means: Means, *, registry: Registry) -> Attributor:
    """Raises ModelError where the weights of `accurate` or `fast` are missing or damaged."""
    if means == "rules":
        from engine.attribution.rules import RuleTagger

        return Attributor(RuleTagger(), Calibration.load("rules"), registry=registry)
    from engine.attribution.tagger import NeuralTagger

    return Attributor(NeuralTagger.load(means), Calibration.load(means), registry=registry)
