"""How a tagger is made: an encoder fine-tuned on marked articles; the same numbers for the same seed and machine."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from engine.attribution.segments import Block
from engine.attribution.tagger_text import Window, windows
from engine.learning.corpus import GoldDocument
from engine.learning.labels import CHANNEL_LABELS, IGNORED, MAIN_LABELS, labels_of
from engine.learning.network import TaggerNetwork, with_pooled_dropout
from engine.learning.recipe import Recipe
from engine.models import Span

_BUCKET = 50
"""Batches in a stretch that is sorted by length, so that little of a batch is padding."""
_SMOOTHING = 1e-4
"""Added to every count of a transition: one never seen stays possible."""


@dataclass(frozen=True, slots=True)
class Example:
    window: Window
    main: tuple[int, ...]
    channel: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained network with the log-probabilities of label following label, (labels, labels) each."""

    network: TaggerNetwork
    tokenizer: Tokenizer
    main_transitions: np.ndarray
    channel_transitions: np.ndarray


def paragraphs(text: str) -> tuple[Block, ...]:
    """A marked article's paragraphs: its non-empty lines."""
    blocks, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block(Span(start, start + len(line))))
        start += len(line) + 1
    return tuple(blocks)


def examples_of(documents: Sequence[GoldDocument], tokenizer: Tokenizer) -> list[Example]:
    examples = []
    for document in documents:
        found = windows(document["text"], paragraphs(document["text"]), tokenizer)
        for window, (main, channel) in zip(found, labels_of(document, found), strict=True):
            examples.append(Example(window, tuple(main), tuple(channel)))
    return examples


def train(
    documents: Sequence[GoldDocument], base: Path, recipe: Recipe, *, report: Callable[[str], None] = print
) -> Trained:
    """Trains on `documents` from the pretrained encoder in folder `base` (Hugging Face layout, with tokenizer.json).

    Several runs of one recipe start alike, see the examples in other orders, and are averaged weight by weight
    (M. Wortsman et al., "Model soups", 2022): steadier than one run and no slower at work.
    """
    tokenizer = load_tokenizer(base)
    examples = examples_of(documents, tokenizer)
    networks = [one_run(examples, base, recipe, run, report) for run in recipe.runs]
    return Trained(
        averaged(networks).eval(),
        tokenizer,
        transitions([e.main for e in examples], len(MAIN_LABELS)),
        transitions([e.channel for e in examples], len(CHANNEL_LABELS)),
    )


def one_run(
    examples: Sequence[Example], base: Path, recipe: Recipe, run: int, report: Callable[[str], None]
) -> TaggerNetwork:
    """One training; `run` decides the order of the examples and the dropout, not the start."""
    torch.manual_seed(recipe.seed)
    network = TaggerNetwork(base, layers=recipe.layers)
    random.seed(recipe.seed + run)
    torch.manual_seed(recipe.seed + run)
    network = with_pooled_dropout(network)
    network.freeze(layers=recipe.frozen_layers)
    _fit(network, examples, recipe, report)
    return network


def averaged(networks: Sequence[TaggerNetwork]) -> TaggerNetwork:
    """The first network, given the mean of all their weights."""
    states = [network.state_dict() for network in networks]
    mean = {name: torch.stack([state[name].float() for state in states]).mean(dim=0) for name in states[0]}
    networks[0].load_state_dict(mean)
    return networks[0]


def load_tokenizer(base: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def transitions(sequences: Sequence[Sequence[int]], labels: int) -> np.ndarray:
    """Log-probability of each label after each; a window begins as if after O."""
    counts = np.full((labels, labels), _SMOOTHING)
    for sequence in sequences:
        previous = 0
        for label in sequence:
            counts[previous, label] += 1
            previous = label
    chances: np.ndarray = np.log(counts / counts.sum(axis=1, keepdims=True)).astype(np.float32)
    return chances


def _fit(network: TaggerNetwork, examples: Sequence[Example], recipe: Recipe, report: Callable[[str], None]) -> None:
    heads = [*network.out.parameters(), *network.places.parameters()]
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    groups: list[dict[str, Any]] = [
        {"params": encoder, "lr": recipe.encoder_rate},
        {"params": heads, "lr": recipe.head_rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=recipe.weight_decay, fused=True)
    steps = recipe.epochs * math.ceil(len(examples) / recipe.batch)

    def rate(step: int) -> float:
        return min(1.0, (step + 1) / (recipe.warm_up * steps)) * max(0.0, (steps - step) / steps)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    network.train()
    for epoch in range(recipe.epochs):
        total, seen = 0.0, 0
        for batch in _batches(examples, recipe.batch):
            loss = loss_of(network, batch)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), recipe.longest_gradient)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total, seen = total + loss.item(), seen + 1
        report(f"{recipe.name}: epoch {epoch + 1} of {recipe.epochs}, mean loss {total / max(1, seen):.4f}")


def _batches(examples: Sequence[Example], size: int) -> Iterator[list[Example]]:
    order = list(range(len(examples)))
    random.shuffle(order)
    for start in range(0, len(order), size * _BUCKET):
        stretch = sorted(order[start : start + size * _BUCKET], key=lambda i: len(examples[i].window.ids))
        batches = [stretch[k : k + size] for k in range(0, len(stretch), size)]
        random.shuffle(batches)
        for batch in batches:
            yield [examples[i] for i in batch]


def loss_of(network: TaggerNetwork, batch: Sequence[Example]) -> torch.Tensor:
    """Cross-entropy over first pieces of words: main labels and channel labels, summed."""
    longest = max(len(example.window.ids) for example in batch)
    ids, attended, places = (torch.zeros(len(batch), longest, dtype=torch.long) for _ in range(3))
    main, channel = (torch.full((len(batch), longest), IGNORED) for _ in range(2))
    for row, example in enumerate(batch):
        window = example.window
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        places[row, : len(window.ids)] = torch.tensor(window.places)
        attended[row, : len(window.ids)] = 1
        firsts = torch.tensor(window.firsts)
        main[row, firsts] = torch.tensor(example.main)
        channel[row, firsts] = torch.tensor(example.channel)
    scores = network(ids, attended, places)
    wide = len(MAIN_LABELS)
    cross_entropy = torch.nn.functional.cross_entropy
    loss: torch.Tensor = cross_entropy(scores[..., :wide].transpose(1, 2), main, ignore_index=IGNORED)
    return loss + cross_entropy(scores[..., wide:].transpose(1, 2), channel, ignore_index=IGNORED)
