"""The embedder with its real weights, through both runtimes."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.embed import load_embedder
from engine.embed_onnx import (
    WEIGHTS_SHA256,
    WINDOW,
    OnnxEmbedder,
    cached_graph,
    check_weights,
    load_onnx_embedder,
    model_folder,
)
from engine.errors import ModelError

TEXTS = [
    "We need safe zones for refugees, said the minister.",
    "Short.",
    "",
    "Lavrov: зоны безопасности для беженцев",
    "Words \x00 with NUL, \ud800 a lone surrogate and 🙂",
    "The council voted on the budget after a long debate about roads, schools and water. " * 40,
]


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> OnnxEmbedder:
    return load_onnx_embedder(cache=tmp_path_factory.mktemp("cache"))


def test_vectors_have_unit_length_and_the_models_dimensions(embedder: OnnxEmbedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert embedder.embed([]).shape == (0, 384)


def test_a_text_has_the_same_vector_whatever_else_is_in_the_batch(embedder: OnnxEmbedder) -> None:
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    crowd = embedder.embed([*TEXTS, *(f"{'filler ' * n}text" for n in range(60)), *reversed(TEXTS)])
    assert np.abs(crowd[: len(TEXTS)] - alone).max() < 1e-6
    assert np.abs(crowd[-len(TEXTS) :][::-1] - alone).max() < 1e-6


def test_a_question_asked_again_has_its_own_copy_of_the_same_vector(embedder: OnnxEmbedder) -> None:
    first = embedder.embed(["asked twice"])
    kept = first.copy()
    first[:] = 0
    assert np.array_equal(embedder.embed(["asked twice"]), kept)
    many = embedder.embed([f"question {n}" for n in range(3)])
    assert np.abs(np.concatenate([embedder.embed([f"question {n}"]) for n in range(3)]) - many).max() < 1e-6


def test_what_is_past_the_window_is_cut(embedder: OnnxEmbedder) -> None:
    window = "word " * (WINDOW - 2)
    cut, longer = embedder.embed([window, window + "something else altogether"])
    assert np.abs(cut - longer).max() < 1e-6


def test_meaning_is_nearer_than_chance(embedder: OnnxEmbedder) -> None:
    query, near, far = embedder.embed(["refugee shelters", "safe places for displaced people", "the price of copper"])
    assert query @ near > query @ far + 0.2


@pytest.mark.slow
def test_sentence_transformers_and_onnxruntime_give_the_same_vectors(embedder: OnnxEmbedder) -> None:
    torch_embedder = load_embedder("torch:all-MiniLM-L6-v2")
    assert torch_embedder.identity == embedder.identity
    cosines = (torch_embedder.embed(TEXTS) * embedder.embed(TEXTS)).sum(axis=1)
    assert cosines.min() >= 0.99999
    assert torch_embedder.embed([]).shape == (0, 384)


def test_a_model_that_cannot_be_had_is_named() -> None:
    with pytest.raises(ModelError, match="no-such-model-anywhere"):
        load_embedder("no-such/no-such-model-anywhere")


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    shutil.copy(model_folder() / "model.safetensors", weights)
    check_weights(weights)
    with weights.open("r+b") as file:
        file.seek(50_000_000)
        file.write(b"\x01\x02\x03")
    with pytest.raises(ModelError, match="damaged"):
        check_weights(weights)
    with pytest.raises(ModelError, match="cannot be read"):
        check_weights(tmp_path / "absent")


def test_a_damaged_cached_graph_is_built_anew(tmp_path: Path, embedder: OnnxEmbedder) -> None:
    folder = model_folder()
    path = cached_graph(folder / "model.safetensors", folder / "config.json", tmp_path)
    whole = path.stat().st_size
    path.write_bytes(path.read_bytes()[: whole // 2])
    again = load_onnx_embedder(cache=tmp_path)
    assert path.stat().st_size == whole
    assert np.array_equal(again.embed(TEXTS[:2]), embedder.embed(TEXTS[:2]))
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([path.name, path.with_suffix(".sha256").name])


def test_the_default_embedder_starts_without_torch() -> None:
    script = (
        "import json, sys\n"
        "from engine.embed import load_embedder\n"
        "identity = load_embedder().identity\n"
        "heavy = [m for m in ('torch', 'sentence_transformers', 'transformers') if m in sys.modules]\n"
        "print(json.dumps([identity.weights_sha256, heavy]))"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == [WEIGHTS_SHA256, []]
