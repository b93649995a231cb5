"""Whom a pronoun means: the likeliest of those mentioned before it, by gender, number, recency and who is speaking."""

from __future__ import annotations

import math
from collections.abc import Iterator

from engine.attribution.speakers_cast import Figure
from engine.attribution.speakers_history import LOOK_BACK, Choice, Features, History
from engine.attribution.speakers_lexicon import lexicon
from engine.attribution.speakers_reading import Mention, Reading
from engine.attribution.speakers_salience import Place, Seen, features

MALE, FEMALE = frozenset({"he", "him", "his", "himself"}), frozenset({"she", "her", "hers", "herself"})
THING = frozenset({"it", "its", "itself"})
MANY = frozenset({"they", "them", "their", "theirs", "themselves"})
SOMEBODY = "somebody"
"""Stands for a description that tells no gender: any one person with a name."""
RELATIVE = frozenset({"who", "whom", "whose", "which", "that"})
FIRST = frozenset({"i", "me", "my", "mine", "we", "us", "our", "ours"})
NEAR = 40
"""Characters between a relative pronoun and what it belongs to."""


def fits(figure: Figure, pronoun: str) -> bool:
    if pronoun in MALE or pronoun in FEMALE:
        if figure.kind in ("body", "state", "outlet", "document") or figure.plural or figure.members:
            return False
        if not figure.name and not figure.gender and not figure.roles & lexicon().people:
            return False
        return figure.gender in (None, "male" if pronoun in MALE else "female")
    if pronoun == SOMEBODY:
        return figure.kind == "person" and bool(figure.name) and not figure.plural and not figure.members
    if pronoun in THING:
        if figure.kind == "document":
            return True
        return figure.kind != "person" and not figure.plural and not figure.members and not figure.gender
    if pronoun in MANY:
        return figure.plural or bool(figure.members) or figure.kind in ("body", "state", "outlet")
    return True


def kind_of(pronoun: str) -> str:
    return "it" if pronoun in THING else "they" if pronoun in MANY else "he"


def referent(pronoun: str, position: int, history: History, *, others: tuple[Figure, ...] = ()) -> Figure | None:
    """The likeliest figure before the position; None where nobody fits, or none is likely enough. `others` speak the
    words around the pronoun: inside marks they would say "I", and are not meant.
    """
    ranked = weighed(pronoun, position, history, others=others)
    if not ranked:
        return None
    history.choices.append(Choice(pronoun, position, ranked))
    score = history.scorers[kind_of(pronoun)]
    scores = [score.of(values) for _, values in ranked]
    best = max(range(len(ranked)), key=lambda i: (scores[i], ranked[i][0].last_before(position), -i))
    total = sum(math.exp(each - scores[best]) for each in scores)
    return ranked[best][0] if 1 / total >= score.least else None


def weighed(
    pronoun: str, position: int, history: History, *, others: tuple[Figure, ...] = ()
) -> list[tuple[Figure, Features]]:
    """All figures before the position that the pronoun may mean, the last mentioned first, with their features."""
    seen = _seen(pronoun, position, history, others)
    ordered = sorted(seen, key=lambda each: -each.last)
    place = _place(pronoun, position, history)
    return [(each.figure, features(each, place, history, rank)) for rank, each in enumerate(ordered)]


def _seen(pronoun: str, position: int, history: History, others: tuple[Figure, ...]) -> list[Seen]:
    found: dict[int, Seen] = {}
    quoted = history.is_quoted(position)

    def candidate(figure: Figure) -> Seen | None:
        if not fits(figure, pronoun) or (quoted and figure in others):
            return None
        return found.setdefault(id(figure), Seen(figure, [], [], figure in others))

    for mention in _mentions(position, history.reading):
        if (each := candidate(mention.figure)) is not None:
            each.mentions.append(mention)
    said = history.speakers_before(position)
    for rank in range(len(said) - 1, -1, -1):
        for figure in said[rank].figures:
            if (each := candidate(figure)) is not None:
                each.said.append((said[rank].position, rank))
    return list(found.values())


def _mentions(position: int, reading: Reading) -> Iterator[Mention]:
    yield from mentions_before(position, reading)
    yield from mentions_before(position, reading, strangers=True)


def _place(pronoun: str, position: int, history: History) -> Place:
    reading = history.reading
    sentence = reading.sentence(position)
    same = reading.pronouns.get("male" if pronoun in MALE else "female" if pronoun in FEMALE else kind_of(pronoun), ())
    opens = sentence > 0 and position - reading.sentences[sentence - 1] <= 1
    return Place(position, sentence, history.paragraph(position), history.is_quoted(position), opens, tuple(same))


def mentions_before(position: int, reading: Reading, *, strangers: bool = False) -> list[Mention]:
    mentions = reading.strangers if strangers else reading.mentions
    low, high = 0, len(mentions)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if mentions[middle].start < position else (low, middle)
    return mentions[max(0, low - LOOK_BACK) : low]


def antecedent(position: int, history: History) -> Figure | None:
    """Whom "who" or "which" belongs to: the name just before it."""
    before = mentions_before(position, history.reading)
    if before and position - before[-1].end <= NEAR:
        return before[-1].figure
    said = history.speakers_before(position)
    return said[0].figures[0] if said and said[0].figures else (before[-1].figure if before else None)
