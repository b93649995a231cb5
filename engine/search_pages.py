"""Pages of a search: the fused head of both rankings, then the rest of the keyword ranking."""

from __future__ import annotations

from dataclasses import replace

from engine.fusion import Fused, Fusion, fuse
from engine.models import PassageType
from engine.search_cursor import Position
from engine.stores.base import Retrieval, Retrieved, Store, StoredPassage

STRETCH = 200
"""Places of the keyword ranking that are fetched at once behind the head."""

Shown = list[tuple[Fused, StoredPassage]]


class Pages:
    """Cuts pages out of kept rankings (`Retrieved.snapshot`), or out of the head alone where nothing was kept."""

    def __init__(self, store: Store, found: Retrieved, *, fusion: Fusion, passages: PassageType) -> None:
        self._store = store
        self._found = found
        self._fusion = fusion
        self._passages: PassageType = passages
        self._neighbours = {ranked.key for ranked in found.semantic}

    def page(self, position: Position, *, limit: int) -> tuple[Shown, Position | None]:
        """The hits, and where the next page begins (None: nowhere).

        Passages deleted meanwhile are passed over, so a page is full while there are hits.
        """
        page: Shown = []
        while True:
            stretch, rest = self._stretch(position)
            wanted = stretch[position.shown : position.shown + limit - len(page)]
            passages = self._store.passages([fused.key for fused in wanted])
            page += [(fused, passages[fused.key]) for fused in wanted if fused.key in passages]
            position = replace(position, shown=position.shown + len(wanted))
            if position.shown >= len(stretch):
                if rest is None:
                    return page, None
                places = len(self._found.keyword) if position.start is None else STRETCH
                position = Position(rest, position.before + places)
            if len(page) >= limit:
                return page, position

    def _stretch(self, position: Position) -> tuple[list[Fused], str | None]:
        found = self._found
        if position.start is None:
            return fuse(found.keyword, found.semantic, self._fusion), found.rest if found.snapshot else None
        asked = Retrieval(self._passages, depth=STRETCH, snapshot=found.snapshot, start=position.start)
        tail = self._store.retrieve(asked)
        best = max((ranked.score for ranked in found.keyword), default=0.0)
        weight = (1 - self._fusion.semantic) / best if best > 0 else 0.0
        ranked = [
            Fused(ranked.key, weight * ranked.score, place, None)
            for place, ranked in enumerate(tail.keyword, position.before + 1)
            if ranked.key not in self._neighbours  # shown with the head
        ]
        return ranked, tail.rest
