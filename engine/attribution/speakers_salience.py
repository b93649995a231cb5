"""How salient a figure is where a pronoun stands: features of one candidate, weighed by a small linear model.

After Lappin and Leass (1994), whose factors (recency, subject, agreement) the features are; the weights are fitted on
the training part of the corpus by `python -m engine.learning.references` and stand in `model/references.json`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from engine.attribution.speakers_cast import Figure
from engine.attribution.speakers_history import Features, History
from engine.attribution.speakers_reading import Mention
from engine.models import Span

FAR = 8
"""Sentences beyond which all are equally far."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pronoun stands: its sentence, its paragraph, whether in marks, whether it opens its sentence."""

    position: int
    sentence: int
    paragraph: int
    quoted: bool
    opens: bool
    same: tuple[int, ...] = ()
    """Sentences, in order, in which a pronoun of the same kind stands."""


@dataclass(slots=True)
class Seen:
    """What is known of one candidate before the place."""

    figure: Figure
    mentions: list[Mention]
    said: list[tuple[int, int]]
    """Places at which it spoke, each with how many others have spoken since (0: the last speaker)."""
    around: bool = False
    """Does it speak the words in which the pronoun stands?"""

    @property
    def last(self) -> int:
        named = self.mentions[-1].start if self.mentions else -1
        return max(named, self.said[-1][0] if self.said else -1)


def features(seen: Seen, place: Place, history: History, rank: int) -> Features:
    """`rank` is how many other candidates were mentioned later."""
    reading = history.reading
    figure, last = seen.figure, seen.last
    away = place.sentence - reading.sentence(last)
    bare = away - _between(place.same, reading.sentence(last), place.sentence)
    blocks = place.paragraph - history.paragraph(last)
    named = seen.mentions[-1] if seen.mentions else None
    values: Features = {
        "same_sentence": away == 0,
        "sentence_1": away == 1,
        "sentences": min(FAR, away),
        "bare_sentences": min(FAR, max(0, bare)),
        "paragraphs": min(4, blocks),
        "same_paragraph": blocks == 0,
        "around": seen.around,
        "rank_0": rank == 0,
        "rank": min(4, rank),
        "mentions": min(5, len(seen.mentions)) / 5,
        "spoke": min(4, len(seen.said)) / 4,
        "last_speaker": bool(seen.said) and seen.said[-1][1] == 0,
        "speaker_before": bool(seen.said) and seen.said[-1][1] == 1,
        "never_spoke": not seen.said,
        "unnamed": not figure.speakers,
        "unsure": figure.kind == "unsure",
        "articled": figure.articled,
        "gender": figure.gender is not None,
        "given_name": figure.given_name,
        "roles": bool(figure.roles),
        "body": figure.kind == "body",
        "state": figure.kind == "state",
        "outlet": figure.kind == "outlet",
        "document": figure.kind == "document",
        "group": bool(figure.members) or figure.plural,
    }
    if named:
        near = named.start == last
        marked = history.is_quoted(named.start)
        values |= {
            "first": named.first and near,
            "first_1": named.first and away == 1 and near,
            "first_0": named.first and away == 0,
            "first_opens": named.first and place.opens and away <= 2,
            "oblique": named.oblique and near,
            "speaks": named.speaks and near,
            "in_marks": marked and not place.quoted and near,
            "both_marks": marked and place.quoted,
            "own_content": near and _inside(named.start, history.own),
            "own_oblique": near and named.oblique and _inside(named.start, history.own),
            "own_first": near and named.first and _inside(named.start, history.own),
            "own_only": _inside(seen.mentions[0].start, history.own) and not seen.said,
        }
    return {name: float(value) for name, value in values.items() if value}


def _inside(position: int, spans: tuple[Span, ...]) -> bool:
    return any(span.start <= position < span.end for span in spans)


def _between(ordered: tuple[int, ...], low: int, high: int) -> int:
    return max(0, bisect_left(ordered, high) - bisect_right(ordered, low))
