"""The actions that writing an article takes, as pure functions of what stood there before (see `elastic_write`)."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.stores.base import PreparedArticle
from engine.stores.elastic_bulk import Action, Done
from engine.stores.elastic_documents import article_document, article_key, passage_documents, split_key

GONE = -1
"""The `origin` of an article that `migrate` had copied and that was then deleted where it came from."""


@dataclass(frozen=True, slots=True)
class State:
    """What stands of an article: the sequence number to build on and every passage that may be there."""

    fingerprint: str | None
    generation: int
    passages: tuple[str, ...]
    seq_no: int
    primary_term: int
    source: dict[str, Any]

    @property
    def there(self) -> bool:
        return str(self.source["type"]) == "article"

    @property
    def by_another(self) -> bool:
        """Not a copy that `migrate` made, nor one that it began."""
        return self.source["type"] != "claim" and "origin" not in self.source

    @property
    def finished(self) -> bool:
        """Nobody claimed it since it was committed."""
        return self.there and "claim" not in self.source["kept"]

    @property
    def condition(self) -> dict[str, int]:
        return {"if_seq_no": self.seq_no, "if_primary_term": self.primary_term}


def next_generation(state: State | None) -> int:
    """Larger than whatever stood there, whatever this machine's clock says; never another writer's."""
    now = time.time_ns() // 1000 * 1000 + random.randrange(1000)
    return max(now, state.generation + 1) if state else now


@dataclass(slots=True)
class Attempt:
    """One try at one article: what is sent, and what became of each step."""

    prepared: PreparedArticle
    state: State | None
    generation: int
    keys: tuple[str, ...]
    documents: list[tuple[str, dict[str, Any]]]
    origin: int | None = None
    claim: Done | None = None
    passages: Sequence[Done] = ()
    refused: str | None = None

    @property
    def replaces(self) -> bool:
        return self.state is not None and self.state.there

    @property
    def id(self) -> str:
        return self.prepared.attributed.article.id

    @property
    def where(self) -> dict[str, Any]:
        key = article_key(self.id)
        return {"_id": key, "routing": key}


def attempt_at(prepared: PreparedArticle, state: State | None, *, origin: int | None = None) -> Attempt:
    generation = next_generation(state)
    documents = list(passage_documents(prepared, generation=generation))
    return Attempt(prepared, state, generation, tuple(key for key, _ in documents), documents, origin)


def claim_action(attempt: Attempt) -> Action:
    before = attempt.state.passages if attempt.state else ()
    noted = {"claim": attempt.generation, "pending": list(dict.fromkeys((*before, *attempt.keys)))}
    if attempt.state is None:
        return Action("create", attempt.where, _claim_document(attempt, noted))
    where = {**attempt.where, **attempt.state.condition}
    if attempt.replaces:  # readers keep what stands until the new is complete
        return Action("update", where, {"doc": {"kept": noted}})
    return Action("index", where, _claim_document(attempt, noted))


def _claim_document(attempt: Attempt, noted: dict[str, Any]) -> dict[str, Any]:
    return {"type": "claim", "article": attempt.id, "generation": attempt.generation, "kept": noted}


def passage_actions(attempt: Attempt) -> list[Action]:
    actions = [Action("index", _versioned(key, attempt.generation), document) for key, document in attempt.documents]
    before = attempt.state.passages if attempt.state else ()
    own = set(attempt.keys)
    return actions + [Action("delete", _versioned(key, attempt.generation)) for key in before if key not in own]


def _versioned(key: str, generation: int) -> dict[str, Any]:
    routing, id = split_key(key)
    return {"_id": id, "routing": routing, "version": generation, "version_type": "external_gte"}


def commit_action(attempt: Attempt) -> Action:
    assert attempt.claim is not None
    where = {**attempt.where, "if_seq_no": attempt.claim.seq_no, "if_primary_term": attempt.claim.primary_term}
    document = article_document(attempt.prepared, generation=attempt.generation)
    if attempt.origin is not None:
        document["origin"] = attempt.origin
    return Action("index", where, document)


def undo_actions(attempt: Attempt) -> list[Action]:
    """Take back a new article; of one that was there the claim stays, and the next writer writes it whole."""
    if attempt.replaces:
        return []
    actions = [Action("delete", _versioned(key, attempt.generation)) for key in attempt.keys]
    if attempt.claim is not None and attempt.claim.ok:
        condition = {"if_seq_no": attempt.claim.seq_no, "if_primary_term": attempt.claim.primary_term}
        actions.append(Action("delete", {**attempt.where, **condition}))
    return actions


def deleted_action(id: str, state: State, *, copying: bool) -> Action:
    key = article_key(id)
    document: dict[str, Any] = {
        "type": "deleted",
        "article": id,
        "generation": next_generation(state),
        "kept": {"pending": list(state.passages)},
    }
    if copying:
        document["origin"] = GONE
    return Action("index", {"_id": key, "routing": key, **state.condition}, document)


def removals(mark: Action, passages: Sequence[str]) -> list[Action]:
    assert mark.document is not None
    return [Action("delete", _versioned(key, mark.document["generation"])) for key in passages]
