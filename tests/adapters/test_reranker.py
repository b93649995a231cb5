"""The reranker with a real cross-encoder of sentence-transformers: a tiny one, built here, with weights by chance."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.embed_onnx import model_folder
from engine.errors import ModelError, QueryError
from engine.query import SearchAnswer, SearchRequest
from engine.registry import Registry
from engine.rerank_torch import TorchReranker, load_torch_reranker
from engine.search import search
from engine.stores.base import Store
from engine.stores.embedded import open_embedded
from tests.builders import WordEmbedder
from tests.contract.builders import IDENTITY, embed, simple

ROOT = Path(__file__).resolve().parents[2]
WORDS = ("ferry", "bridge", "tax", "winter", "closed", "opens", "late", "the", "said", "ana", "ruiz")
TEXTS = [f"The {what} {when}" for what in WORDS[:4] for when in WORDS[4:7]]


class _Embedder(WordEmbedder):
    identity = IDENTITY

    def embed(self, texts):  # type: ignore[no-untyped-def, override]
        return embed(texts)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("models") / "tiny", labels=1)


def build(folder: Path, *, labels: int) -> Path:
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    pieces = {piece: number for number, piece in enumerate(("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS))}
    cutter = Tokenizer(models.WordPiece(pieces, unk_token="[UNK]"))
    cutter.normalizer = normalizers.BertNormalizer()
    cutter.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    cutter.post_processor = processors.BertProcessing(("[SEP]", pieces["[SEP]"]), ("[CLS]", pieces["[CLS]"]))
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64, num_labels=labels, initializer_range=0.5,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_object=cutter, model_max_length=64,
        unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]",
    ).save_pretrained(folder)  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def reranker(folder: Path) -> TorchReranker:
    return load_torch_reranker(str(folder))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_embedded(tmp_path / "store.db", identity=IDENTITY)
    list(store.put([simple(f"a{n:02}", text) for n, text in enumerate(TEXTS)]))
    yield store
    store.close()


def ask(store: Store, reranker: TorchReranker | None, **fields: object) -> SearchAnswer:
    request = SearchRequest(q="ferry bridge tax winter", **fields)  # type: ignore[arg-type]
    return search(store, _Embedder(), Registry.of(()), request, reranker=reranker)


def test_scores_are_the_librarys_own_alone_and_in_company(reranker: TorchReranker, folder: Path) -> None:
    import torch
    from sentence_transformers import CrossEncoder

    scores = reranker.scores("ferry closed", TEXTS)
    own = CrossEncoder(str(folder)).predict(
        [("ferry closed", text) for text in TEXTS], activation_fn=torch.nn.Sigmoid(), show_progress_bar=False
    )
    assert scores == pytest.approx([float(score) for score in own], abs=1e-5)
    assert len(set(scores)) > 6
    assert all(0 < score < 1 for score in scores)
    assert [reranker.scores("ferry closed", [text])[0] for text in TEXTS] == pytest.approx(scores, abs=2e-6)
    assert reranker.scores("ferry", []) == []
    assert len(reranker.scores("\ud800 ferry", ["\x00 \ud800", ""])) == 2


def test_the_first_hits_come_in_the_rerankers_order(store: Store, reranker: TorchReranker) -> None:
    plain, reranked = ask(store, None), ask(store, reranker)
    assert {hit.id for hit in plain.hits} == {hit.id for hit in reranked.hits}
    assert [hit.id for hit in plain.hits] != [hit.id for hit in reranked.hits]
    scores = reranker.scores("ferry bridge tax winter", [hit.text for hit in reranked.hits])
    assert scores == sorted(scores, reverse=True)
    assert [hit.score for hit in reranked.hits] == pytest.approx([1 + score for score in scores], abs=2e-6)
    ranks = {hit.id: (hit.keyword_rank, hit.semantic_rank) for hit in plain.hits}
    assert {hit.id: (hit.keyword_rank, hit.semantic_rank) for hit in reranked.hits} == ranks


def test_pages_keep_the_rerankers_order_and_a_cursor_is_bound_to_it(store: Store, reranker: TorchReranker) -> None:
    whole = [hit.id for hit in ask(store, reranker, limit=100).hits]
    paged: list[str] = []
    answer = ask(store, reranker, limit=5)
    first = answer.next
    while True:
        paged += [hit.id for hit in answer.hits]
        if answer.next is None:
            break
        answer = ask(store, reranker, limit=5, cursor=answer.next)
    assert paged == whole
    with pytest.raises(QueryError, match="another search"):
        ask(store, None, limit=5, cursor=first)


def test_without_words_there_is_nothing_to_rerank(store: Store, reranker: TorchReranker) -> None:
    request = SearchRequest()
    plain, same = (search(store, None, Registry.of(()), request, reranker=model) for model in (None, reranker))
    assert [hit.id for hit in plain.hits] == [hit.id for hit in same.hits]


def test_what_is_no_reranker_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        load_torch_reranker(str(tmp_path / "nowhere"))
    with pytest.raises(ModelError, match="is no cross-encoder"):
        load_torch_reranker(str(model_folder()))
    with pytest.raises(ModelError, match="3 scores a pair"):
        load_torch_reranker(str(build(tmp_path / "three", labels=3)))
    broken = build(tmp_path / "broken", labels=1)
    (broken / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ModelError, match=r"broken.*cannot be loaded"):
        load_torch_reranker(str(broken))


def test_the_command_line_reranks_and_refuses(tmp_path: Path, folder: Path) -> None:
    lines = [{"id": f"a{n}", "text": f"{text} today, and all of it."} for n, text in enumerate(TEXTS)]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    at = ["--store", f"sqlite:{tmp_path / 'store.db'}", "--json"]
    assert onrecord("index", str(tmp_path / "in.jsonl"), *at)[0] == 0
    query = ("search", "ferry bridge tax winter", "--in", "paragraphs", *at)
    plain, reranked = (json.loads(onrecord(*query, *more)[1]) for more in ((), ("--reranker", str(folder))))
    assert plain["total"] == reranked["total"] > 3
    assert all(hit["score"] > 1 for hit in reranked["hits"])
    code, out, error = onrecord(*query, "--reranker", str(tmp_path / "nowhere"))
    assert (code, out) == (1, "")
    assert "nowhere" in error


def onrecord(*arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr
