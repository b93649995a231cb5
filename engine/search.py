"""Search: a question becomes two rankings, the rankings one, and its passages hits. The same on every store."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from engine.clauses import Clause, Word
from engine.ports import Embedder, Reranker
from engine.query import ANSWER_FACETS, SearchAnswer, SearchRequest
from engine.query_language import parse
from engine.ranking import Ranking, load_ranking
from engine.registry import Registry
from engine.search_cursor import Cursor, Position, asked, cursor_of
from engine.search_hits import Marker, hit_of
from engine.search_pages import Cutting, Pages
from engine.search_plan import Plan, any_of, plan, words_clause
from engine.search_rerank import reordering
from engine.search_speakers import SpeakerNames, resolve_filters
from engine.search_spelling import respelt
from engine.search_vector import QueryVectors
from engine.stores.base import Lift, Retrieval, Retrieved, Store


def search(
    store: Store,
    embedder: Embedder | None,
    registry: Registry,
    request: SearchRequest,
    *,
    ranking: Ranking | None = None,
    reranker: Reranker | None = None,
) -> SearchAnswer:
    """Raises QueryError on a request that cannot be. Without an embedder, hybrid is keyword (a note says so).

    A `reranker` orders the first of the fused ranking anew.
    """
    ranking = ranking or load_ranking()
    model = reranker.name if reranker else None
    cursor = cursor_of(request, model)
    planned = plan(request, registry)
    if planned.nothing:
        return _nothing((*planned.notes, f"there is no word to look for in “{request.q.strip()}”"))
    named = resolve_filters(planned.filters, store, registry)
    if named.unknown:
        return _nothing((*planned.notes, *named.notes))
    names = SpeakerNames(store, registry)
    with QueryVectors(embedder, request, context_share=ranking.lift.context_vector) as vectors:

        def finder_of(planned: Plan) -> _Finder:
            planned = replace(planned, filters=named.filters, notes=(*planned.notes, *named.notes))
            if cursor is None:
                vectors.begin(planned)
            return _Finder(store, vectors, request, planned, ranking, names)

        finder = finder_of(planned)
        if finder.few:
            query, notes = respelt(
                request.query or parse(request.q), registry, known=finder.holds, stored=names.speaker_names
            )
            if notes:
                planned = plan(replace(request, query=query, notes=(*request.notes, *notes)), registry)
                finder = finder_of(planned)
        found, relaxed = finder.first() if cursor is None else finder.again(cursor)
    reorder = reordering(store, reranker, planned.meaning, ranking.rerank_depth) if reranker else None
    # Without a query everything that passes is listed, as the contract says; only a ranking is folded.
    fold = request.fold and planned.clause is not None
    cutting = Cutting(ranking.fusion_of(planned.passages), planned.passages, fold=fold, reorder=reorder)
    shown, behind = Pages(store, found, cutting).page(cursor.position if cursor else Position(), limit=request.limit)
    snapshot = cursor.snapshot if cursor else found.snapshot
    following = None if behind is None or snapshot is None else Cursor(snapshot, behind, relaxed, asked(request, model))
    marker = Marker(planned.relaxed if relaxed else planned.clause)
    hits = tuple(hit_of(standing, marker) for standing in shown)
    notes = finder.notes(found, relaxed, folded=sum(len(hit.copies) for hit in hits))
    return SearchAnswer(found.total, hits, following.text() if following else None, found.facets, notes)


def _nothing(notes: tuple[str, ...]) -> SearchAnswer:
    return SearchAnswer(0, (), None, dict.fromkeys(ANSWER_FACETS, ()), notes)


class _Finder:
    """Asks the store, once more with relaxed words where too few passages hold them all."""

    def __init__(
        self,
        store: Store,
        vectors: QueryVectors,
        request: SearchRequest,
        planned: Plan,
        ranking: Ranking,
        names: SpeakerNames,
    ) -> None:
        self._store = store
        self._request = request
        self._plan = planned
        self._ranking = ranking
        self._names = names
        self._vectors = vectors

    def first(self) -> tuple[Retrieved, bool]:
        retrieval = self.retrieval()
        relaxed = self._plan.relaxed
        if retrieval.clause is None or relaxed is None or not self.few:
            return self._store.retrieve(retrieval), False
        best = self._ranking.relaxed_depth
        return self._store.retrieve(replace(retrieval, clause=relaxed, best=best)), True

    @cached_property
    def few(self) -> bool:
        """Whether too few passages hold all the words. Asked for by itself: words are quickly counted, and neighbours
        and facets are then looked for once."""
        planned = self._plan
        counted = Retrieval(
            planned.passages, clause=planned.clause, filters=planned.filters, restriction=planned.restriction, depth=1
        )
        return planned.clause is not None and (self._store.retrieve(counted).keyword_total < self._ranking.relax_below)

    def holds(self, word: Word) -> bool:
        """Whether any passage, whatever the filters, holds the word."""
        counted = Retrieval(self._plan.passages, clause=word, depth=1)
        return self._store.retrieve(counted).keyword_total > 0

    def again(self, cursor: Cursor) -> tuple[Retrieved, bool]:
        """The first page's rankings as they stood."""
        kept = Retrieval(self._plan.passages, depth=self._ranking.depth, snapshot=cursor.snapshot)
        return self._store.retrieve(kept), cursor.relaxed

    def retrieval(self) -> Retrieval:
        asked_for, planned, ranking = self._request, self._plan, self._ranking
        vector = self._vectors.of(planned)
        clause = planned.clause
        if asked_for.mode == "semantic" and vector is not None:
            clause = None
        return Retrieval(
            passages=planned.passages,
            clause=clause,
            vector=vector,
            filters=planned.filters,
            restriction=planned.restriction,
            depth=ranking.depth,
            floor=ranking.floor,
            weights=ranking.weights(planned.passages),
            lift=self._lift(),
            order="relevance" if clause is not None or vector is not None else "newest",
            facets=asked_for.facets,
            facet_size=asked_for.facet_size,
            paged=True,
            page_size=min(asked_for.limit, ranking.depth),  # so many are in the head
        )

    def _lift(self) -> Lift | None:
        weights, wish = self._ranking.lift, self._request.lift_speaker
        speakers = [speaker.id for speaker in self._plan.speakers]
        clauses: list[Clause | None] = [self._plan.optional]
        if wish:
            speakers += self._names.match("speaker", wish)
            clauses.append(words_clause(wish))
        clauses += [words_clause(speaker.name) for speaker in self._plan.speakers]
        clauses.append(words_clause(self._request.context or ""))
        wanted = [clause for clause in clauses if clause is not None]
        if not (wanted or speakers):
            return None
        return Lift(
            clause=any_of(wanted),
            speakers=tuple(dict.fromkeys(speakers)),
            keyword=weights.keyword,
            speaker_keyword=weights.speaker_keyword,
            speaker_semantic=weights.named_semantic if self._plan.speakers else weights.speaker_semantic,
            speaker_floor=weights.named_floor if self._plan.speakers else None,
        )

    def notes(self, found: Retrieved, relaxed: bool, *, folded: int) -> tuple[str, ...]:
        notes = list(self._plan.notes)
        if relaxed:
            notes.append("too few passages hold all the words: those that hold any of them follow, best first")
        if found.undated:
            notes.append(f"{found.undated} undated passages were left out by after or before")
        if self._plan.speakers:
            notes.append(f"statements of {', '.join(s.name for s in self._plan.speakers)} come first")
        if not self._vectors.possible and self._request.mode != "keyword" and self._plan.clause is not None:
            notes.append("no model is loaded: only keywords were searched")
        if folded:
            copies = "1 copy of the same words is" if folded == 1 else f"{folded} copies of the same words are"
            notes.append(f"{copies} folded under the hits that stand for them; copies=show lists each by itself")
        return tuple(dict.fromkeys(notes))
