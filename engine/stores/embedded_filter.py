"""Filters as masks and facets as counts over a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from engine.models import PassageType
from engine.query import FacetCount, FacetName, Facets, Filters
from engine.stores.embedded_columns import NONE, Pairs
from engine.stores.embedded_snapshot import Mask, Shelf, Snapshot
from engine.text import fold

NO_FILTERS = Filters()
_FEW = 0.1
"""Below this share of all pairs, those of the matched rows are looked up one by one."""
_EPOCH = date(1970, 1, 1).toordinal()
_FAR_DAY = np.int32(np.iinfo(np.int32).max)


def passing(snapshot: Snapshot, passages: PassageType, filters: Filters) -> Mask:
    """Which rows of the shelf are alive and pass all filters; not to be written into."""
    shelf = snapshot.shelf(passages)
    if filters == NO_FILTERS:
        return shelf.alive
    mask: Mask = shelf.alive & _article_mask(snapshot, shelf, filters)
    if filters.on_statements:
        mask &= _statement_mask(snapshot, passages, filters)
    if filters.excluded is not None:
        for single in _singles(filters.excluded):
            chosen = _statement_mask(snapshot, passages, single) if single.on_statements else None
            mask &= ~(_article_mask(snapshot, shelf, single) if chosen is None else chosen)
    return mask


def article_passes(filters: Filters, outlet: str | None, language: str | None, day: date | None) -> bool:
    """The filters on articles for one article, whatever passages it has."""
    if filters.outlets and fold(outlet or "") not in {fold(wanted) for wanted in filters.outlets}:
        return False
    if filters.languages and not _speaks((language or "").lower(), [tongue.lower() for tongue in filters.languages]):
        return False
    if filters.dated and day is None:
        return False
    if filters.after and day and day < filters.after:
        return False
    if filters.before and day and day > filters.before:
        return False
    excluded = filters.excluded
    if excluded is None:
        return True
    singles = [single for single in _singles(excluded) if not single.on_statements]
    return not any(article_passes(single, outlet, language, day) for single in singles)


def undated_passing(snapshot: Snapshot, passages: PassageType, filters: Filters) -> Mask:
    """Rows that only for want of a date do not pass."""
    mask = passing(snapshot, passages, replace(filters, after=None, before=None))
    undated: Mask = mask & (snapshot.shelf(passages).days == 0)
    return undated


def _singles(filters: Filters) -> list[Filters]:
    """One filter each: an exclusion holds for each by itself."""
    names = ("speakers", "forms", "kinds", "acts", "via", "outlets", "languages")
    return [replace(Filters(), **{name: getattr(filters, name)}) for name in names if getattr(filters, name)]


def _article_mask(snapshot: Snapshot, shelf: Shelf, filters: Filters) -> Mask:
    mask = np.ones(shelf.size, bool)
    if filters.outlets:
        wanted = {fold(outlet) for outlet in filters.outlets}
        mask &= _coded(snapshot, shelf, "outlet", lambda outlet: fold(outlet) in wanted)
    if filters.languages:
        tongues = [language.lower() for language in filters.languages]
        mask &= _coded(snapshot, shelf, "language", lambda language: _speaks(language.lower(), tongues))
    if filters.after:
        mask &= shelf.days >= filters.after.toordinal()
    if filters.before:
        mask &= (shelf.days <= filters.before.toordinal()) & (shelf.days > 0)
    return mask


def _speaks(language: str, wanted: Sequence[str]) -> bool:
    return any(language == tongue or language.startswith(f"{tongue}-") for tongue in wanted)


def _coded(snapshot: Snapshot, shelf: Shelf, name: str, test: Callable[[str], bool]) -> Mask:
    codes = [code for code, value in enumerate(snapshot.names[name].values) if test(value)]
    return _among(shelf.columns[name].codes, codes)


def _among(values: npt.NDArray[np.int32], codes: Sequence[int]) -> Mask:
    # One code is by far the most frequent case.
    return np.equal(values, codes[0]) if len(codes) == 1 else np.isin(values, codes)


def _statement_mask(snapshot: Snapshot, passages: PassageType, filters: Filters) -> Mask:
    """Statements that pass the statement filters, or the paragraphs that hold one which passes them all."""
    shelf = snapshot.statements
    mask = shelf.alive.copy()
    for column, values in (("form", filters.forms), ("kind", filters.kinds), ("act", filters.acts)):
        if values:
            known = snapshot.names[column]
            mask &= _among(shelf.columns[column].codes, [c for v in values if (c := known.code(v)) is not None])
    for many, ids in (("speaker", filters.speakers), ("via", filters.via)):
        if ids:
            mask &= _holding(shelf.pairs[many], codes_of(snapshot, ids), shelf.size)
    return mask if passages == "statement" else snapshot.paragraphs_holding(mask)


def codes_of(snapshot: Snapshot, speakers: Sequence[str]) -> list[int]:
    return [code for id in speakers if (code := snapshot.names["speaker"].code(id)) is not None]


def _holding(pairs: Pairs, codes: Sequence[int], size: int) -> Mask:
    mask = np.zeros(size, bool)
    mask[pairs.rows[_among(pairs.codes, codes)]] = True
    return mask


def by_speakers(snapshot: Snapshot, passages: PassageType, speakers: Sequence[str]) -> Mask:
    """Rows of those speakers (their statements, or paragraphs that hold one)."""
    return _statement_mask(snapshot, passages, Filters(speakers=tuple(speakers)))


def facets_of(
    snapshot: Snapshot, passages: PassageType, member: Mask, *, names: Sequence[FacetName], size: int | None
) -> Facets:
    """Counts over the set of rows: by count, then value; days of the dated rows where they are few enough to list."""
    counter = _Facets(snapshot, passages, member)
    return {name: counter.facet(name, size) for name in names}


class _Facets:
    def __init__(self, snapshot: Snapshot, passages: PassageType, member: Mask) -> None:
        self._snapshot = snapshot
        self._passages = passages
        self._shelf = snapshot.shelf(passages)
        self._member = member
        self._rows = np.flatnonzero(member)

    def facet(self, name: FacetName, size: int | None) -> tuple[FacetCount, ...]:
        if name in ("month", "day"):
            return self._dates(name, size)
        rows, codes = self._codes(name)
        labels = self._snapshot.names["speaker" if name == "via" else name]
        counts = np.bincount(codes, minlength=len(labels.values))
        chosen = _largest(counts, labels.values, size)
        if not chosen:
            return ()
        first, last = self._reach(rows, codes, len(counts))
        return tuple(
            FacetCount(labels.values[c], labels.label(c), int(counts[c]), _date(first[c]), _date(last[c]))
            for c in chosen
        )

    def _codes(self, name: FacetName) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        if name in self._shelf.columns:
            codes = self._shelf.columns[name].codes[self._rows]
            return self._rows[codes != NONE], codes[codes != NONE]
        pairs = self._shelf.pairs[name] if self._passages == "statement" else self._snapshot.paragraph_pairs[name]
        if len(self._rows) < _FEW * len(pairs.rows):
            which, codes = pairs.of(self._rows)
            return self._rows[which], codes
        inside = self._member[pairs.rows]
        return pairs.rows[inside], pairs.codes[inside]

    def _reach(
        self, rows: npt.NDArray[np.int64], codes: npt.NDArray[np.int32], size: int
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """First and last day by code; 0 where all are undated."""
        days = self._shelf.days[rows]
        first, last = np.full(size, _FAR_DAY, np.int32), np.zeros(size, np.int32)
        dated = days > 0
        np.minimum.at(first, codes[dated], days[dated])
        np.maximum.at(last, codes[dated], days[dated])
        first[last == 0] = 0
        return first, last

    def _dates(self, name: str, size: int | None) -> tuple[FacetCount, ...]:
        days = self._shelf.days[self._rows]
        days = np.sort(days[days > 0])
        spans = _months(days) if name == "month" else days
        starts = np.flatnonzero(np.diff(spans, prepend=-1))
        ends = np.append(starts[1:], len(days))[: len(starts)]
        # The earliest first, stably sorted by count.
        chosen = np.argsort(starts - ends, kind="stable")[:size]
        found = zip(
            days[starts[chosen]].tolist(), days[ends[chosen] - 1].tolist(), (ends - starts)[chosen], strict=True
        )
        cut = 7 if name == "month" else 10
        return tuple(FacetCount(v := _iso(f)[:cut], v, int(n), _date(f), _date(last)) for f, last, n in found)


def _months(days: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """A number for the month of each day, rising."""
    return (days - _EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + _EPOCH


@cache
def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _date(day: int) -> date | None:
    return date.fromordinal(int(day)) if day else None


def _largest(counts: npt.NDArray[np.intp], values: Sequence[str], size: int | None) -> list[int]:
    """Codes by count, then value; only those that could be among the first `size` are sorted."""
    present = np.flatnonzero(counts)
    if size is not None and len(present) > size:
        least = np.partition(counts[present], len(present) - size)[len(present) - size]
        present = present[counts[present] >= least]
    return sorted(present.tolist(), key=lambda c: (-counts[c], values[c]))[:size]
