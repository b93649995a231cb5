"""Writes a trained tagger as the product ships it: model.onnx, config.json, tokenizer.json."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from engine.learning.graph import tagger_graph
from engine.learning.labels import CHANNEL_LABELS, MAIN_LABELS
from engine.learning.recipe import Recipe
from engine.learning.train import Trained

HELD_BACK = 1.5
"""Nats taken from O when decoding the main labels, chosen by cross-validation (see MODEL_CARD.md)."""


def export(trained: Trained, recipe: Recipe, base: Path, folder: Path, *, trained_on: dict[str, Any]) -> None:
    """Raises OSError where the folder cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: tensor.detach().numpy() for name, tensor in trained.network.state_dict().items()}
    weights = tagger_graph(state, trained.network.encoder.config.to_dict()).SerializeToString(deterministic=True)
    (folder / "model.onnx").write_bytes(weights)
    shutil.copyfile(base / "tokenizer.json", folder / "tokenizer.json")
    config = {
        "name": recipe.name,
        "base": recipe.base,
        "layers": recipe.layers,
        "seed": recipe.seed,
        "runs": recipe.runs,
        "trained_on": trained_on,
        "weights_sha256": hashlib.sha256(weights).hexdigest(),
        "main": _labels(MAIN_LABELS, trained.main_transitions, HELD_BACK),
        "channel": _labels(CHANNEL_LABELS, trained.channel_transitions, 0.0),
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def _labels(names: tuple[str, ...], transitions: np.ndarray, held_back: float) -> dict[str, Any]:
    return {"labels": names, "transitions": np.round(transitions, 5).astype(float).tolist(), "held_back": held_back}
