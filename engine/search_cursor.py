"""Where the next page begins, as a text that the caller gives back. It holds no words of the query."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace

from engine.errors import QueryError
from engine.identity import digest
from engine.query import SearchRequest


@dataclass(frozen=True, slots=True)
class Position:
    """A stretch of the ranking (the fused head, or what begins at the store's `start`) and how much of it was shown.

    `before` is the number of places of the keyword ranking in front of the stretch.
    """

    start: str | None = None
    before: int = 0
    shown: int = 0


@dataclass(frozen=True, slots=True)
class Cursor:
    snapshot: str
    position: Position
    relaxed: bool
    asked: str

    def text(self) -> str:
        where = self.position
        fields = [self.snapshot, where.start, where.before, where.shown, self.relaxed, self.asked]
        return base64.urlsafe_b64encode(json.dumps(fields, separators=(",", ":")).encode("utf-8")).decode("ascii")


def asked(request: SearchRequest, reranker: str | None = None) -> str:
    """Tells whether a cursor belongs to a request. The size of a page may change from page to page."""
    return digest("request", repr(replace(request, cursor=None, limit=1)), reranker or "")[:10]


def cursor_of(request: SearchRequest, reranker: str | None = None) -> Cursor | None:
    """Raises QueryError on one that is damaged or of another search."""
    if request.cursor is None:
        return None
    try:
        snapshot, start, before, shown, relaxed, belongs = json.loads(base64.urlsafe_b64decode(request.cursor))
        position = Position(None if start is None else str(start), int(before), int(shown))
        cursor = Cursor(str(snapshot), position, bool(relaxed), str(belongs))
    except (ValueError, TypeError) as error:
        raise QueryError("the cursor is damaged: search again from the first page") from error
    if min(position.before, position.shown) < 0:
        raise QueryError("the cursor is damaged: search again from the first page")
    if cursor.asked != asked(request, reranker):
        raise QueryError("the cursor belongs to another search: use it with the query and filters it came from")
    return cursor
