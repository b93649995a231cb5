"""From text with roles to an `Article`: what every reader does last."""

from __future__ import annotations

from dataclasses import dataclass

from engine.identity import article_id
from engine.models import Article, Omitted, Paragraph, Span


@dataclass(frozen=True, slots=True)
class ArticleDefaults:
    """What the caller knows and the input lacks. A value in the input always wins."""

    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the input itself says about an article."""

    id: str | None = None
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    published: str | None = None
    language: str | None = None


def build_article(
    text: str,
    paragraphs: tuple[Paragraph, ...],
    facts: Facts,
    *,
    name: str,
    defaults: ArticleDefaults,
    span: Span | None = None,
    omitted: Omitted | None = None,
) -> Article:
    """The article with its id; `defaults` fill what `facts` leave open, and the title paragraph gives the title."""
    title_span = next((p.span for p in paragraphs if p.role == "title"), None)
    title = facts.title or (title_span.of(text) if title_span else None)
    url = facts.url or defaults.url
    outlet = facts.outlet or defaults.outlet
    published = facts.published or defaults.published
    return Article(
        id=facts.id or article_id(url=url, outlet=outlet, title=title, published=published, text=text),
        text=text,
        paragraphs=paragraphs,
        title=title,
        title_span=title_span,
        span=span,
        url=url,
        outlet=outlet,
        published=published,
        language=facts.language or defaults.language,
        input=name,
        omitted=omitted,
    )
