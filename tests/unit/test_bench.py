"""The benchmark measures what it says; it asserts no times."""

from pathlib import Path

from engine.bench import BenchPlan, run_bench
from engine.models import Article, AttributedArticle
from engine.ports import ModelIdentity, Vectors
from engine.prepare import Preparer
from engine.registry import Registry
from engine.stores.embedded import open_embedded
from tests.contract.builders import IDENTITY, embed, simple


class _Attributor:
    def attribute(self, article: Article) -> AttributedArticle:
        return AttributedArticle(article, ())


class _Embedder:
    identity: ModelIdentity = IDENTITY

    def embed(self, texts: list[str]) -> Vectors:
        return embed(texts)


def test_a_small_bench_fills_the_store_and_times_every_kind_of_search(tmp_path: Path) -> None:
    text = (
        "The bridge over the river Vale was closed yesterday because the water rose higher than ever before, number {}"
    )
    articles = [simple(f"a{n}", text.format(n)).attributed.article for n in range(5)]
    found = run_bench(
        articles,
        preparer=Preparer(_Attributor(), _Embedder(), "none"),  # type: ignore[arg-type]
        registry=Registry.of(()),
        open_store=lambda path: open_embedded(path, identity=IDENTITY, cache=tmp_path / "cache"),
        folder=tmp_path,
        plan=BenchPlan(passages=60, searches=4),
    )
    assert found["passages"] == 60
    assert (found["indexing"]["articles"], found["indexing"]["paragraphs"]) == (5, 5)
    kinds = {
        "bare scan of the vectors",
        "retrieval of all words, vector given",
        "retrieval of any words of a sentence, vector given",
        "bare, vector given",
        "search, whole",
        "search of a sentence, whole",
        "bare, whole",
    }
    assert set(found["search_ms"]) == kinds
    assert all(0 < times["p50"] <= times["p95"] for times in found["search_ms"].values())
    assert found["search_ms"]["bare scan of the vectors"]["to_bare_scan"] == 1
    assert found["memory_mb"] > 0
