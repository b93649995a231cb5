"""How a tagger is made: an encoder fine-tuned on marked articles; the same numbers for the same seed and machine."""

from __future__ import annotations

import math
import os
import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from engine.attribution.segments import Block
from engine.attribution.tagger import NeuralTagger
from engine.attribution.tagger_text import Window, windows
from engine.learning.corpus import GoldDocument
from engine.learning.labels import CHANNEL_LABELS, IGNORED, MAIN_LABELS, labels_of
from engine.learning.network import TaggerNetwork, with_pooled_dropout
from engine.learning.recipe import Recipe
from engine.models import Span

_BUCKET = 50
"""Batches in a stretch that is sorted by length, so that little of a batch is padding."""
_WIDE = len(MAIN_LABELS)
_TEMPERATURE = 2.0
"""Divides scores before a teacher's are compared: what it holds for nearly as likely counts too."""
_SMOOTHING = 1e-4
"""Added to every count of a transition: one never seen stays possible."""


@dataclass(frozen=True, slots=True)
class Example:
    """A window with the labels of its words; `taught` is a teacher's scores for them, (words, labels)."""

    window: Window
    main: tuple[int, ...]
    channel: tuple[int, ...]
    taught: np.ndarray | None = None


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
    documents: Sequence[GoldDocument],
    base: Path,
    recipe: Recipe,
    *,
    teacher: NeuralTagger | None = None,
    report: Callable[[str], None] = print,
) -> Trained:
    """Trains on `documents` from the pretrained encoder in folder `base` (Hugging Face layout, with tokenizer.json).

    Several runs of one recipe start alike, see the examples in other orders, and are averaged weight by weight
    (M. Wortsman et al., "Model soups", 2022): steadier than one run and no slower at work. Each run has a process of
    its own on one thread, as many side by side as there are cores: the numbers do not depend on how many. With a
    `teacher`, a tagger at work, half of the loss asks for its scores (G. Hinton et al., "Distilling the Knowledge in a
    Neural Network", 2015).
    """
    tokenizer = load_tokenizer(base)
    examples = examples_of(documents, tokenizer)
    if teacher is not None:
        report(f"{recipe.name}: reading {len(documents)} articles with its teacher")
        examples = taught_by(teacher, documents, examples)
    return Trained(
        averaged(base, recipe, _runs(examples, base, recipe, report)).eval(),
        tokenizer,
        transitions([e.main for e in examples], len(MAIN_LABELS)),
        transitions([e.channel for e in examples], len(CHANNEL_LABELS)),
    )


def taught_by(teacher: NeuralTagger, documents: Sequence[GoldDocument], examples: Sequence[Example]) -> list[Example]:
    """The examples of `documents`, in their order, with the teacher's scores beside the labels."""
    scores = [s for document in documents for s in teacher.read(document["text"], paragraphs(document["text"]))]
    return [replace(e, taught=s.astype(np.float16)) for e, s in zip(examples, scores, strict=True)]


def _runs(
    examples: Sequence[Example], base: Path, recipe: Recipe, report: Callable[[str], None]
) -> list[dict[str, np.ndarray]]:
    """The weights that each run ends with."""
    if len(recipe.runs) == 1:
        return [_told(weights_of_run(examples, base, recipe, recipe.runs[0]), recipe, recipe.runs[0], report)]
    together = min(len(recipe.runs), os.cpu_count() or 1)
    with ProcessPoolExecutor(together, mp_context=get_context("spawn")) as processes:
        ended = processes.map(partial(weights_of_run, examples, base, recipe), recipe.runs)
        return [_told(outcome, recipe, run, report) for run, outcome in zip(recipe.runs, ended, strict=True)]


def _told(
    outcome: tuple[dict[str, np.ndarray], list[float]], recipe: Recipe, run: int, report: Callable[[str], None]
) -> dict[str, np.ndarray]:
    weights, losses = outcome
    report(f"{recipe.name}: run {run}, mean loss by epoch {', '.join(f'{loss:.4f}' for loss in losses)}")
    return weights


def weights_of_run(
    examples: Sequence[Example], base: Path, recipe: Recipe, run: int
) -> tuple[dict[str, np.ndarray], list[float]]:
    """One training on one thread: weights and the mean loss of each epoch.

    `run` decides the order of the examples and the dropout, not the start.
    """
    torch.set_num_threads(1)  # more would change the order of sums, and with it the numbers
    torch.manual_seed(recipe.seed)
    network = TaggerNetwork(base, layers=recipe.layers)
    random.seed(recipe.seed + run)
    torch.manual_seed(recipe.seed + run)
    network = with_pooled_dropout(network)
    network.freeze(layers=recipe.frozen_layers)
    losses = _fit(network, examples, recipe)
    return {name: tensor.detach().numpy() for name, tensor in network.state_dict().items()}, losses


def averaged(base: Path, recipe: Recipe, weights: Sequence[dict[str, np.ndarray]]) -> TaggerNetwork:
    """A network with the mean of the runs' weights."""
    network = TaggerNetwork(base, layers=recipe.layers)
    mean = {name: np.mean([run[name] for run in weights], axis=0, dtype=np.float64) for name in weights[0]}
    network.load_state_dict({name: torch.from_numpy(np.float32(value)) for name, value in mean.items()})
    return network


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


def _fit(network: TaggerNetwork, examples: Sequence[Example], recipe: Recipe) -> list[float]:
    """Trains in place; the mean loss of each epoch."""
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
    losses = []
    for _ in range(recipe.epochs):
        total, seen = 0.0, 0
        for batch in _batches(examples, recipe.batch):
            loss = loss_of(network, batch)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), recipe.longest_gradient)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total, seen = total + loss.item(), seen + 1
        losses.append(total / max(1, seen))
    return losses


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
    """Cross-entropy over first pieces of words, main labels and channel labels summed; half of it against a teacher."""
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
    loss = _cross_entropy(scores[..., :_WIDE], main) + _cross_entropy(scores[..., _WIDE:], channel)
    if any(example.taught is None for example in batch):
        return loss
    return (loss + _distance(scores, batch)) / 2


def _cross_entropy(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.cross_entropy(scores.transpose(1, 2), labels, ignore_index=IGNORED)


def _distance(scores: torch.Tensor, batch: Sequence[Example]) -> torch.Tensor:
    """Kullback-Leibler divergence from the teacher's distributions at the common temperature, times its square."""
    rows = torch.tensor([row for row, example in enumerate(batch) for _ in example.window.firsts])
    firsts = torch.tensor([first for example in batch for first in example.window.firsts])
    own = scores[rows, firsts] / _TEMPERATURE
    taught = torch.from_numpy(np.concatenate([np.float32(e.taught) for e in batch])) / _TEMPERATURE
    divergence = own.new_zeros(())
    for labels in (slice(None, _WIDE), slice(_WIDE, None)):
        wanted = torch.log_softmax(taught[:, labels], dim=1)
        found = torch.log_softmax(own[:, labels], dim=1)
        divergence = divergence + torch.nn.functional.kl_div(found, wanted, reduction="batchmean", log_target=True)
    return divergence * _TEMPERATURE**2
