"""Statements near a text in words or meaning, from both retrievers."""

from __future__ import annotations

import numpy as np

from engine.check_retrieval import Archive
from engine.check_sources import Source
from engine.clauses import AnyOf, Word
from engine.query_words import FUNCTION_WORDS
from engine.stores.base import Retrieval
from engine.text import words
from engine.views import Sources

SEARCH_WORDS = 16
NEIGHBOUR_FLOOR = 0.5


def near(sources: Sources, archive: Archive, text: str, *, most: int) -> list[Source]:
    """Without an embedder, those near in words alone."""
    content = list(dict.fromkeys(word for word, _ in words(text) if word not in FUNCTION_WORDS))
    chosen = sorted(content, key=lambda word: (-len(word), word))[:SEARCH_WORDS]
    clause = AnyOf(tuple(Word((word,)) for word in chosen)) if chosen else None
    vector = None if sources.embedder is None else np.asarray(sources.embedder.embed([text])[0], np.float32)
    if clause is None and vector is None:
        return []
    return archive.find(Retrieval("statement", clause=clause, vector=vector, depth=most, floor=NEIGHBOUR_FLOOR))
