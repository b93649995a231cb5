"""`onrecord eval search`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from api import wiring
from api.asking import MODES
from api.terminal import out, print_json, tell
from engine.errors import QueryError, UsageError
from engine.settings import Settings

if TYPE_CHECKING:
    from engine.ports import Embedder
    from engine.query import Mode
    from engine.stores.base import Store

SINGLE = ("keyword", "semantic")
"""The retrievers that are fused."""

INDEX_SUFFIX = "-eval"
"""Put behind the index prefix on Elasticsearch, so that a measurement never touches an archive."""


@contextmanager
def _own_store(settings: Settings, embedder: Embedder, keep: Path | None) -> Iterator[Store]:
    """A store for this measurement alone: the file that is to be kept, a temporary one, or (for an http url) an index
    of its own name."""
    if (settings.store or "").startswith(("http://", "https://")):
        if keep is not None:
            raise UsageError("--keep names a file of the embedded store; give it without an Elasticsearch store")
        own = replace(settings, index=settings.index + INDEX_SUFFIX)
        store = wiring.open_store(own, identity=embedder.identity, create=True)
        try:
            if store.counts().articles:
                raise UsageError(f"{store.location}: the index {own.index} holds articles already")
            yield store
        finally:
            _emptied(store)
            store.close()
        return
    with tempfile.TemporaryDirectory() as folder:
        own = replace(settings, store=f"sqlite:{keep or Path(folder) / 'eval.sqlite3'}")
        store = wiring.open_store(own, identity=embedder.identity, create=True)
        try:
            yield store
        finally:
            store.close()


def _emptied(store: Store) -> None:
    while articles := store.articles(limit=500):
        store.delete([attributed.article.id for attributed in articles])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is measured: `mode` hybrid is set against its two single retrievers unless it is to be `only` itself."""

    folder: Path
    mode: str = "hybrid"
    only: bool = False
    run_file: Path | None = None
    keep: Path | None = None


def run_evaluation(wanted: Wanted, *, settings: Settings, as_json: bool) -> None:
    """Raises InputError on a malformed collection, UsageError where the run cannot be written."""
    from engine.evaluate_collection import read_collection
    from engine.evaluate_search import evaluation_record, index_collection, run_collection, write_run

    if wanted.mode not in MODES:
        raise QueryError(f"mode: {wanted.mode!r} is none of {', '.join(MODES)}")
    collection = read_collection(wanted.folder)
    embedder, reranker, registry = (
        wiring.load_embedder(settings), wiring.load_reranker(settings), wiring.load_registry(settings),
    )  # fmt: skip
    modes = SINGLE if wanted.mode == "hybrid" and not wanted.only else ()
    with _own_store(settings, embedder, wanted.keep) as store:
        tell(f"{len(collection.documents):,} documents, {len(collection.judgements):,} judged queries")
        index_collection(collection, store=store, embedder=embedder)
        run, *alone = (
            run_collection(collection, store=store, embedder=embedder, registry=registry, mode=cast("Mode", mode),
                           reranker=reranker if mode == wanted.mode else None)
            for mode in (wanted.mode, *modes)
        )  # fmt: skip
    tag = f"onrecord-{wanted.mode}{'-reranked' if reranker else ''}"
    record = evaluation_record(collection, run, tag=tag, alone=dict(zip(modes, alone, strict=True)))
    if wanted.run_file is not None:
        try:
            with wanted.run_file.open("w", encoding="utf-8") as stream:
                write_run(run, stream, tag=tag)
        except OSError as error:
            raise UsageError(f"{wanted.run_file}: cannot be written: {error.strerror}") from error
    print_json(record) if as_json else _show(record, wanted.mode)


def _show(record: dict[str, Any], mode: str) -> None:
    def line(title: str, measure: dict[str, float], sign: str = "") -> None:
        bounds = f"95 % {measure['low']:{sign}.4f} to {measure['high']:{sign}.4f}"
        out().print(f"  {title:<20} {measure['value']:{sign}.4f}  ({bounds})", highlight=False)

    for name in ("ndcg@10", "mrr@10", "recall@100"):
        out().print(name, style="bold")
        line(mode, record[name])
        for retriever, found in record.get("alone", {}).items():
            line(f"{retriever} alone", found[name])
            line(f"gain over {retriever}", record["gain"][retriever][name], "+")
