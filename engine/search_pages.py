"""Pages of a search: the fused head of both rankings, then the rest of the keyword ranking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from engine.fusion import Fused, Fusion, fuse
from engine.models import PassageType
from engine.search_copies import BLOCK, Standing, folded
from engine.search_cursor import Position
from engine.stores.base import Retrieval, Retrieved, Store

STRETCH = 200
"""Places of the keyword ranking that are fetched at once behind the head; a whole number of blocks."""

Reorder = Callable[[list[Fused]], list[Fused]]


@dataclass(frozen=True, slots=True)
class Cutting:
    """How the rankings become pages. `reorder` is given the fused head and orders it anew, always alike."""

    fusion: Fusion
    passages: PassageType
    fold: bool = False
    reorder: Reorder | None = None


class Pages:
    """Cuts pages out of kept rankings (`Retrieved.snapshot`), or out of the head alone where nothing was kept."""

    def __init__(self, store: Store, found: Retrieved, cutting: Cutting) -> None:
        self._store = store
        self._found = found
        self._cutting = cutting
        self._neighbours = {ranked.key for ranked in found.semantic}

    def page(self, position: Position, *, limit: int) -> tuple[list[Standing], Position | None]:
        """The hits, and where the next page begins (None: nowhere).

        Passages deleted meanwhile and folded copies are passed over, so a page is full while there are hits.
        """
        page: list[Standing] = []
        while True:
            stretch, rest = self._stretch(position)
            for standing in self._standing(stretch, position.shown, limit - len(page)):
                if len(page) == limit:
                    return page, replace(position, shown=standing.place)
                page.append(standing)
            if rest is None:
                return page, None
            places = len(self._found.keyword) if position.start is None else STRETCH
            position = Position(rest, position.before + places)
            if len(page) == limit:
                return page, position

    def _standing(self, stretch: list[Fused], shown: int, wanted: int) -> Iterator[Standing]:
        """What stands in the stretch from the place `shown` on: `wanted` and one more, where there are so many."""
        if not self._cutting.fold:
            yield from self._unfolded(stretch, shown, wanted)
            return
        for start in range(shown // BLOCK * BLOCK, len(stretch), BLOCK):
            block = stretch[start : start + BLOCK]
            passages = self._store.passages([fused.key for fused in block])
            ranked = [(fused, passages[fused.key]) if fused.key in passages else None for fused in block]
            for standing in folded(ranked):
                if start + standing.place >= shown:
                    yield replace(standing, place=start + standing.place)

    def _unfolded(self, stretch: list[Fused], shown: int, wanted: int) -> Iterator[Standing]:
        for start in range(shown, len(stretch), wanted + 1):
            part = stretch[start : start + wanted + 1]
            passages = self._store.passages([fused.key for fused in part])
            yield from (
                Standing(place, fused, passages[fused.key])
                for place, fused in enumerate(part, start)
                if fused.key in passages
            )

    def _stretch(self, position: Position) -> tuple[list[Fused], str | None]:
        found, cutting = self._found, self._cutting
        if position.start is None:
            head = fuse(found.keyword, found.semantic, cutting.fusion)
            return cutting.reorder(head) if cutting.reorder else head, found.rest if found.snapshot else None
        asked = Retrieval(cutting.passages, depth=STRETCH, snapshot=found.snapshot, start=position.start)
        tail = self._store.retrieve(asked)
        best = max((ranked.score for ranked in found.keyword), default=0.0)
        weight = (1 - cutting.fusion.semantic) / best if best > 0 else 0.0
        ranked = [
            Fused(ranked.key, weight * ranked.score, place, None)
            for place, ranked in enumerate(tail.keyword, position.before + 1)
            if ranked.key not in self._neighbours  # shown with the head
        ]
        return ranked, tail.rest
