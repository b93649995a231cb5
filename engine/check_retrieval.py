"""Finds the passages that a quotation may come from: its very words first, then likeness of words and of meaning.

The phrase search is complete: whatever stands in the archive word for word is found, whoever said it and whether or not
it lies in a statement. The rest is ranked retrieval, sifted with rapidfuzz before anything is laid along it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import LCSseq

from engine.check_align import align
from engine.check_candidate import Candidate
from engine.check_claims import Claim
from engine.check_sources import Source, source_of
from engine.check_speakers import said_by, same_name
from engine.check_words import LIGHT_WEIGHT, QuotedWords
from engine.clauses import AnyOf, Clause, Phrase, Word
from engine.models import AttributedArticle, PassageType, Span, Speaker, Statement
from engine.query import Filters
from engine.query_words import FUNCTION_WORDS
from engine.stores.base import Key, Retrieval, Store
from engine.text import words

EXACT_DEPTH = 40
LIKE_DEPTH = 24
SIFTED = 16
"""Sources that are laid along a quotation, after sifting."""
PHRASE_WORDS = 40
"""Words of a run that are looked up as a phrase; a longer run is compared in full afterwards."""
SEARCH_WORDS = 16
"""The longest words of a quotation are its rarest, and so many of them name its passage."""
NEIGHBOUR_FLOOR = 0.35
PIECE_WORDS = 4
MOST_PIECES = 4
ARTICLES_A_CLAIM = 12
_PHRASE_ENDS = ".?!;:,–—"
_BOTH: tuple[PassageType, ...] = ("statement", "paragraph")


@dataclass(slots=True)
class Archive:
    """A store, with what one check has already read from it."""

    store: Store
    _sources: dict[Key, Source] = field(default_factory=dict)
    _articles: dict[str, AttributedArticle | None] = field(default_factory=dict)
    _speakers: dict[Speaker, tuple[str, ...]] = field(default_factory=dict)

    def find(self, retrieval: Retrieval) -> list[Source]:
        """The sources of a retrieval, keyword ranking first; cosines are set on those that the vector found."""
        found = self.store.retrieve(retrieval)
        cosines = {ranked.key: ranked.score for ranked in found.semantic}
        keys = list(dict.fromkeys([*(r.key for r in found.keyword), *cosines]))
        unread = [key for key in keys if key not in self._sources]
        for key, passage in (self.store.passages(unread) if unread else {}).items():
            self._sources[key] = source_of(passage)
        present = [(key, self._sources[key]) for key in keys if key in self._sources]
        return [replace(s, cosine=cosines[key]) if key in cosines else s for key, s in present]

    def article(self, id: str) -> AttributedArticle | None:
        if id not in self._articles:
            self._articles[id] = self.store.article(id)
        return self._articles[id]

    def speaker_ids(self, speaker: Speaker) -> tuple[str, ...]:
        """The stored speakers whom the draft's name may mean."""
        if speaker not in self._speakers:
            surname = next((word for word, _ in reversed(words(speaker.name))), "")
            named = self.store.speakers(prefix=surname, limit=50) if surname else []
            alike = [s.id for s in named if s.id == speaker.id or same_name(s.name, speaker.name)]
            self._speakers[speaker] = tuple(dict.fromkeys([*alike, speaker.id]))
        return self._speakers[speaker]


def exact_candidates(archive: Archive, claim: Claim) -> list[Candidate]:
    """Every place where the quotation's words stand, as far as EXACT_DEPTH; the attributed speaker's own first."""
    phrase = _phrase(claim)
    if phrase is None:
        return []
    found: list[Source] = []
    if claim.speaker is not None:
        own = Filters(speakers=archive.speaker_ids(claim.speaker))
        found += archive.find(Retrieval("statement", clause=phrase, filters=own, depth=EXACT_DEPTH))
    for passages in _BOTH:
        found += archive.find(Retrieval(passages, clause=phrase, depth=EXACT_DEPTH))
    return _owned(archive, claim, [c for c in _laid(claim.quoted, found) if c.alignment.exact])


def like_candidates(
    archive: Archive, claim: Claim, vector: npt.NDArray[np.float32]
) -> tuple[list[Candidate], list[Source]]:
    """Passages like the quotation in words, and (second) statements near it in meaning, nearest first."""
    clause = _any_of(claim.text)
    found = archive.find(Retrieval("statement", clause=clause, vector=vector, depth=LIKE_DEPTH, floor=NEIGHBOUR_FLOOR))
    neighbours = sorted((s for s in found if s.cosine is not None), key=lambda s: (-(s.cosine or 0.0), s.id))
    if claim.direct:
        if clause is not None:
            found += archive.find(Retrieval("paragraph", clause=clause, depth=LIKE_DEPTH))
        for piece in _pieces(claim):
            found += _piece_sources(archive, piece)
    return _owned(archive, claim, _laid(claim.quoted, _sifted(claim.quoted, found))), neighbours


def _piece_sources(archive: Archive, piece: str) -> list[Source]:
    phrase = Phrase(tuple(word for word, _ in words(piece))[:PHRASE_WORDS])
    found: list[Source] = []
    for passages in _BOTH:
        found += archive.find(Retrieval(passages, clause=phrase, depth=4))
    if not found and (clause := _any_of(piece)) is not None:
        found = archive.find(Retrieval("statement", clause=clause, depth=4))
    return found


def _phrase(claim: Claim) -> Clause | None:
    """The longest run between ellipses and brackets, as the index cuts its words."""
    spans, best = claim.quoted.words.spans, (0, 0)
    start = 0
    for i in range(len(spans) + 1):
        if i == len(spans) or i in claim.quoted.gaps or i in claim.quoted.bracketed:
            best = max(best, (start, i), key=lambda run: run[1] - run[0])
            start = i + 1 if i in claim.quoted.bracketed else i
    if best[0] == best[1]:
        return None
    text = claim.text[spans[best[0]].start - claim.span.start : spans[best[1] - 1].end - claim.span.start]
    found = tuple(word for word, _ in words(text))[:PHRASE_WORDS]
    return Phrase(found) if found else None


def _any_of(text: str) -> Clause | None:
    """The longest content words of a text, any of them."""
    content = dict.fromkeys(word for word, _ in words(text) if word not in FUNCTION_WORDS)
    chosen = sorted(content, key=lambda word: (-len(word), word))[:SEARCH_WORDS]
    return AnyOf(tuple(Word((word,)) for word in chosen)) if chosen else None


def _pieces(claim: Claim) -> list[str]:
    """The clauses of a quotation between its marks of punctuation and ellipses, longest first: what may have been
    lifted from different places."""
    spans, offset = claim.quoted.words.spans, claim.span.start
    pieces, start = [], 0
    for i in range(1, len(spans) + 1):
        between = claim.text[spans[i - 1].end - offset : spans[i].start - offset] if i < len(spans) else "."
        if i in claim.quoted.gaps or any(mark in between for mark in _PHRASE_ENDS) or "..." in between:
            if i - start >= PIECE_WORDS:
                pieces.append((i - start, claim.text[spans[start].start - offset : spans[i - 1].end - offset]))
            start = i
    if len(pieces) < 2:
        half = len(spans) // 2
        if half < PIECE_WORDS:
            return []
        ends = ((0, half), (half, len(spans)))
        return [claim.text[spans[a].start - offset : spans[b - 1].end - offset] for a, b in ends]
    return [text for _, text in sorted(pieces, key=lambda piece: -piece[0])[:MOST_PIECES]]


def _sifted(quoted: QuotedWords, sources: Iterable[Source]) -> list[Source]:
    """Those that share the longest common subsequence of words, content words above all; statements first."""
    unique = {source.id: source for source in sources}
    norms = quoted.words.norms
    content = _content(norms)
    scored = [
        (
            LCSseq.similarity(content, _content(source.words.norms))
            + LIGHT_WEIGHT * LCSseq.similarity(norms, source.words.norms),
            source,
        )
        for source in unique.values()
    ]
    order = sorted(scored, key=lambda pair: (-pair[0], pair[1].statement is None, pair[1].id))
    return [source for shared, source in order[:SIFTED] if shared]


def _content(norms: Sequence[str]) -> list[str]:
    return [norm for norm in norms if norm not in FUNCTION_WORDS]


def _laid(quoted: QuotedWords, sources: Iterable[Source]) -> list[Candidate]:
    unique = {source.id: source for source in sources}
    laid = [Candidate(source, align(quoted, source.words)) for source in unique.values()]
    return [candidate for candidate in laid if candidate.alignment.runs]


def _owned(archive: Archive, claim: Claim, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates with the statements that hold their matched words. A paragraph that only repeats what one of
    its own statements gave as well is left out."""
    found = [replace(c, owners=(c.source.statement,)) for c in candidates if c.source.statement is not None]
    stated: dict[str, list[Candidate]] = {}
    for candidate in found:
        stated.setdefault(candidate.source.article.id, []).append(candidate)
    rest = sorted(
        (c for c in candidates if c.source.statement is None), key=lambda c: (-c.alignment.coverage, c.source.id)
    )
    read: set[str] = set()
    for candidate in rest:
        place = candidate.places()
        own = stated.get(candidate.source.article.id, ())
        if any(o.alignment.coverage >= candidate.alignment.coverage and _overlaps(o, place) for o in own):
            continue
        read.add(candidate.source.article.id)
        if len(read) > ARTICLES_A_CLAIM:
            break
        found.append(replace(candidate, owners=_owners(archive, candidate, place)))
    return [_with_article(archive, claim, candidate) for candidate in found]


def _with_article(archive: Archive, claim: Claim, candidate: Candidate) -> Candidate:
    """Unless the draft's speaker is known to have said it, the whole article is read for what it says of him."""
    if claim.speaker is None or any(said_by(claim.named, owner) == "same" for owner in candidate.owners):
        return candidate
    article = archive.article(candidate.source.article.id)
    return replace(candidate, article_text=article.article.text) if article else candidate


def _overlaps(candidate: Candidate, places: Iterable[Span]) -> bool:
    return any(piece.overlaps(place) for piece in candidate.source.spans for place in places)


def _owners(archive: Archive, candidate: Candidate, places: Sequence[Span]) -> tuple[Statement, ...]:
    article = archive.article(candidate.source.article.id)
    if article is None:
        return ()
    return tuple(s for s in article.statements if any(p.overlaps(place) for p in s.content for place in places))
