"""Chooses the runtime for a model's name; the heavy imports stay in the adapters."""

from __future__ import annotations

from engine.ports import Embedder

DEFAULT_MODEL = "all-MiniLM-L6-v2"


def load_embedder(name: str = DEFAULT_MODEL, *, threads: int = 1) -> Embedder:
    """The default model runs on onnxruntime; any other name is given to sentence-transformers (hub name or folder).

    `torch:NAME` asks for sentence-transformers by name: the default model's vectors and identity are the same there.
    Raises ModelError where the model cannot be had.
    """
    if name.removeprefix("sentence-transformers/") == DEFAULT_MODEL:
        from engine.embed_onnx import load_onnx_embedder

        return load_onnx_embedder(threads=threads)
    from engine.embed_torch import load_torch_embedder

    return load_torch_embedder(name.removeprefix("torch:"))
