"""Nouns and inputs for tests, each with as little as a test needs to say. All persons and places are fictional."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.models import Article, AttributedArticle, Paragraph, Span, Speaker, Statement
from engine.ports import ModelIdentity, Vectors

NAMES = ("Ana Ruiz", "Tomas Lindqvist", "Miriam Okafor", "Jonas Weir", "Petra Sandoval")
PLACES = ("harbour", "bridge", "hospital", "library", "ferry", "market")


def paragraphs_of(text: str) -> tuple[Paragraph, ...]:
    """Body paragraphs: the lines that are not empty."""
    found, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            found.append(Paragraph(Span(start, start + len(line)), "body"))
        start += len(line) + 1
    return tuple(found)


def article(text: str = "“The ferry stays,” Ana Ruiz said.", **fields: Any) -> Article:
    return Article(**{"id": "a1", "text": text, "paragraphs": paragraphs_of(text)} | fields)


def span_of(text: str, words: str) -> Span:
    """Where the words stand; they must stand there."""
    start = text.index(words)
    return Span(start, start + len(words))


def statement(text: str, content: str, *, speaker: str | None = "Ana Ruiz", **fields: Any) -> Statement:
    speakers = (Speaker(speaker.lower().replace(" ", "-"), speaker),) if speaker else ()
    given = {"id": f"s-{content[:12]}", "kind": "direct", "content": (span_of(text, content),), "speakers": speakers}
    return Statement(**given | {"form": "named" if speaker else "none"} | fields)


@dataclass(frozen=True, slots=True)
class ScriptedAttributor:
    """Says of every article what the script says; an exception is raised."""

    script: dict[str, tuple[Statement, ...] | Exception]

    def attribute(self, article: Article) -> AttributedArticle:
        answer = self.script.get(article.id, ())
        if isinstance(answer, Exception):
            raise answer
        return AttributedArticle(article, answer)


class WordEmbedder:
    """Unit vectors from a hash of the text: deterministic, quick, and of no meaning."""

    identity = ModelIdentity("words", "0" * 64, 16)

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), 16), np.float32)
        for row, text in enumerate(texts):
            raw = np.frombuffer(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest(), np.uint8)
            vectors[row] = raw[:16].astype(np.float32) - 127.5
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True) if len(texts) else vectors


def news(number: int) -> dict[str, str]:
    """A short article as a JSONL record, different for every number."""
    name, place = NAMES[number % len(NAMES)], PLACES[number % len(PLACES)]
    text = (
        f"The {place} will open again on day {number}, the town said.\n\n"
        f"“We have counted {number} cracks in the {place},” {name} said on Monday. “That is {number} too many.”\n\n"
        f"{name.split()[1]} denied that plan number {number} had been dropped."
    )
    return {
        "id": f"news-{number:04d}",
        "title": f"The {place} and its {number} cracks",
        "outlet": ("Harbour Wire", "Port Else Gazette")[number % 2],
        "published": f"2031-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
        "url": f"https://example.org/news/{number}",
        "text": text,
    }


def write_news(path: Path, numbers: Sequence[int]) -> Path:
    path.write_text("".join(json.dumps(news(n), ensure_ascii=False) + "\n" for n in numbers), encoding="utf-8")
    return path
