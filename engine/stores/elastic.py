"""The Elasticsearch store: what one machine cannot hold, a cluster does. Same promises as the embedded store's.

Its parts: `elastic_client` (the line), `elastic_index` (index and aliases), `elastic_documents` (nouns to documents),
`elastic_write` and `elastic_bulk` (writing), `elastic_query` and `elastic_read` (reading), `elastic_rebuild` (migrate).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from engine.errors import StoreConflictError, StoreUnavailableError, UsageError
from engine.models import AttributedArticle
from engine.ports import ModelIdentity
from engine.query import Filters
from engine.stores.base import (
    Counts,
    Key,
    PreparedArticle,
    PutOutcome,
    Retrieval,
    Retrieved,
    Scope,
    SpeakerCount,
    StoredPassage,
)
from engine.stores.elastic_answers import day_of, facet_counts
from engine.stores.elastic_bulk import Bulk, Pauses
from engine.stores.elastic_client import ElasticAddress, check_server, connect
from engine.stores.elastic_documents import (
    article_key,
    attributed_article,
    speaker_key,
    split_key,
    storable,
    stored_passage,
)
from engine.stores.elastic_index import IndexInfo, Layout, check, open_index, own_alias, serving_index
from engine.stores.elastic_lookup import articles_body, counts_body, scope_body, speaker_prefix_body, statement_body
from engine.stores.elastic_put import Putter
from engine.stores.elastic_read import PAGE, Reader
from engine.stores.elastic_write import ArticleWriter
from engine.text import fold

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

CHUNK = 500

Answer = TypeVar("Answer")


def open_elastic(
    address: ElasticAddress,
    *,
    identity: ModelIdentity | None = None,
    create: bool = True,
    layout: Layout | None = None,
    pauses: Pauses | None = None,
) -> ElasticStore:
    """Connected and checked.

    A new index is made by the first writing, which needs an `identity`; without `create` its absence is an error.

    Raises ModelMismatchError, StoreVersionError (also for a server too old), StoreUnavailableError (no answer, or no
    index and not `create`), SettingsError, StoreError (credentials refused).
    """
    client = connect(address)
    try:
        check_server(client, address)
        info = serving_index(client, address)
        if info is None and not create:
            raise StoreUnavailableError(
                f"there is no index {address.index} at {address.location}; index something first: onrecord index PATH"
            )
        if info is not None:
            check(info, identity, address)
    except BaseException:
        client.close()
        raise
    chosen = layout or Layout()
    return ElasticStore(client, address, info=info, wanted=identity, layout=chosen, pauses=pauses or Pauses())


class ElasticStore:
    """See `engine.stores.base.Store`. Safe in threads."""

    def __init__(
        self,
        client: Elasticsearch,
        address: ElasticAddress,
        *,
        info: IndexInfo | None,
        wanted: ModelIdentity | None,
        layout: Layout,
        pauses: Pauses,
    ) -> None:
        self._client = client
        self._address = address
        self._info = info
        self._wanted = wanted
        self._layout = layout
        self._pauses = pauses
        self._lock = threading.Lock()
        self._closed = False

    @property
    def identity(self) -> ModelIdentity | None:
        info = self._current()
        return None if info is None else info.identity

    @property
    def location(self) -> str:
        return self._address.location

    # --- writing -------------------------------------------------------------------------------------------------

    def put(self, articles: Iterable[PreparedArticle]) -> Iterator[PutOutcome]:
        info = self._current() or self._made()
        bulk = self._bulk(info)
        writer = ArticleWriter(self._client, bulk, dimensions=info.identity.dimensions)
        try:
            yield from Putter(writer.write, writer.refresh).put(articles)
        except StoreConflictError:
            self._recheck()
            raise

    def delete(self, ids: Sequence[str]) -> tuple[str, ...]:
        info = self._current()
        if info is None:
            return ()
        bulk = self._bulk(info)
        deleted = ArticleWriter(self._client, bulk, dimensions=info.identity.dimensions).delete(ids)
        if ids:  # also what was deleted by one who died before he could show it
            bulk.refresh()
        return deleted

    def _made(self) -> IndexInfo:
        """The index, made by the first writer."""
        if self._wanted is None:
            raise UsageError("a new store cannot be written without a model; open it with one")
        with self._lock:
            self._info = open_index(self._client, self._address, self._wanted, self._layout)
            return self._info

    def _bulk(self, info: IndexInfo) -> Bulk:
        return Bulk(self._client, self._address, own_alias(self._address.index, info.identity), pauses=self._pauses)

    # --- reading -------------------------------------------------------------------------------------------------

    def fingerprints(self, ids: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for source in self._articles_by_id(ids, ["article", "type", "kept.fingerprint", "kept.claim"]):
            if "claim" not in source["kept"]:
                found[source["article"]] = source["kept"]["fingerprint"]
        return found

    def article(self, id: str) -> AttributedArticle | None:
        for source in self._articles_by_id([id], ["type", "kept.record"]):
            return attributed_article(source)
        return None

    def _articles_by_id(self, ids: Sequence[str], fields: list[str]) -> Iterator[dict[str, Any]]:
        keys = [article_key(id) for id in dict.fromkeys(ids)]
        for found in self._get([key + key for key in keys], fields):
            if found["_source"]["type"] == "article":
                yield found["_source"]

    def articles(
        self, *, after_id: str | None = None, limit: int = 100, filters: Filters | None = None
    ) -> list[AttributedArticle]:
        return [article for article, _ in self.numbered_articles(after_id=after_id, limit=limit, filters=filters)]

    def numbered_articles(
        self, *, after_id: str | None = None, limit: int = 100, filters: Filters | None = None
    ) -> list[tuple[AttributedArticle, int]]:
        """With the generation of each."""
        body = articles_body(after_id=after_id, limit=limit, filters=filters)
        hits = self._hits(body)
        return [(attributed_article(hit["_source"]), int(hit["_source"]["generation"])) for hit in hits]

    def statement(self, id: str) -> StoredPassage | None:
        for hit in self._hits(statement_body(id)) if storable(id) else ():
            return stored_passage(hit["_routing"] + hit["_id"], hit["_source"])
        return None

    def passages(self, keys: Sequence[Key]) -> dict[Key, StoredPassage]:
        fields = ["id", "type", "kept"]
        found = self._get([str(key) for key in dict.fromkeys(keys)], fields)
        return {key: stored_passage(key, one["_source"]) for one in found if (key := one["_routing"] + one["_id"])}

    def _get(self, keys: Sequence[str], fields: list[str]) -> Iterator[dict[str, Any]]:
        """Documents by key as the last refresh shows them, so that they agree with what searches find."""
        reader = self._reader()
        if reader is None:
            return
        for start in range(0, len(keys), CHUNK):
            pairs = map(split_key, keys[start : start + CHUNK])
            docs = [{"_id": id, "routing": routing, "_source": fields} for routing, id in pairs]
            found = self._sent(partial(reader.get, docs))
            yield from (one for one in found if one.get("found"))

    def _hits(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        reader = self._reader()
        return [] if reader is None else list(self._sent(lambda: reader.search(body))["hits"]["hits"])

    def speakers(self, *, prefix: str = "", limit: int | None = None) -> list[SpeakerCount]:
        reader = self._reader()
        if reader is None:
            return []
        wanted = fold(prefix.strip())
        query: dict[str, Any] = {"bool": {"filter": [{"term": {"type": "statement"}}]}}
        ids = None if not wanted else self._speakers_beginning(wanted)
        if ids is not None:
            query["bool"]["filter"].append({"terms": {"speakers": sorted(ids)}})
        buckets = self._sent(lambda: list(reader.every_bucket("speaker", query)))
        counts = [c for c in facet_counts("speaker", buckets, None) if ids is None or c.value in ids][:limit]
        names = self._labels([count.value for count in counts])
        return [SpeakerCount(c.value, names.get(c.value, c.value), c.count, c.first, c.last) for c in counts]

    def _speakers_beginning(self, wanted: str) -> set[str]:
        ids: set[str] = set()
        after: str | None = None
        while hits := self._hits(speaker_prefix_body(wanted, size=PAGE, after=after)):
            ids |= {hit["_source"]["id"] for hit in hits}
            after = hits[-1]["_source"]["id"]
        return ids

    def _labels(self, ids: Sequence[str]) -> dict[str, str]:
        """The names of speakers, those written last."""
        keys = [speaker_key(id) for id in ids]
        found = self._get([key + key for key in keys], ["id", "name"])
        return {one["_source"]["id"]: one["_source"]["name"] for one in found}

    def counts(self) -> Counts:
        reader = self._reader()
        if reader is None:
            return Counts(0, 0, 0, 0)
        found = self._sent(lambda: reader.search(counts_body()))["aggregations"]
        types = {bucket["key"]: int(bucket["doc_count"]) for bucket in found["types"]["buckets"]}
        speakers = int(found["statements"]["speakers"]["value"])
        return Counts(types.get("article", 0), types.get("paragraph", 0), types.get("statement", 0), speakers)

    def scope(self, filters: Filters | None = None) -> Scope:
        reader = self._reader()
        if reader is None:
            return Scope(0, 0, None, None)
        answer = self._sent(lambda: reader.search(scope_body(filters)))
        found = answer["aggregations"]
        first, last = day_of(found["first"]), day_of(found["last"])
        return Scope(int(answer["hits"]["total"]["value"]), int(found["outlets"]["value"]), first, last)

    def retrieve(self, retrieval: Retrieval) -> Retrieved:
        reader = self._reader()
        if reader is None:
            return Retrieved((), (), 0, 0, dict.fromkeys(retrieval.facets, ()))
        return self._sent(lambda: reader.retrieve(retrieval))

    # --- the index -----------------------------------------------------------------------------------------------

    def _reader(self) -> Reader | None:
        info = self._current()
        if info is None:
            return None
        return Reader(self._client, self._address, own_alias(self._address.index, info.identity), self._labels)

    def _current(self) -> IndexInfo | None:
        """The index that serves; looked for again while there is none (another process may make it)."""
        if self._closed:
            raise StoreUnavailableError(f"the store {self.location} has been closed")
        with self._lock:
            if self._info is None:
                self._info = serving_index(self._client, self._address)
                if self._info is not None:
                    check(self._info, self._wanted, self._address)
            return self._info

    def _sent(self, request: Callable[[], Answer]) -> Answer:
        """An answer; where the index changed under us, the reason why this program may not use the new one."""
        try:
            return request()
        except StoreConflictError:
            self._recheck()
            raise

    def _recheck(self) -> None:
        info = serving_index(self._client, self._address)
        if info is not None:
            check(info, self._wanted, self._address)
        with self._lock:
            self._info = info

    def close(self) -> None:
        self._closed = True
        self._client.close()
