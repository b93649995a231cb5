"""Bulk requests that outlast trouble: per-item outcomes, back-off with jitter, bounded size.

A bulk request is no transaction. Every action here may be sent twice without harm (fixed ids, external versions or a
sequence number), so whatever was not answered is sent again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import orjson

from engine.errors import StoreConflictError, StoreError, StoreUnavailableError
from engine.stores.elastic_client import ElasticAddress, api_error, reason_of, translated

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

REQUEST_BYTES = 8_000_000
"""Elastic's advice is 5 to 15 MB a request; the server refuses 100 MB."""
REQUEST_SECONDS = 120.0
PATIENCE_SECONDS = 150.0
"""A node takes under two minutes to restart or to be given up by its cluster; trouble longer than this is raised."""
BLOCKED_SECONDS = 10.0
"""An index is write-blocked for a moment when `migrate` swaps it; longer than this somebody blocked it on purpose."""
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 15.0

_PASSING = frozenset({429, 502, 503, 504})
"""Too many requests, no gateway, unavailable (shards moving), gateway timeout: the same request may succeed later."""


@dataclass(frozen=True, slots=True)
class Action:
    """One line (or two) of a bulk request. `where` holds _id, routing and version fields."""

    verb: Literal["index", "create", "update", "delete"]
    where: dict[str, Any]
    document: dict[str, Any] | None = None

    def lines(self) -> bytes:
        """As JSON; vectors may stand in the document as float32 arrays."""
        head = orjson.dumps({self.verb: self.where}, option=orjson.OPT_APPEND_NEWLINE)
        if self.document is None:
            return head
        return head + orjson.dumps(self.document, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an action. `conflict`: a newer version stands there (or what was to be deleted is not there)."""

    ok: bool
    conflict: bool = False
    reason: str | None = None
    seq_no: int | None = None
    primary_term: int | None = None


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long to wait and how; an argument so that tests need not wait."""

    patience_seconds: float = PATIENCE_SECONDS
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random

    def before(self, attempt: int) -> float:
        """Exponential with half of it at random, so that writers that fell together do not return together."""
        longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0**attempt)
        return longest * (0.5 + 0.5 * self.chance())


@dataclass(slots=True)
class Bulk:
    """Sends actions to one index (or alias). Thread-safe: it holds no state of a request."""

    client: Elasticsearch
    address: ElasticAddress
    target: str
    require_alias: bool = True
    pauses: Pauses = field(default_factory=Pauses)

    def send(self, actions: Sequence[Action]) -> list[Done]:
        """An outcome for each, in order. Raises StoreUnavailableError or StoreConflictError when patience ends."""
        outcomes: list[Done] = []
        for lines in _parcels([action.lines() for action in actions]):
            outcomes += self._send(lines)
        return outcomes

    def refresh(self) -> None:
        """Make what was written searchable; as patient as writing is."""
        from elasticsearch import ApiError, TransportError

        trouble, attempt = _Trouble(self.address, self.pauses), 0
        patient = self.client.options(request_timeout=REQUEST_SECONDS, max_retries=0)
        while True:
            try:
                shards = patient.indices.refresh(index=self.target)["_shards"]
            except ApiError as error:
                if error.meta.status not in _PASSING:
                    raise api_error(error, self.address) from error
                trouble.note(error, f"{error.meta.status}: {reason_of(error.body)}")
            except TransportError as error:
                trouble.note(error, str(error).splitlines()[0][:300])
            else:
                if not shards["failed"]:
                    return
                trouble.note(None, f"{shards['failed']} of {shards['total']} shards could not refresh")
            trouble.check()
            self.pauses.sleep(self.pauses.before(attempt))
            attempt += 1

    def _send(self, lines: list[bytes]) -> list[Done]:
        outcomes: list[Done | None] = [None] * len(lines)
        waiting = list(range(len(lines)))
        attempt, trouble = 0, _Trouble(self.address, self.pauses)
        while waiting:
            for i, answer in zip(waiting, self._request([lines[i] for i in waiting], trouble), strict=False):
                outcomes[i] = _outcome(answer, trouble)
            left = [i for i in waiting if outcomes[i] is None]
            if len(left) < len(waiting):
                attempt = 0
                trouble.eased()
            waiting = left
            if waiting:
                trouble.check()
                self.pauses.sleep(self.pauses.before(attempt))
                attempt += 1
        return [outcome for outcome in outcomes if outcome is not None]

    def _request(self, lines: list[bytes], trouble: _Trouble) -> list[dict[str, Any]]:
        """The server's answers item by item; none when the whole request has to be sent again."""
        from elastic_transport import TlsError
        from elasticsearch import ApiError, TransportError

        patient = self.client.options(request_timeout=REQUEST_SECONDS, max_retries=0)
        try:
            answer = patient.bulk(operations=lines, index=self.target, require_alias=self.require_alias)  # type: ignore[arg-type]
        except ApiError as error:
            if error.meta.status not in _PASSING:
                raise api_error(error, self.address) from error
            trouble.note(error, f"{error.meta.status}: {reason_of(error.body)}")
            return []
        except TlsError as error:
            with translated(self.address):
                raise
            raise AssertionError from error  # unreachable: translated() raises
        except TransportError as error:
            trouble.note(error, str(error).splitlines()[0][:300])
            return []
        return [next(iter(one.values())) for one in answer["items"]]


def _parcels(lines: list[bytes]) -> Iterator[list[bytes]]:
    """Pieces of at most REQUEST_BYTES (or one action, where that is larger)."""
    parcel: list[bytes] = []
    size = 0
    for line in lines:
        if parcel and size + len(line) > REQUEST_BYTES:
            yield parcel
            parcel, size = [], 0
        parcel.append(line)
        size += len(line)
    if parcel:
        yield parcel


def _outcome(answer: dict[str, Any], trouble: _Trouble) -> Done | None:
    """None: to be sent again."""
    status = int(answer["status"])
    error = answer.get("error")
    if error is None:
        return Done(
            status < 300, conflict=status == 404, seq_no=answer.get("_seq_no"), primary_term=answer.get("_primary_term")
        )
    kind, reason = error.get("type"), reason_of(error)
    if kind == "version_conflict_engine_exception" or kind == "document_missing_exception":
        return Done(False, conflict=True, reason=reason)
    if kind == "index_not_found_exception":
        raise StoreConflictError(f"the index was rebuilt or deleted meanwhile ({reason}); open the store again")
    if kind == "cluster_block_exception" or status in _PASSING:
        trouble.note(None, reason, blocked=kind == "cluster_block_exception")
        return None
    return Done(False, reason=f"{kind}: {reason}")


class _Trouble:
    """Since when nothing got through, why, and when to stop hoping."""

    def __init__(self, address: ElasticAddress, pauses: Pauses) -> None:
        self._address, self._pauses = address, pauses
        self._since: float | None = None
        self._cause: Exception | None = None
        self._reason = ""
        self._blocked = False

    def note(self, cause: Exception | None, reason: str, *, blocked: bool = False) -> None:
        self._cause, self._reason, self._blocked = cause, reason, blocked
        if self._since is None:
            self._since = self._pauses.clock()

    def eased(self) -> None:
        self._since = None if not self._blocked else self._since

    def check(self) -> None:
        if self._since is None:
            self._since = self._pauses.clock()
        patience = (
            min(BLOCKED_SECONDS, self._pauses.patience_seconds) if self._blocked else self._pauses.patience_seconds
        )
        waited = self._pauses.clock() - self._since
        if waited < patience:
            return
        where = f"Elasticsearch at {self._address.location}"
        safe = "what was reported as written is safe; run the same command again"
        error: StoreError
        if self._blocked:
            error = StoreConflictError(f"{where} is read-only ({self._reason}); {safe} when the block is gone")
        else:
            error = StoreUnavailableError(f"{where} took nothing for {waited:.0f} s ({self._reason}); {safe}")
        raise error from self._cause
