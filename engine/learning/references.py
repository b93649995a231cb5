"""Fits the weights by which a pronoun chooses among the figures before it: `python -m engine.learning.references`.

A linear model of the features in `engine.attribution.speakers_salience`, one for he and she, one for it, one for they,
on the training part of the corpus with its marked spans. Softmax over the candidates, cross-entropy of the gold figure,
pulled towards weights set by hand (`PRIOR`) rather than to zero. What the resolver finds for one pronoun is history for
the next, so choices are collected and fitted in rounds. `--check` compares with the hand-set weights by
cross-validation over articles and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.attribution.attribution import Attribution
from engine.attribution.gold import gold_article
from engine.attribution.speakers import resolve_weighing
from engine.attribution.speakers_history import Choice, Features
from engine.attribution.speakers_pronouns import kind_of
from engine.attribution.speakers_scorer import WEIGHTS, Scorer
from engine.learning.corpus import GoldDocument, GoldQuote, Offsets, load_corpus
from engine.learning.names import same_name
from engine.models import Span, Speaker
from engine.registry import Registry, load_registry

KINDS = ("he", "it", "they")
PRIOR: Features = {
    "sentences": -1.5, "paragraphs": -1.35, "first": 0.9, "last_speaker": 1.6, "speaks": 1.6, "gender": 1.5,
    "unsure": -1.0, "unnamed": -0.8, "oblique": -1.5, "in_marks": -3.2,
}  # fmt: skip
"""Weights set by hand, after Lappin and Leass (1994)."""
PULL = 0.01
"""Strength of the pull towards `PRIOR` (squared distance); 0.05 and 0.2 did no better by cross-validation."""
LEAST = 0.35
"""Share of the candidates' exponentials below which nobody is meant: costs 0.3 right names in 100, saves 1 wrong."""
ROUNDS, STEPS, RATE = 2, 400, 0.05
FOLDS, SEED = 5, 1

Row = tuple[list[Features], list[int]]
"""Candidates of one pronoun, and which of them are the gold one."""


@dataclass(slots=True)
class Outcome:
    """Named gold pronouns, those given the right and a wrong name; unnamed ones, and those given a name."""

    named: int = 0
    right: int = 0
    wrong: int = 0
    unnamed: int = 0
    invented: int = 0

    def add(self, gold: GoldQuote, found: str | None) -> None:
        if gold["speaker_name"]:
            right = same_name(gold["speaker_name"], found)
            self.named, self.right = self.named + 1, self.right + right
            self.wrong += found is not None and not right
        else:
            self.unnamed, self.invented = self.unnamed + 1, self.invented + (found is not None)

    def __str__(self) -> str:
        share = 100 / max(1, self.named)
        return (
            f"{self.named} named: right {self.right * share:.1f} %, wrong {self.wrong * share:.1f} %; "
            f"{self.unnamed} unnamed: given a name {self.invented}"
        )


def rows(
    documents: Sequence[GoldDocument], scorers: Mapping[str, Scorer], registry: Registry, outcome: Outcome
) -> dict[str, list[Row]]:
    """What was weighed for every pronoun that is a gold source, by kind; `outcome` counts what was chosen."""
    found: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    for document in documents:
        quotes = sorted(document["quotes"], key=lambda quote: quote["content"][0])
        attributions = [_attribution(quote) for quote in quotes]
        statements, choices = resolve_weighing(gold_article(document), attributions, registry, scorers)
        by_place = {choice.position: choice for choice in choices}
        for quote, statement in zip(quotes, statements, strict=True):
            if quote["form"] != "pronoun" or not quote["source"]:
                continue
            outcome.add(quote, _joined(statement.speakers))
            choice = by_place.get(min(quote["source"])[0])
            if choice and (gold := _gold(choice, quote)):
                found[kind_of(choice.pronoun)].append(([features for _, features in choice.ranked], gold))
    return found


def _attribution(quote: GoldQuote) -> Attribution:
    def spans(places: Offsets) -> tuple[Span, ...]:
        return tuple(sorted(Span(start, end) for start, end in places))

    return Attribution(
        content=spans(quote["content"]), cue=spans(quote["cue"]), source=spans(quote["source"]),
        channel=spans(quote["channel"]), kind=quote["type"],  # type: ignore[arg-type] # checked by the corpus
    )  # fmt: skip


def _joined(speakers: Sequence[Speaker]) -> str | None:
    return " and ".join(speaker.name for speaker in speakers) or None


def _gold(choice: Choice, quote: GoldQuote) -> list[int]:
    """Which candidates are the gold speaker; for an unnamed one all that have no name."""
    names = [_joined(figure.speakers) for figure, _ in choice.ranked]
    wanted = quote["speaker_name"]
    if wanted is None:
        return [at for at, name in enumerate(names) if name is None]
    return [at for at, name in enumerate(names) if name and same_name(wanted, name)]


def fit(rows: Sequence[Row]) -> dict[str, float]:
    """Weights by feature (Adam on the mean cross-entropy)."""
    names = sorted({name for candidates, _ in rows for features in candidates for name in features})
    column = {name: at for at, name in enumerate(names)}
    owner = np.array([number for number, (candidates, _) in enumerate(rows) for _ in candidates])
    gold = np.array([at in right for candidates, right in rows for at in range(len(candidates))], dtype=float)
    values = np.zeros((len(owner), len(names)))
    for line, features in enumerate(features for candidates, _ in rows for features in candidates):
        for name, value in features.items():
            values[line, column[name]] = value
    prior = np.array([PRIOR.get(name, 0.0) for name in names])
    weights, mean, square = prior.copy(), np.zeros_like(prior), np.zeros_like(prior)
    for step in range(1, STEPS + 1):
        gradient = values.T @ _excess(values @ weights, owner, gold, len(rows)) / len(rows) + PULL * (weights - prior)
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        weights = weights - RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}


def _excess(scores: np.ndarray, owner: np.ndarray, gold: np.ndarray, count: int) -> np.ndarray:
    """Each candidate's share less its share among the gold ones: the gradient of the cross-entropy."""
    highest = np.full(count, -np.inf)
    np.maximum.at(highest, owner, scores)
    raised = np.exp(scores - highest[owner])
    shares = raised / np.bincount(owner, raised, count)[owner]
    right = raised * gold
    excess: np.ndarray = shares - right / np.bincount(owner, right, count)[owner]
    return excess


def by_hand(least: float = 0.0) -> dict[str, Scorer]:
    return {kind: Scorer(PRIOR, least) for kind in KINDS}


def train(documents: Sequence[GoldDocument], registry: Registry) -> dict[str, Scorer]:
    scorers = by_hand()
    for _ in range(ROUNDS):
        weighed = rows(documents, scorers, registry, Outcome())
        scorers = {kind: Scorer(fit(weighed[kind]) if weighed[kind] else PRIOR, LEAST) for kind in KINDS}
    return scorers


def check(documents: Sequence[GoldDocument], registry: Registry) -> tuple[Outcome, Outcome]:
    """By hand, and fitted on the other folds: what both choose on all articles."""
    shuffled = list(documents)
    random.Random(SEED).shuffle(shuffled)
    hand, fitted = Outcome(), Outcome()
    rows(shuffled, by_hand(), registry, hand)
    for fold in range(FOLDS):
        scorers = train([d for at, d in enumerate(shuffled) if at % FOLDS != fold], registry)
        rows(shuffled[fold::FOLDS], scorers, registry, fitted)
    return hand, fitted


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="cross-validate against the hand-set weights")
    arguments = parser.parse_args()
    documents, registry = load_corpus(heldout=False), load_registry()
    if arguments.check:
        hand, fitted = check(documents, registry)
        print(f"by hand  {hand}\nfitted   {fitted}")
        return
    scorers = train(documents, registry)
    told = {
        "trained_by": "python -m engine.learning.references",
        "articles": len(documents),
        "scorers": {
            kind: {"least": s.least, "weights": dict(sorted(s.weights.items()))} for kind, s in scorers.items()
        },
    }
    WEIGHTS.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    outcome = Outcome()
    rows(documents, scorers, registry, outcome)
    print(f"on its own training articles: {outcome}")


if __name__ == "__main__":
    main()
