"""Plain text: one article, or the articles of a listing page, each exactly a slice of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.furniture import furniture_of
from engine.lines import Lines
from engine.models import Article, Paragraph, Span
from engine.paragraphs import paragraphs_of, split, with_roles
from engine.readers.article import ArticleDefaults, Facts, build_article
from engine.readers.dateline import dateline_of, header_day
from engine.readers.listing import article_starts

_URL_LINE = re.compile(r"^(?:(?:source|url|link|permalink|original)\s*:\s*)?(https?://\S{4,500})$", re.IGNORECASE)

HEADER_PARAGRAPHS = 6
"""Date lines and links further down belong to something else."""


def read_text(text: str, *, name: str, defaults: ArticleDefaults) -> Iterator[Article]:
    """The articles of a decoded text file, in order."""
    spans = split(text)
    page = Lines.of(s.of(text) for s in spans)
    starts = article_starts(page)
    several = len(starts) > 1
    # A given url names one page: the articles of a listing are not all that page.
    shared = ArticleDefaults(defaults.outlet, defaults.published, None, defaults.language) if several else defaults
    for (first, head), end in zip(starts, [*(s for s, _ in starts[1:]), len(spans)], strict=True):
        span = Span(spans[first].start, spans[end - 1].end)
        words = span.of(text)
        if several:  # apart, lines may join otherwise than on the whole page
            paragraphs = paragraphs_of(words, title_expected=True, preamble=head - first)
        else:
            paragraphs = with_roles([s.shifted(-span.start) for s in spans], page, preamble=head - first)
        yield build_article(words, paragraphs, facts_in_text(words, paragraphs), name=name, defaults=shared, span=span)


def facts_in_text(text: str, paragraphs: Sequence[Paragraph]) -> Facts:
    """Outlet, date and url that the text itself states: dateline, date line under the title, a link on its own line."""
    outlet = published = url = None
    for paragraph in paragraphs[:HEADER_PARAGRAPHS]:
        line = paragraph.span.of(text)[:600]
        if paragraph.role == "boilerplate" and furniture_of(line) in ("byline", "date", "category"):
            published = published or header_day(line)
        elif match := _URL_LINE.match(line):
            url = url or match[1]
    # A deck may stand before the paragraph with the dateline.
    leads = [p for p in paragraphs[: 2 * HEADER_PARAGRAPHS] if p.role == "body"][:2]
    dateline = next((d for p in leads if (d := dateline_of(p.span.of(text)[:300]))), None)
    if dateline:
        outlet = dateline.agency
        published = dateline.published or published
    return Facts(outlet=outlet, published=published, url=url)
