"""Writing to Elasticsearch: the article is the unit, and several writers on several machines are safe.

The server has no transactions, so an article is written in steps that any writer can repeat or overtake:

1. claim: the article's document notes what is about to be written (conditional on nobody having changed it since it was
   read), so that whatever a writer leaves half-way is known to the next one;
2. passages, each with the claim's *generation* as external version: an older writer that is late cannot overwrite a
   newer one's; passages that no longer belong to the article are deleted the same way;
3. commit: the article's document with its whole record (conditional on the claim still standing);
4. refresh: then it is searchable, and only then reported.

A writer that lost a race starts the article again from what stands there now.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from engine.errors import StoreConflictError
from engine.stores.base import PreparedArticle, PutOutcome
from engine.stores.elastic_actions import (
    Attempt,
    State,
    attempt_at,
    claim_action,
    commit_action,
    deleted_action,
    passage_actions,
    removals,
    undo_actions,
)
from engine.stores.elastic_bulk import Action, Bulk, Done
from engine.stores.elastic_client import translated
from engine.stores.elastic_documents import article_key, foreign_ids, refusal, speaker_documents
from engine.stores.elastic_lookup import holders_body

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

Outcome = Literal["added", "replaced", "unchanged", "refused"]

NAMES_REMEMBERED = 100_000
ROUNDS = 20
"""Lost races before an article is refused; two writers need two or three."""


def read_states(client: Elasticsearch, bulk: Bulk, ids: Sequence[str]) -> dict[str, State]:
    """Of those articles that are there or were begun, straight from the shard (not from the last refresh)."""
    if not ids:
        return {}
    keys = {article_key(id): id for id in ids}
    docs = [{"_id": key, "routing": key} for key in keys]
    with translated(bulk.address):
        answer = client.mget(index=bulk.target, docs=docs, source_excludes=["kept.record", "spoken"])
    states = {}
    for found in answer["docs"]:
        if found.get("found"):
            kept = found["_source"]["kept"]
            states[keys[found["_id"]]] = State(
                fingerprint=kept.get("fingerprint"),
                generation=max(found["_source"]["generation"], kept.get("claim", 0)),
                passages=tuple(dict.fromkeys((*kept.get("passages", ()), *kept.get("pending", ())))),
                seq_no=found["_seq_no"],
                primary_term=found["_primary_term"],
                source=found["_source"],
            )
    return states


class ArticleWriter:
    """Writes batches of different articles. Thread-safe, but the same article must not be in two batches at once."""

    def __init__(
        self, client: Elasticsearch, bulk: Bulk, *, dimensions: int, origins: Mapping[str, int] | None = None
    ) -> None:
        """`origins`: these articles are copied from another index, where they had this generation; what stands here by
        another writer's hand is newer and stays."""
        self._client, self._bulk, self._dimensions, self._origins = client, bulk, dimensions, origins
        self._lock = threading.Lock()
        self._holders: dict[str, str] = {}
        self._written: list[str] = []
        self._named: dict[str, tuple[int, str]] = {}
        self._begun: dict[tuple[str, int], Outcome] = {}

    def write(self, batch: Sequence[PreparedArticle], came: int) -> list[PutOutcome]:
        """Durable when it returns, searchable after a refresh. Outcomes in the order of the batch.

        `came` (nanoseconds) tells which of two batches on their way at once names a speaker last.
        """
        outcomes: dict[str, PutOutcome] = {}
        waiting = []
        self._note(batch)
        for prepared in batch:
            reason = refusal(prepared, self._dimensions)
            reason = reason or self._taken(prepared)
            if reason:
                outcomes[_id(prepared)] = PutOutcome(_id(prepared), "refused", reason)
            else:
                waiting.append(prepared)
        for round in range(ROUNDS):
            if not waiting:
                break
            if round:
                self._bulk.pauses.sleep(self._bulk.pauses.before(min(round, 4)))
            outcomes |= self._round(waiting, came)
            waiting = [prepared for prepared in waiting if _id(prepared) not in outcomes]
        for prepared in waiting:
            reason = f"other writers changed it {ROUNDS} times while it was being written; index it again"
            outcomes[_id(prepared)] = PutOutcome(_id(prepared), "refused", reason)
        with self._lock:
            self._written += [s.id for prepared in batch for s in prepared.attributed.statements]
        return [outcomes[_id(prepared)] for prepared in batch]

    def refresh(self) -> None:
        """Make all that was written before searchable."""
        with self._lock:
            written, self._written = self._written, []
        self._bulk.refresh()
        with self._lock:
            for id in written:
                self._holders.pop(id, None)

    def _note(self, batch: Sequence[PreparedArticle]) -> None:
        """Who holds which statement id, of all that a search cannot see yet; the first to come keeps it."""
        with self._lock:
            for prepared in batch:
                for statement in prepared.attributed.statements:
                    self._holders.setdefault(statement.id, _id(prepared))

    def _round(self, batch: Sequence[PreparedArticle], came: int) -> dict[str, PutOutcome]:
        """Outcomes of those articles that were decided; the others lost a race."""
        states = read_states(self._client, self._bulk, [_id(prepared) for prepared in batch])
        outcomes: dict[str, PutOutcome] = {}
        attempts = []
        for prepared in batch:
            state = states.get(_id(prepared))
            if self._origins is not None:
                if state is not None and state.by_another:
                    outcomes[_id(prepared)] = _outcome(prepared, "unchanged")
                else:
                    attempts.append(attempt_at(prepared, state, origin=self._origins[_id(prepared)]))
            elif state is not None and state.finished and state.fingerprint == prepared.fingerprint:
                # An answer of the server's that was lost on the way: it was we who wrote this.
                ours = self._begun.pop((_id(prepared), state.generation), "unchanged")
                outcomes[_id(prepared)] = _outcome(prepared, ours)
            else:
                attempts.append(attempt_at(prepared, state))
        claimed = self._claim(attempts, came)
        written = self._write_passages(claimed, outcomes)
        self._commit(written, outcomes)
        return outcomes

    def _claim(self, attempts: Sequence[Attempt], came: int) -> list[Attempt]:
        """Those whose claim was accepted. A new article's passages go in the same request: nobody reads them yet."""
        actions: list[Action] = []
        ends: list[tuple[int, int]] = []
        for attempt in attempts:
            start = len(actions)
            actions.append(claim_action(attempt))
            if not attempt.replaces:
                actions += passage_actions(attempt)
            ends.append((start, len(actions)))
        done = self._bulk.send([*actions, *self._new_speakers(attempts, came)])
        claimed = []
        for attempt, (start, end) in zip(attempts, ends, strict=True):
            attempt.claim, attempt.passages = done[start], done[start + 1 : end]
        self._recognise([attempt for attempt in attempts if attempt.claim is not None and attempt.claim.conflict])
        for attempt in attempts:
            assert attempt.claim is not None
            if attempt.claim.ok:
                claimed.append(attempt)
            elif not attempt.claim.conflict:
                attempt.refused = attempt.claim.reason
                claimed.append(attempt)
        return claimed

    def _recognise(self, conflicting: Sequence[Attempt]) -> None:
        """A claim whose answer was lost on the way is refused when it is sent again: by itself."""
        states = read_states(self._client, self._bulk, [attempt.id for attempt in conflicting])
        for attempt in conflicting:
            state = states.get(attempt.id)
            if state is not None and state.source["kept"].get("claim") == attempt.generation:
                attempt.claim = Done(True, seq_no=state.seq_no, primary_term=state.primary_term)

    def _write_passages(self, attempts: Sequence[Attempt], outcomes: dict[str, PutOutcome]) -> list[Attempt]:
        """Those whose passages all stand now. What the server refuses is refused by name, and a new article undone."""
        replacing = [attempt for attempt in attempts if attempt.replaces and not attempt.refused]
        actions = [passage_actions(attempt) for attempt in replacing]
        done = iter(self._bulk.send([action for some in actions for action in some]))
        for attempt, some in zip(replacing, actions, strict=True):
            attempt.passages = [next(done) for _ in some]
        written = []
        for attempt in attempts:
            lost = any(one.conflict for one in attempt.passages[: len(attempt.keys)])
            reasons = [one.reason for one in attempt.passages if not one.ok and not one.conflict]
            if attempt.refused or reasons:
                self._bulk.send(undo_actions(attempt))
                outcomes[attempt.id] = PutOutcome(attempt.id, "refused", attempt.refused or reasons[0])
            elif not lost:
                written.append(attempt)
        return written

    def _commit(self, attempts: Sequence[Attempt], outcomes: dict[str, PutOutcome]) -> None:
        for attempt, done in zip(attempts, self._bulk.send([commit_action(a) for a in attempts]), strict=True):
            what: Outcome = "replaced" if attempt.replaces else "added"
            if done.ok:
                outcomes[attempt.id] = _outcome(attempt.prepared, what)
            elif done.conflict:
                self._begun[attempt.id, attempt.generation] = what
            else:
                self._bulk.send(undo_actions(attempt))
                outcomes[attempt.id] = PutOutcome(attempt.id, "refused", done.reason)

    def _taken(self, prepared: PreparedArticle) -> str | None:
        """Whether another article holds one of its statement ids (which only ids from elsewhere can do)."""
        id = _id(prepared)
        ids = foreign_ids(prepared)
        if not ids:
            return None
        with self._lock:
            holders = {held: holder for held in ids if (holder := self._holders.get(held, id)) != id}
        if not holders:
            body = holders_body(ids, article=id)
            with translated(self._bulk.address):
                hits = self._client.search(index=self._bulk.target, **body)["hits"]["hits"]
            holders = {hit["_source"]["id"]: hit["_source"]["article"] for hit in hits}
        for held, holder in holders.items():
            return f"the statement id {held} is already that of a statement in article {holder}"
        return None

    def _may_delete(self, state: State) -> bool:
        return state.there and not (self._origins is not None and state.by_another)

    def _new_speakers(self, attempts: Sequence[Attempt], came: int) -> list[Action]:
        """Names not yet written by this writer; the name written last is the one shown."""
        documents = {
            document["id"]: (key, document)
            for attempt in attempts
            for key, document in speaker_documents(attempt.prepared)
        }
        actions = []
        with self._lock:
            for id, (key, document) in documents.items():
                when, name = self._named.get(id, (0, None))
                if name != document["name"] and when < came:
                    where = {"_id": key, "routing": key, "version": came, "version_type": "external_gte"}
                    actions.append(Action("index", where, document))
                if when < came:
                    self._named[id] = came, document["name"]
            if len(self._named) > NAMES_REMEMBERED:
                self._named.clear()
        return actions

    def delete(self, ids: Sequence[str]) -> tuple[str, ...]:
        """The ids that were there. A marker with the generation stays, so that a late writer cannot bring them back."""
        deleted: set[str] = set()
        waiting = list(dict.fromkeys(ids))
        for round in range(ROUNDS):
            if round:
                self._bulk.pauses.sleep(self._bulk.pauses.before(min(round, 4)))
            states = {id: s for id, s in read_states(self._client, self._bulk, waiting).items() if self._may_delete(s)}
            marks = {id: deleted_action(id, state, copying=self._origins is not None) for id, state in states.items()}
            done = dict(zip(marks, self._bulk.send(list(marks.values())), strict=True))
            gone = [id for id in states if done[id].ok]
            self._bulk.send([action for id in gone for action in removals(marks[id], states[id].passages)])
            deleted.update(gone)
            waiting = [id for id in states if not done[id].ok]
            if not waiting:
                return tuple(id for id in dict.fromkeys(ids) if id in deleted)
        raise StoreConflictError(f"other writers kept changing {', '.join(waiting[:5])}; try again")


def _id(prepared: PreparedArticle) -> str:
    return prepared.attributed.article.id


def _outcome(prepared: PreparedArticle, what: Outcome) -> PutOutcome:
    types = [passage.type for passage in prepared.passages]
    return PutOutcome(_id(prepared), what, None, types.count("paragraph"), types.count("statement"))
