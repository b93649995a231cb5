"""Reading from Elasticsearch: one `_msearch` for both rankings, and what it says made into our own nouns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.errors import QueryError, StoreUnavailableError
from engine.query import FacetName, Facets
from engine.stores.base import Ranked, Retrieval, Retrieved
from engine.stores.elastic_answers import (
    Neighbour,
    Place,
    countable,
    document_id,
    facet_counts,
    key_of,
    neighbours_of,
    total_of,
)
from engine.stores.elastic_client import ElasticAddress, answer_error, reason_of, translated
from engine.stores.elastic_cursor import read_snapshot, write_snapshot
from engine.stores.elastic_facets import every_value, facet_aggregations
from engine.stores.elastic_query import (
    Body,
    matched_query,
    newest_first,
    ranking_search,
    undated_search,
    union_query,
    vector_search,
)

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

KEEP_ALIVE = "30m"
PAGE = 10_000
"""The most hits the server gives in one answer (`index.max_result_window`)."""
VALUES_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Reader:
    """Sends searches to one index. `labels` gives the names of speakers by id."""

    client: Elasticsearch
    address: ElasticAddress
    target: str
    labels: Callable[[Sequence[str]], dict[str, str]]

    # --- sending -------------------------------------------------------------------------------------------------

    def searches(self, bodies: Sequence[Body], *, snapshot: str | None = None) -> list[dict[str, Any]]:
        """Several searches in one round trip. What went wrong on any shard is raised, never left out."""
        # dfs: scores from the word counts of all shards, so that a cluster ranks as one machine does.
        header: Body = {"search_type": "dfs_query_then_fetch"}
        if snapshot is None:
            header["index"] = self.target
        lines: list[Body] = []
        for body in bodies:
            pit = {} if snapshot is None else {"pit": {"id": snapshot, "keep_alive": KEEP_ALIVE}}
            lines += [header, {**body, **pit}]
        with translated(self.address):
            answers = self.client.msearch(searches=lines)["responses"]
        for answer in answers:
            self._checked(answer, snapshot)
        return list(answers)

    def search(self, body: Body, *, snapshot: str | None = None) -> dict[str, Any]:
        return self.searches([body], snapshot=snapshot)[0]

    def _checked(self, answer: dict[str, Any], snapshot: str | None) -> None:
        where = f"Elasticsearch at {self.address.location}"
        if "error" in answer:
            reason = reason_of(answer["error"])
            if snapshot is not None and answer.get("status") in (400, 404):
                raise QueryError(f"this page can no longer be turned ({reason}): search again")
            raise answer_error(answer, self.address)
        if answer.get("timed_out"):
            raise StoreUnavailableError(f"{where} ran out of time in the middle of a search; try again")
        failed = answer["_shards"].get("failed", 0)
        if failed:
            reasons = {reason_of(failure["reason"]) for failure in answer["_shards"].get("failures", ())}
            if snapshot is not None and any("No search context" in reason for reason in reasons):
                raise QueryError("this page is older than half an hour: search again")
            raise StoreUnavailableError(
                f"{where} could not search {failed} of {answer['_shards']['total']} shards "
                f"({'; '.join(sorted(reasons)) or 'no reason given'}), "
                "and half an answer is none; see the cluster's health"
            )

    def get(self, docs: Sequence[Body]) -> list[dict[str, Any]]:
        """Documents by id as the last refresh shows them."""
        with translated(self.address):
            answer = self.client.mget(index=self.target, docs=docs, realtime=False)
        for found in answer["docs"]:
            if "error" in found:
                raise answer_error({"status": 503, **found}, self.address)
        return list(answer["docs"])

    def freeze(self) -> str:
        """A point in time: the index as it stands, for KEEP_ALIVE."""
        with translated(self.address):
            return str(self.client.open_point_in_time(index=self.target, keep_alive=KEEP_ALIVE)["id"])

    def thaw(self, snapshot: str) -> None:
        with translated(self.address):
            self.client.close_point_in_time(id=snapshot)

    # --- retrieving ----------------------------------------------------------------------------------------------

    def retrieve(self, retrieval: Retrieval) -> Retrieved:
        if retrieval.snapshot is not None:
            point, asked = read_snapshot(retrieval.snapshot, depth=retrieval.depth, start=retrieval.start)
            return replace(self._retrieved(asked, point), snapshot=retrieval.snapshot)
        if not retrieval.paged:
            return self._retrieved(retrieval, None)
        point = self.freeze()
        retrieved = self._retrieved(retrieval, point)
        if retrieved.total <= retrieval.page_size:
            self.thaw(point)
            return retrieved
        return replace(retrieved, snapshot=write_snapshot(point, retrieval))

    def _retrieved(self, retrieval: Retrieval, snapshot: str | None) -> Retrieved:
        place = Place.read(retrieval.start)
        if retrieval.order == "newest" and retrieval.vector is not None:
            return self._newest_of_both(retrieval, snapshot, place)
        wishes = _wishes(retrieval, place)
        found = dict(zip(wishes, self.searches(list(wishes.values()), snapshot=snapshot), strict=True))
        neighbours = neighbours_of(found, retrieval)
        keyword, rest, keyword_total = self._ranking(found.get("keyword"), retrieval, place, snapshot)
        if retrieval.best is not None:
            keyword, rest = keyword[: retrieval.best], None
            keyword_total = len(keyword)
            ids = [*map(document_id, keyword), *(document_id(one.ranked) for one in neighbours)]
            total, facets = self._matched(replace(retrieval, clause=None), ids, snapshot)
        else:
            more = [one for one in neighbours if not one.matches]
            total = keyword_total + len(more)
            facets = self._facets(found.get("keyword"), retrieval, more, snapshot)
        undated = total_of(found["undated"]) if "undated" in found else 0
        semantic = tuple(one.ranked for one in neighbours)
        return Retrieved(keyword, semantic, total, keyword_total, facets, undated, rest=rest)

    def _newest_of_both(self, retrieval: Retrieval, snapshot: str | None, place: Place) -> Retrieved:
        """The matched set has to be known before it can be put in the order of time."""
        wishes = _wishes(replace(retrieval, facets=()), place)
        found = dict(zip(wishes, self.searches(list(wishes.values()), snapshot=snapshot), strict=True))
        either = union_query(retrieval, neighbours=[document_id(n.ranked) for n in neighbours_of(found, retrieval)])
        ranking = ranking_search(either, retrieval, size=_first_page(retrieval), after=place.after)
        answer = self.search({**ranking, **_counted(retrieval)}, snapshot=snapshot)
        ranked, rest, total = self._ranking(answer, retrieval, place, snapshot, query=either)
        undated = total_of(found["undated"]) if "undated" in found else 0
        facets = self._labelled(self._counts(answer, either, retrieval, snapshot))
        return Retrieved(ranked, (), total, total, facets, undated, rest=rest)

    def _ranking(
        self,
        found: dict[str, Any] | None,
        retrieval: Retrieval,
        place: Place,
        snapshot: str | None,
        *,
        query: Body | None = None,
    ) -> tuple[tuple[Ranked, ...], str | None, int]:
        """`depth` places of the ranking, where it goes on, and its length. Past the server's window it searches on."""
        if found is None:
            return (), None, 0
        hits, total = found["hits"]["hits"], total_of(found)
        while len(hits) < retrieval.depth and place.done + len(hits) < total and hits:
            size = min(PAGE, retrieval.depth - len(hits))
            body = ranking_search(query or matched_query(retrieval), retrieval, size=size, after=hits[-1]["sort"])
            more = self.search(body, snapshot=snapshot)["hits"]["hits"]
            if not more:
                break
            hits = [*hits, *more]
        done = place.done + len(hits)
        rest = Place(done, hits[-1]["sort"]).written() if hits and done < total else None
        newest = newest_first(retrieval)
        ranked = (
            Ranked(key_of(hit), 0.0 if newest else float(hit["_score"] or 0.0), str(hit["_routing"])) for hit in hits
        )
        return tuple(ranked), rest, total

    # --- facets --------------------------------------------------------------------------------------------------

    def _matched(self, retrieval: Retrieval, ids: Sequence[str], snapshot: str | None) -> tuple[int, Facets]:
        """Total and facets of the clause's matches and these documents together, each once: by asking again."""
        if not ids and retrieval.clause is None:
            return 0, dict.fromkeys(retrieval.facets, ())
        query = union_query(retrieval, neighbours=ids)
        counted = {"query": query, "size": 0, "track_total_hits": True, **_counted(retrieval)}
        answer = self.search(counted, snapshot=snapshot)
        return total_of(answer), self._labelled(self._counts(answer, query, retrieval, snapshot))

    def _facets(
        self, found: dict[str, Any] | None, retrieval: Retrieval, more: Sequence[Neighbour], snapshot: str | None
    ) -> Facets:
        """Of the keyword matches and of neighbours that are none; asked again where too many values are unknown."""
        aggregations = {} if found is None else found.get("aggregations", {})
        if not all(countable(name, aggregations.get(name, {}), more) for name in retrieval.facets):
            return self._matched(retrieval, [document_id(one.ranked) for one in more], snapshot)[1]
        if found is None:
            size = retrieval.facet_size
            return self._labelled({name: facet_counts(name, (), size, more) for name in retrieval.facets})
        return self._labelled(self._counts(found, matched_query(retrieval), retrieval, snapshot, more))

    def _counts(
        self,
        answer: dict[str, Any],
        query: Body,
        retrieval: Retrieval,
        snapshot: str | None,
        more: Sequence[Neighbour] = (),
    ) -> Facets:
        """What an answer's aggregations say (all values page by page, where no size is set), and `more`."""
        facets: Facets = {}
        for name in retrieval.facets:
            if retrieval.facet_size is None and name not in ("month", "day"):
                buckets = list(self.every_bucket(name, query, snapshot=snapshot))
            else:
                buckets = answer["aggregations"][name]["buckets"]
            facets[name] = facet_counts(name, buckets, retrieval.facet_size, more)
        return facets

    def _labelled(self, facets: Facets) -> Facets:
        ids = {count.value for name, counts in facets.items() if name in ("speaker", "via") for count in counts}
        names = self.labels(sorted(ids)) if ids else {}
        return {
            name: tuple(replace(c, label=names.get(c.value, c.value)) for c in counts)
            if name in ("speaker", "via")
            else counts
            for name, counts in facets.items()
        }

    def every_bucket(self, facet: FacetName, query: Body, *, snapshot: str | None = None) -> Iterator[dict[str, Any]]:
        """All values of a facet over a query, page by page, their value under `key`."""
        after: Body | None = None
        while True:
            body = {"query": query, "size": 0, "aggs": {"all": every_value(facet, after=after, page=VALUES_PAGE)}}
            found = self.search(body, snapshot=snapshot)["aggregations"]["all"]
            for bucket in found["buckets"]:
                yield {**bucket, "key": bucket["key"]["value"]}
            after = found.get("after_key")
            if after is None or len(found["buckets"]) < VALUES_PAGE:
                return


def _wishes(retrieval: Retrieval, place: Place) -> dict[str, Body]:
    """The searches of the one round trip, by name."""
    wishes: dict[str, Body] = {}
    keyword = retrieval.clause is not None or retrieval.vector is None
    if keyword:
        size = _first_page(retrieval)
        wishes["keyword"] = ranking_search(matched_query(retrieval), retrieval, size=size, after=place.after)
    if retrieval.vector is not None:
        wishes["semantic"] = vector_search(retrieval)
        if retrieval.lift is not None and retrieval.lift.speakers and retrieval.lift.speaker_semantic:
            wishes["lifted"] = vector_search(retrieval, speakers=retrieval.lift.speakers)
    if keyword and retrieval.best is None:
        wishes["keyword"] |= _counted(retrieval)
    if retrieval.filters.dated:
        undated = replace(retrieval.filters, after=None, before=None)
        wishes["undated"] = undated_search(retrieval, filters=undated)
    return wishes


def _first_page(retrieval: Retrieval) -> int:
    return min(PAGE, retrieval.depth)


def _counted(retrieval: Retrieval) -> Body:
    """The aggregations of those facets that the server ranks itself."""
    size = retrieval.facet_size
    names = [name for name in retrieval.facets if size is not None or name in ("month", "day")]
    return {"aggs": facet_aggregations(names, size=size or 1)} if names else {}
