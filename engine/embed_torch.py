"""Sentence vectors through sentence-transformers: any model of the hub or a folder, at torch's start-up price."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.embed_onnx import NAME, check_weights, model_folder
from engine.errors import ModelError
from engine.ports import ModelIdentity, Vectors


class TorchEmbedder:
    """A SentenceTransformer. Vectors are made unit length whether or not the model does it."""

    def __init__(self, model: Any, identity: ModelIdentity) -> None:
        self._model = model
        self._identity = identity

    @property
    def identity(self) -> ModelIdentity:
        return self._identity

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self._identity.dimensions), np.float32)
        readable = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        vectors = self._model.encode(
            readable, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, np.float32)


def load_torch_embedder(name: str, *, device: str | None = None) -> TorchEmbedder:
    """`name` is a hub name or a folder; the default model's name means the installed weights.

    Raises ModelError where the model is neither installed, cached nor reachable.
    """
    from sentence_transformers import SentenceTransformer

    bundled = name.removeprefix("sentence-transformers/") == NAME
    place = str(model_folder()) if bundled else name
    if bundled:
        check_weights(Path(place) / "model.safetensors")
    try:
        model = SentenceTransformer(place, device=device)
    except (OSError, ValueError) as error:
        raise ModelError(f"the model {name!r} cannot be loaded: {error}") from error
    # sentence-transformers 6 renamed it and warns of the old name, which 5 has.
    size = getattr(model, "get_embedding_dimension", None) or model.get_sentence_embedding_dimension
    dimensions = size()
    if dimensions is None:
        raise ModelError(f"the model {name!r} gives no sentence vectors")
    return TorchEmbedder(
        model, ModelIdentity(NAME if bundled else name, _weights_sha256(place, model), int(dimensions))
    )


def _weights_sha256(place: str, model: Any) -> str:
    """Of model.safetensors where the model is a folder that has it, else of its parameters by name."""
    file = Path(place) / "model.safetensors"
    if file.is_file():
        with file.open("rb") as weights:
            return hashlib.file_digest(weights, "sha256").hexdigest()
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode("utf-8"))
        digest.update(tensor.detach().cpu().float().contiguous().numpy().tobytes())
    return digest.hexdigest()
