"""One corpus and two hundred queries, the same for both stores (see `test_parity.py`)."""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import cast

import numpy as np

from engine.identity import speaker_id, statement_id
from engine.learning.corpus import GoldDocument, GoldQuote, load_corpus
from engine.models import Act, Article, AttributedArticle, Form, Kind, Paragraph, PassageType, Span, Speaker, Statement
from engine.passages import fingerprint, passages_of
from engine.ports import ModelIdentity, Vectors
from engine.query import Filters, Mode, SearchRequest
from engine.stores.base import PreparedArticle
from engine.text import stem, words

DIMENSIONS = 256
OUTLETS = ("Vale Post", "Mill News", "Łódź Wieczór", "Réveil", "Новый вестник", None)
LANGUAGES = ("en", "en-GB", "de", None)

STRANGE = (
    "Mayor Żółć said the U.S. had 2,000 tents in Łódź and wasn’t counting. “We don't know,” said Ana Ruiz.",
    "«Мы не отрицаем этого», — сказал Иван Петров. Россия и Турция обсуждали зоны безопасности.",
    "Señor Núñez told El Día: “Mañana, a las 10:30, café & crêpes—naïve façade.”",
    "The café's 3.5% rise (e.g. £1,234.56) was “re-examined”, wasn't it? AT&T, O'Brien and C++ say so.",
    "Ἀθῆναι, 北京 and القاهرة signed; ½ of it, 10²³ molecules and x_y_z were left out.",
)


class HashedWords:
    """An embedder whose vectors are counts of hashed stems at unit length: near where words are shared."""

    identity = ModelIdentity("hashed-words", "9" * 64, DIMENSIONS)

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        for row, text in enumerate(texts):
            vectors[row, 0] = 0.05
            for word, _ in words(text):
                code = zlib.crc32(stem(word).encode())
                vectors[row, 1 + code % (DIMENSIONS - 1)] += 1.0 + (code >> 16) % 97 / 97
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def corpus() -> list[PreparedArticle]:
    """The marked corpus of the project, with outlets, dates and languages dealt out, and some strange articles."""
    articles = [_attributed(number, document) for number, document in enumerate(load_corpus(heldout=None))]
    articles += [_plain(number, text) for number, text in enumerate(STRANGE)]
    return [_prepared(attributed) for attributed in articles]


def _attributed(number: int, document: GoldDocument) -> AttributedArticle:
    article = _article(document["doc_id"], document["text"], number)
    statements: dict[str, Statement] = {}
    for quote in document["quotes"]:
        statement = _statement(article, quote)
        statements.setdefault(statement.id, statement)
    ordered = sorted(statements.values(), key=lambda s: (s.content, s.id))
    return AttributedArticle(article, tuple(ordered))


def _plain(number: int, text: str) -> AttributedArticle:
    article = _article(f"strange/{number}", f"Strange {number}\n\n{text}", number)
    content = (Span(len(f"Strange {number}\n\n"), len(article.text)),)
    people = (Speaker("ana-ruiz", "Ana Ruiz"),)
    statement = Statement(statement_id(article.id, content, ()), "direct", content, form="named", speakers=people)
    return AttributedArticle(article, (statement,))


def _article(id: str, text: str, number: int) -> Article:
    blocks = [Span(m.start(), m.end()) for m in re.finditer(r"\S(?:.|\n(?!\n))*", text)]
    paragraphs = tuple(Paragraph(span, "title" if n == 0 else "body") for n, span in enumerate(blocks))
    published = None if number % 9 == 8 else f"201{number % 7}-{1 + number % 12:02}-{1 + number % 28:02}"
    return Article(
        id=id,
        text=text,
        paragraphs=paragraphs,
        title=blocks[0].of(text),
        title_span=blocks[0],
        outlet=OUTLETS[number % len(OUTLETS)],
        published=published if number % 4 or published is None else f"{published}T{number % 24:02}:30:00+03:00",
        language=LANGUAGES[number % len(LANGUAGES)],
    )


_FORMS = {"nominal": "role", "organisation": "body"}


def _statement(article: Article, quote: GoldQuote) -> Statement:
    content, source = _spans(quote["content"]), _spans(quote["source"])
    name = quote["speaker_name"]
    return Statement(
        id=statement_id(article.id, content, source),
        kind=cast(Kind, quote["type"]),
        content=content,
        cue=_spans(quote["cue"]),
        source=source,
        channel=_spans(quote["channel"]),
        act=cast(Act, quote["act"]),
        form=cast(Form, _FORMS.get(quote["form"], quote["form"])),
        speakers=() if name is None else tuple(Speaker(speaker_id(one), one) for one in name.split(" and ")),
        via=tuple(Speaker(speaker_id(one), one) for one in quote["via"]),
    )


def _spans(offsets: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in sorted(offsets))


def _prepared(attributed: AttributedArticle) -> PreparedArticle:
    passages = passages_of(attributed)
    vectors = HashedWords().embed([passage.text for passage in passages])
    ids = {s.id for statement in attributed.statements for s in statement.speakers}
    names: dict[str, tuple[str, ...]] = {id: (f"alias of {id}",) for id in ids if len(id) % 2}
    return PreparedArticle(attributed, passages, vectors, fingerprint(attributed.article, means="parity"), names)


def queries(articles: Sequence[PreparedArticle]) -> list[SearchRequest]:
    """Two hundred, in a fixed order, drawn from the corpus's own words, so that most of them find something.

    Each by the least checksum, so that an edit of the corpus changes only the queries drawn from what it edits.
    """
    texts = sorted({p.text for prepared in articles for p in prepared.passages if len(words(p.text)) > 8})
    numbers = itertools.count()

    def some(count: int) -> list[str]:
        number = next(numbers)
        text = min(texts, key=lambda text: zlib.crc32(f"{number} {text}".encode()))
        cut = [word for word, _ in words(text)]
        start = zlib.crc32(text.encode()) % max(1, len(cut) - count)
        return cut[start : start + count]

    drawn: list[str] = []
    for _ in range(18):
        drawn += [some(1)[0], " ".join(some(2)), " ".join(some(4)), f'"{" ".join(some(2))}"', f'"{" ".join(some(3))}"']
        drawn.append(f'"{" ".join(some(2))}"~5')
    drawn += [f"{word[:5]}*" for word in itertools.islice((w for w in iter(lambda: some(1)[0], "") if len(w) > 6), 8)]
    drawn += [f"{some(1)[0]} OR {some(1)[0]}" for _ in range(8)]
    drawn += [f"{some(2)[0]} -{some(1)[0]}" for _ in range(8)]
    asked = [SearchRequest(q=q, mode=_MODES[n % 3], passages=_TYPES[n % 2]) for n, q in enumerate(drawn)]
    asked += [SearchRequest(q=q, mode=mode) for q in _HAND for mode in ("keyword", "hybrid")]
    asked += [SearchRequest(q=q, passages="paragraph", mode="keyword") for q in _HAND[:8]]
    asked += list(_filtered(articles))
    return asked


_MODES: tuple[Mode, ...] = ("keyword", "hybrid", "semantic")
_TYPES: tuple[PassageType, ...] = ("statement", "paragraph")
_HAND = (
    "Łódź", "lodz", "U.S.", "US", "don't", "don’t", "wasn't counting", "2,000", "1,234.56", "Россия",
    "зоны безопасности",
    "mañana", "manana", "naïve façade", "re-examined", "O'Brien", "AT&T", "café", "10:30", "“We don't know”", "北京",
    "½", "x_y_z", "минск",
)  # fmt: skip


def _filtered(articles: Sequence[PreparedArticle]) -> Iterator[SearchRequest]:
    people = sorted({s.id for a in articles for st in a.attributed.statements for s in st.speakers})[::9][:6]
    filters = [
        *(Filters(speakers=(person,)) for person in people),
        Filters(speakers=tuple(people)),
        Filters(outlets=("vale post", "RÉVEIL")),
        Filters(outlets=("новый вестник",)),
        Filters(languages=("en",)),
        Filters(kinds=("direct",), acts=("deny", "accuse")),
        Filters(forms=("role", "body", "anonymous")),
        Filters(after=date(2013, 1, 1), before=date(2015, 12, 31)),
        Filters(excluded=Filters(outlets=("Mill News",), kinds=("indirect",))),
        Filters(excluded=Filters(speakers=tuple(people))),
    ]
    for chosen in filters:
        yield SearchRequest(q="", filters=chosen)
        yield SearchRequest(q="the war", filters=chosen, mode="keyword", passages="paragraph")
        yield SearchRequest(q="people said", filters=chosen, mode="hybrid")
