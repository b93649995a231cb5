"""The neural tagger at work: onnxruntime and tokenizers, no torch.

Each window goes through the network by itself, on one thread: the same article gives the same answer whatever else is
read, and several workers do not fight for cores. On a processor the 8-bit weights are multiplied as integers, with
activations quantised per window; on CUDA they are widened to float32 at load.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.attribution.rules_mending import mended
from engine.attribution.segments import Block, Segment
from engine.attribution.tagger_decoding import LabelSet
from engine.attribution.tagger_text import Window, windows
from engine.errors import ModelError
from engine.text import plain

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer


class NeuralTagger:
    """`Tagger` by a trained network."""

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer, main: LabelSet, channel: LabelSet) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._main = main
        self._channel = channel

    @classmethod
    def load(cls, means: str) -> NeuralTagger:
        """One of the shipped taggers. Raises ModelError where its files are missing or not the ones they should be."""
        return cls.from_folder(Path(str(resources.files("engine.attribution") / "model" / means)))

    @classmethod
    def from_folder(cls, folder: Path) -> NeuralTagger:
        """A tagger written by `onrecord train`: config.json, model.onnx, tokenizer.json."""
        from tokenizers import Tokenizer

        config = read_config(folder)
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        session = open_session(checked_weights(folder / "model.onnx", config))
        return cls(session, tokenizer, label_set(config["main"]), label_set(config["channel"]))

    def tag(self, text: str, blocks: Sequence[Block]) -> list[tuple[Segment, ...]]:
        found: list[list[Segment]] = [[] for _ in blocks]
        for window in windows(text, blocks, self._tokenizer):
            found[window.block] += self._read(window)
        return mended(plain(text), blocks, found)

    def _read(self, window: Window) -> list[Segment]:
        scores = self.scores(window)
        wide = len(self._main.names)
        return self._main.decode(scores[:, :wide], window.words) + self._channel.decode(scores[:, wide:], window.words)

    def read(self, text: str, blocks: Sequence[Block]) -> list[np.ndarray]:
        """Label scores of every window's words, in order: what another network can be taught by."""
        return [self.scores(window) for window in windows(text, blocks, self._tokenizer)]

    def scores(self, window: Window) -> np.ndarray:
        """Label scores of the window's words, (words, labels): main labels, then the channel's."""
        ids, places = np.array(window.ids, np.int64), np.array(window.places, np.int64)
        (scores,) = self._session.run(None, {"ids": ids, "places": places})
        kept: np.ndarray = scores[list(window.firsts)]
        return kept


def read_config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:
        raise ModelError(f"no tagger in {folder}: {cause}; `--attribution rules` needs none") from cause
    if not isinstance(config, dict) or {"weights_sha256", "main", "channel"} - config.keys():
        raise ModelError(f"{folder / 'config.json'} is not a tagger's configuration")
    return config


def checked_weights(place: Path, config: Mapping[str, Any]) -> bytes:
    """The file's bytes, if they are those the configuration names."""
    try:
        weights = place.read_bytes()
    except OSError as cause:
        raise ModelError(f"weights of the tagger are missing: {place}: {cause}") from cause
    found = hashlib.sha256(weights).hexdigest()
    if found != config["weights_sha256"]:
        raise ModelError(f"{place} is damaged: sha256 {found}, should be {config['weights_sha256']}")
    return weights


def label_set(config: Mapping[str, Any]) -> LabelSet:
    names = tuple(config["labels"])
    transitions = np.array(config["transitions"], np.float32)
    if transitions.shape != (len(names), len(names)):
        raise ModelError(f"transitions of shape {transitions.shape} for {len(names)} labels")
    return LabelSet(names, transitions, float(config["held_back"]))


def open_session(weights: bytes) -> InferenceSession:
    """On CUDA where onnxruntime has it, else on one processor thread. Raises ModelError for what is no model."""
    import onnxruntime

    from engine.attribution.tagger_graph import with_integer_products

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.disable_quant_qdq", "1")  # DequantizeLinear on weights folds at load
    providers = [
        p for p in ("CUDAExecutionProvider", "CPUExecutionProvider") if p in onnxruntime.get_available_providers()
    ]
    graph = weights if providers[0].startswith("CUDA") else with_integer_products(weights)
    try:
        return onnxruntime.InferenceSession(graph, options, providers=providers)
    except Exception as cause:  # onnxruntime raises bare classes of its own, made at run time
        if type(cause).__module__.startswith("onnxruntime"):
            raise ModelError(f"onnxruntime cannot open the tagger: {cause}") from cause
        raise
