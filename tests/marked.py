"""Small marked articles for tests of the resolver: `<s 1>Ana Ruiz</s> <q 1>said</q> <c 1>that ...</c>`."""

from __future__ import annotations

import re
from collections import defaultdict

from engine.attribution.attribution import Attribution
from engine.attribution.speakers import resolve
from engine.models import Article, Paragraph, Span, Statement
from engine.registry import Registry, load_registry

TAG = re.compile(r"<(/?)([sqcv])(?: (\d+))?>")


def marked(
    body: str,
    *,
    outlet: str | None = None,
    published: str | None = None,
    flags: dict[int, tuple[str, ...]] | None = None,
) -> tuple[Article, tuple[Attribution, ...]]:
    """The article without its marks and its attributions, by number."""
    text, stack, position = "", [], 0
    spans: dict[int, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for tag in TAG.finditer(body):
        text += body[position : tag.start()]
        position = tag.end()
        if tag[1]:
            role, number, start = stack.pop()
            spans[number][role].append(Span(start, len(text)))
        else:
            stack.append((tag[2], int(tag[3]), len(text)))
    text += body[position:]
    paragraphs = tuple(Paragraph(Span(m.start(), m.end()), "body") for m in re.finditer(r"[^\n]+", text))
    article = Article("a", text, paragraphs, outlet=outlet, published=published)
    attributions = tuple(
        Attribution(
            content=tuple(sorted(roles["c"])),
            cue=tuple(sorted(roles["q"])),
            source=tuple(sorted(roles["s"])),
            channel=tuple(sorted(roles["v"])),
            kind="direct" if text[roles["c"][0].start] in "“\"'" else "indirect",
            flags=(flags or {}).get(number, ()),
        )
        for number, roles in sorted(spans.items())
    )
    return article, attributions


def statements(body: str, *, registry: Registry | None = None, **article: object) -> tuple[Statement, ...]:
    found, attributions = marked(body, **article)  # type: ignore[arg-type]
    return resolve(found, attributions, registry or load_registry())


def names(body: str, **article: object) -> list[str | None]:
    """Who is found to speak, statement by statement; joint speakers as "A and B"."""
    return [" and ".join(s.name for s in st.speakers) or None for st in statements(body, **article)]
