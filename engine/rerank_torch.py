"""A cross-encoder of sentence-transformers as reranker: any model of the hub or a folder with one score a pair.

R. Nogueira, K. Cho, "Passage re-ranking with BERT", 2019. Off unless a model is named: none is bundled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.errors import ModelError
from engine.text import encodable

BATCH = 32


class TorchReranker:
    """A CrossEncoder with one score a pair, brought to 0..1 by the logistic function (which keeps the order)."""

    def __init__(self, model: Any, name: str) -> None:
        self._model = model
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Raises ModelError where the model gives no number."""
        from torch.nn import Sigmoid

        if not texts:
            return []
        pairs = [(encodable(query), encodable(text)) for text in texts]
        found = self._model.predict(pairs, batch_size=BATCH, show_progress_bar=False, activation_fn=Sigmoid())
        scores = np.asarray(found, np.float64)
        if scores.shape != (len(texts),) or not np.isfinite(scores).all():
            raise ModelError(f"the reranker {self._name!r} gives no number for a pair: its weights are damaged")
        # Batches of other lengths differ in the last digits, which must not reorder two texts.
        return [float(score) for score in np.round(scores, 6)]


def load_torch_reranker(name: str, *, device: str | None = None) -> TorchReranker:
    """`name` is a hub name or a folder.

    Raises ModelError where the model is neither a folder, cached nor reachable, or is no cross-encoder with one score.
    """
    from safetensors import SafetensorError
    from sentence_transformers import CrossEncoder
    from transformers import AutoConfig

    try:
        config = AutoConfig.from_pretrained(name)
        _check_is_one(name, config)
        model = CrossEncoder(name, device=device)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        first = next((line for line in str(error).splitlines() if line.strip()), repr(error))
        raise ModelError(
            f"the reranker {name!r} cannot be loaded: {first} Give the name or the folder of a cross-encoder, or none."
        ) from error
    return TorchReranker(model, name)


def _check_is_one(name: str, config: Any) -> None:
    """Any other model would be loaded all the same, with a last layer of random numbers."""
    kinds = config.architectures or []
    if not any(kind.endswith("ForSequenceClassification") for kind in kinds):
        raise ModelError(f"the model {name!r} is no cross-encoder (it is {', '.join(kinds) or 'of no named kind'})")
    if config.num_labels != 1:
        raise ModelError(f"the model {name!r} gives {config.num_labels} scores a pair; a reranker gives one")
