"""`onrecord migrate` on Elasticsearch: a new index is filled while the old one answers and takes writes.

1. A numbered index is made, without aliases, and every article is made ready anew (other model, other mapping) and
   written into it with its `origin`: the generation it had in the old index.
2. What was written or deleted meanwhile is found by comparing origins with generations, and carried over, until little
   is left. Nothing depends on clocks.
3. The aliases are moved in one step. Writers go on in the new index; the old one is closed to writing, and what reached
   it at the last moment is carried over, unless the new index has something newer.
4. The old index is deleted.

Up to the move a failure deletes the new index and nothing else: the old one was never touched. After it the new index
serves, and the next `migrate` to the same model finishes steps 3 and 4.
"""

from __future__ import annotations

import contextlib
import itertools
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from engine.errors import OnRecordError, StoreConflictError, StoreError, StoreUnavailableError
from engine.models import AttributedArticle, Skipped
from engine.ports import ModelIdentity
from engine.stores.base import PreparedArticle
from engine.stores.elastic_bulk import Bulk
from engine.stores.elastic_client import ElasticAddress, check_server, connect, translated
from engine.stores.elastic_documents import attributed_article
from engine.stores.elastic_index import (
    IndexInfo,
    Layout,
    create,
    describe,
    own_alias,
    serving_index,
)
from engine.stores.elastic_marks import Mark, differences
from engine.stores.elastic_write import ArticleWriter
from index_config.elasticsearch import MAPPING_VERSION

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

COPY_ARTICLES = 32
FEW = 20
"""So few changes in a round of catching up, and the aliases are moved; the rest is carried over afterwards."""
ROUNDS = 10
ABANDONED_SECONDS = 900.0
"""A new index that nobody has touched for so long belongs to a `migrate` that died."""
BEAT_SECONDS = 60.0

Prepare = Callable[[Sequence[AttributedArticle], Sequence[str]], Iterable[PreparedArticle | Skipped]]
"""Makes stored articles ready anew; their fingerprints are given and kept."""
Watch = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """`deleted` are indexes that are gone now: the old one and what earlier attempts had left."""

    articles: int
    index: str
    deleted: tuple[str, ...]
    seconds: float


def rebuild(
    address: ElasticAddress,
    *,
    identity: ModelIdentity,
    prepare: Prepare,
    layout: Layout | None = None,
    watch: Watch | None = None,
) -> RebuildReport:
    """Rebuild for another model, mapping or layout. `watch` is told articles done and articles there are.

    Raises StoreConflictError (another migrate is at work), StoreError (an article the new index refuses) and the rest
    of the store's errors; whatever `prepare` raises comes through. See above for what stands after a failure.
    """
    client = connect(address)
    with contextlib.closing(client):
        check_server(client, address)
        return _Rebuild(client, address, identity, prepare, layout, watch or _unwatched).run()


def _unwatched(done: int, of: int) -> None:
    del done, of


@dataclass(slots=True)
class _Rebuild:
    client: Elasticsearch
    address: ElasticAddress
    identity: ModelIdentity
    prepare: Prepare
    layout: Layout | None
    watch: Watch
    deleted: list[str] = field(default_factory=list)
    beat: float = 0.0

    def run(self) -> RebuildReport:
        began = time.monotonic()
        old = serving_index(self.client, self.address)
        if old is None:
            raise StoreUnavailableError(f"there is no index {self.address.index} at {self.address.location} to rebuild")
        if old.building:
            self._describe(replace(old, building=False))  # the last migrate ended between its move and this
        if self._finish_earlier(old) and self._is_as_wished(old):
            return RebuildReport(self._count(old.name), old.name, tuple(self.deleted), time.monotonic() - began)
        new = self._make(old)
        try:
            self._fill(old.name, new)
            self._move(old, new)
        except BaseException:
            with contextlib.suppress(OnRecordError):
                now = serving_index(self.client, self.address)
                if now is not None and now.name != new.name:  # a move may succeed though its answer was lost
                    self._delete(new.name)
            raise
        self._describe(replace(new, building=False))
        self._empty(old.name, new.name)
        return RebuildReport(self._count(new.name), new.name, tuple(self.deleted), time.monotonic() - began)

    def _make(self, old: IndexInfo) -> IndexInfo:
        number = 1 + int(re.sub(r"\D", "", old.name.removeprefix(self.address.index)) or 0)
        name = f"{self.address.index}-{number:06d}"
        layout = self.layout or old.layout
        if not create(self.client, self.address, name=name, identity=self.identity, layout=layout, serving=False):
            raise StoreConflictError(f"another migrate at {self.address.location} has just made {name}; wait for it")
        info = IndexInfo(name, self.identity, MAPPING_VERSION, layout, building=True)
        self._beat(info)
        return info

    # --- copying -------------------------------------------------------------------------------------------------

    def _fill(self, old: str, made: IndexInfo) -> None:
        """Rounds of catching up; the first copies everything."""
        total, new = self._count(old), made.name
        done = 0
        for _ in range(ROUNDS):
            changed = 0
            for batch in _chunks(self._differences(old, new), COPY_ARTICLES):
                self._carry(old, new, batch)
                changed += len(batch)
                done += len(batch)
                self.watch(min(done, total), total)
                self._beat(made)
            self._bulk(new).refresh()
            if changed <= FEW:
                return
        # So busy an archive never holds still; what is left is carried over after the move.

    def _differences(self, old: str, new: str) -> Iterator[Mark]:
        self._bulk(old).refresh()
        self._bulk(new).refresh()
        return differences(self.client, self.address, old=old, new=new)

    def _carry(self, old: str, new: str, batch: Sequence[Mark]) -> None:
        """Write, or delete, these articles in the new index as they are in the old."""
        origins = {id: generation for id, generation in batch if generation is not None}
        gone = [id for id, generation in batch if generation is None]
        bulk = self._bulk(new)
        writer = ArticleWriter(self.client, bulk, dimensions=self.identity.dimensions, origins=origins)
        for outcome in writer.write(self._prepared(old, sorted(origins)), time.time_ns()):
            if outcome.outcome == "refused":
                raise StoreError(f"article {outcome.article} cannot be rebuilt: {outcome.reason}")
        if gone:
            writer.delete(gone)

    def _prepared(self, index: str, ids: Sequence[str]) -> list[PreparedArticle]:
        ready: list[PreparedArticle] = []
        sources = self._sources(index, ids)
        articles = [attributed_article(source) for source in sources]
        fingerprints = [str(source["kept"]["fingerprint"]) for source in sources]
        for prepared in self.prepare(articles, fingerprints) if articles else ():
            if isinstance(prepared, Skipped):
                raise StoreError(f"an article cannot be rebuilt: {prepared.reason}")
            ready.append(prepared)
        return ready

    def _sources(self, index: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        if not ids:
            return []
        query = {"bool": {"filter": [{"term": {"type": "article"}}, {"terms": {"article": list(ids)}}]}}
        with translated(self.address):
            answer = self.client.search(
                index=index, query=query, size=len(ids), sort=[{"article": "asc"}],
                source_includes=["kept.record", "kept.fingerprint"], allow_partial_search_results=False,
            )  # fmt: skip
        return [hit["_source"] for hit in answer["hits"]["hits"]]

    # --- moving --------------------------------------------------------------------------------------------------

    def _move(self, old: IndexInfo, new: IndexInfo) -> None:
        """In one step, and only if the old index still serves."""
        alias, own = self.address.index, own_alias(self.address.index, self.identity)
        actions: list[dict[str, Any]] = [
            {"remove": {"index": old.name, "alias": alias, "must_exist": True}},
            {"remove": {"index": old.name, "alias": f"{alias}-for-*", "must_exist": False}},
            {"add": {"index": new.name, "alias": alias}},
            {"add": {"index": new.name, "alias": own}},
        ]
        with translated(self.address):
            self.client.indices.update_aliases(actions=actions)

    def _empty(self, old: str, new: str) -> None:
        """No more writing into an index that serves nobody (a writer refused there finds the new one by its alias);
        what reached it at the last moment is carried over, and it goes."""
        with translated(self.address):
            self.client.indices.put_settings(index=old, settings={"index.blocks.write": True})
        for batch in _chunks(self._differences(old, new), COPY_ARTICLES):
            self._carry(old, new, batch)
        self._bulk(new).refresh()
        self._delete(old)

    def _is_as_wished(self, serving: IndexInfo) -> bool:
        same_model = replace(serving.identity, name="") == replace(self.identity, name="")
        same_layout = self.layout in (None, serving.layout)
        return same_model and same_layout and serving.mapping_version == MAPPING_VERSION

    def _finish_earlier(self, serving: IndexInfo) -> bool:
        """What earlier attempts left: a half-filled index goes, one that served until a move is emptied and goes.
        Whether there was one of the second kind."""
        finished = False
        with translated(self.address):
            found = self.client.indices.get_mapping(index=f"{self.address.index}-*").body
        for name, said in sorted(found.items()):
            meta = said["mappings"].get("_meta", {}).get("onrecord")
            if name == serving.name or not re.fullmatch(rf"{re.escape(self.address.index)}-\d+", name) or not meta:
                continue
            if not meta["building"]:
                self._may_finish(serving)
                self._empty(name, serving.name)
                finished = True
                continue
            if time.time() - meta.get("beat", 0) < ABANDONED_SECONDS:
                raise StoreConflictError(
                    f"another migrate at {self.address.location} is filling {name} (or died within the last "
                    f"{ABANDONED_SECONDS / 60:.0f} minutes); wait, or delete that index"
                )
            self._delete(name)
        return finished

    def _may_finish(self, serving: IndexInfo) -> None:
        if replace(serving.identity, name="") != replace(self.identity, name=""):
            raise StoreConflictError(
                f"an earlier migrate to {serving.identity.name} was not finished; run it once more with that model, "
                f"then migrate to {self.identity.name}"
            )

    def _delete(self, name: str) -> None:
        with translated(self.address):
            self.client.indices.delete(index=name, ignore_unavailable=True)
        self.deleted.append(name)

    # --- small things --------------------------------------------------------------------------------------------

    def _bulk(self, name: str) -> Bulk:
        return Bulk(self.client, self.address, name, require_alias=False)

    def _count(self, name: str) -> int:
        with translated(self.address):
            return int(self.client.count(index=name, query={"term": {"type": "article"}})["count"])

    def _beat(self, info: IndexInfo) -> None:
        if time.monotonic() - self.beat > BEAT_SECONDS:
            self.beat = time.monotonic()
            self._describe(info)

    def _describe(self, info: IndexInfo) -> None:
        meta = describe(info.identity, info.layout, building=info.building)
        meta["onrecord"]["mapping_version"] = info.mapping_version
        meta["onrecord"]["beat"] = time.time()
        with translated(self.address):
            self.client.indices.put_mapping(index=info.name, meta=meta)


def _chunks(marks: Iterator[Mark], size: int) -> Iterator[list[Mark]]:
    while chunk := list(itertools.islice(marks, size)):
        yield chunk
