"""`onrecord eval search`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from api import wiring
from api.asking import MODES
from api.terminal import out, print_json, tell
from engine.errors import QueryError, UsageError
from engine.settings import Settings

if TYPE_CHECKING:
    from engine.ports import Embedder
    from engine.query import Mode
    from engine.stores.base import Store

INDEX_SUFFIX = "-eval"
"""Put behind the index prefix on Elasticsearch, so that a measurement never touches an archive."""


@contextmanager
def _own_store(settings: Settings, embedder: Embedder) -> Iterator[Store]:
    """A store for this measurement alone: a temporary file, or (for an http url) an index of its own name."""
    if not (settings.store or "").startswith(("http://", "https://")):
        with tempfile.TemporaryDirectory() as folder:
            own = replace(settings, store=f"sqlite:{folder}/eval.sqlite3")
            store = wiring.open_store(own, identity=embedder.identity, create=True)
            try:
                yield store
            finally:
                store.close()
        return
    own = replace(settings, index=settings.index + INDEX_SUFFIX)
    store = wiring.open_store(own, identity=embedder.identity, create=True)
    try:
        yield store
    finally:
        _emptied(store)
        store.close()


def _emptied(store: Store) -> None:
    while articles := store.articles(limit=500):
        store.delete([attributed.article.id for attributed in articles])


def run_evaluation(folder: Path, *, run_file: Path | None, mode: str, settings: Settings, as_json: bool) -> None:
    """Raises InputError on a malformed collection, UsageError where the run cannot be written."""
    from engine.evaluate_collection import read_collection
    from engine.evaluate_search import evaluation_record, index_collection, run_collection, write_run

    if mode not in MODES:
        raise QueryError(f"mode: {mode!r} is none of {', '.join(MODES)}")
    collection = read_collection(folder)
    tag = f"onrecord-{mode}"
    embedder = wiring.load_embedder(settings)
    with _own_store(settings, embedder) as store:
        if store.counts().articles:
            raise UsageError(f"{store.location}: the index {settings.index}{INDEX_SUFFIX} holds articles already")
        tell(f"{len(collection.documents):,} documents, {len(collection.judgements):,} judged queries")
        index_collection(collection, store=store, embedder=embedder)
        registry = wiring.load_registry(settings)
        run = run_collection(collection, store=store, embedder=embedder, registry=registry, mode=cast("Mode", mode))
    record = evaluation_record(collection, run, tag=tag)
    if run_file is not None:
        try:
            with run_file.open("w", encoding="utf-8") as stream:
                write_run(run, stream, tag=tag)
        except OSError as error:
            raise UsageError(f"{run_file}: cannot be written: {error.strerror}") from error
    if as_json:
        print_json(record)
        return
    for name in ("ndcg@10", "mrr@10", "recall@100"):
        measure = record[name]
        out().print(f"{name:<11} {measure['value']:.4f}  (95 % {measure['low']:.4f} to {measure['high']:.4f})")
