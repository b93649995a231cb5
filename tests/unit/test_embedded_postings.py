"""The lists of words against FTS5 itself: the same passages, the same BM25."""

import sqlite3
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from engine.clauses import AllOf, AnyOf, Clause, Not, Phrase, Word
from engine.models import PassageType
from engine.stores.base import FieldWeights
from engine.stores.embedded import EmbeddedStore, open_embedded
from engine.stores.embedded_columns import lengths_of
from engine.stores.embedded_match import Matcher
from engine.stores.embedded_postings import NOTHING, Matches, Postings
from engine.stores.embedded_snapshot import Snapshot, empty_snapshot, refreshed
from engine.text import stem
from tests.contract.builders import DIMENSIONS, IDENTITY, OKORO, simple

EVEN = FieldWeights()
UNEVEN = FieldWeights(text=2, title=0.5, speaker=3, context=1)


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    store = open_embedded(tmp_path / "a.db", identity=IDENTITY, cache=tmp_path / "cache")
    long = "The bridge is long. " + " ".join(f"bridge number{n} is closed" for n in range(90))
    articles = [
        simple("a", "The bridge is closed and closing bridges is costly"),
        simple("b", "The river is high", title="Bridge closed over the river"),
        simple("c", long),
        simple("d", "Nobody said so", speaker=OKORO, title="Ben Okoro on closed bridges"),
    ]
    assert [o.outcome for o in store.put(articles)] == ["added"] * 4
    # "a" keeps its number and gets a later row; "d" goes and takes its words along.
    list(store.put([simple("a", "The bridge is closed and closing bridges is costly", means="tests-2")]))
    store.delete(["d"])
    return store


def opened(store: EmbeddedStore) -> tuple[sqlite3.Connection, Snapshot]:
    connection = store._connections.get()
    (generation,) = connection.execute("SELECT value FROM store WHERE key = 'generation'").fetchone()
    return connection, refreshed(empty_snapshot(DIMENSIONS), connection, int(generation))


def matcher(store: EmbeddedStore, passages: PassageType, weights: FieldWeights) -> Matcher:
    connection, snapshot = opened(store)
    return Matcher(connection, snapshot, passages, weights, Postings())


def by_fts5(store: EmbeddedStore, expression: str, passages: PassageType, weights: FieldWeights) -> dict[int, float]:
    sql = (
        "SELECT f.rowid, -bm25(search_stems, ?, ?, ?, ?) FROM search_stems f JOIN passages p ON p.number = f.rowid "
        "WHERE search_stems MATCH ? AND p.type = ?"
    )
    found = store._connections.get().execute(sql, (*astuple(weights), expression, passages))
    return {int(number): score for number, score in found}


def numbered(matcher: Matcher, clause: Clause) -> dict[int, float]:
    found = matcher.matches(clause)
    assert found.rows.tolist() == sorted(found.rows.tolist())
    return dict(zip(matcher.shelf.numbers[found.rows].tolist(), found.scores.tolist(), strict=True))


@pytest.mark.parametrize("weights", [EVEN, UNEVEN])
@pytest.mark.parametrize("passages", ["statement", "paragraph"])
@pytest.mark.parametrize(
    ("clause", "expression"),
    [
        (Word(("bridges",)), "bridge"),
        (Word(("the",)), "the"),
        (Word(("ruiz",)), "ruiz"),
        (AllOf((Word(("bridge",)), Word(("closed",)), Word(("high",)))), "bridge AND closed AND high"),
        (AllOf((Word(("closed",)), Word(("costly",)))), "closed AND costly"),
        (AnyOf((Word(("costly",)), Word(("river",)), Word(("bridge",)))), "costly OR river OR bridge"),
        (AllOf((Word(("bridge",)), Not(Word(("river",))))), "bridge NOT river"),
        (AllOf((AnyOf((Word(("high",)), Word(("costly",)))), Word(("closed",)))), "(high OR costly) AND closed"),
        (Word(("number7", "is")), '"number7 is"'),
        (Word(("okoro",)), "okoro"),
    ],
)
def test_words_match_and_score_as_fts5_says(
    store: EmbeddedStore, clause: Clause, expression: str, passages: PassageType, weights: FieldWeights
) -> None:
    wanted = by_fts5(store, expression, passages, weights)
    found = numbered(matcher(store, passages, weights), clause)
    assert found == pytest.approx(wanted, rel=1e-12)


def test_words_and_phrases_are_joined_and_their_scores_added(store: EmbeddedStore) -> None:
    asked = matcher(store, "paragraph", EVEN)
    word, phrase = numbered(asked, Word(("costly",))), numbered(asked, Phrase(("closing", "bridges")))
    both = numbered(asked, AllOf((Phrase(("closing", "bridges")), Word(("costly",)))))
    assert both == pytest.approx({number: word[number] + phrase[number] for number in word.keys() & phrase.keys()})
    assert len(both) == 1
    either = numbered(asked, AnyOf((Phrase(("closing", "bridges")), Word(("river",)))))
    assert either.keys() == phrase.keys() | numbered(asked, Word(("river",))).keys()


def test_words_of_one_stem_count_once_where_any_may_match(store: EmbeddedStore) -> None:
    asked = matcher(store, "paragraph", EVEN)
    twice = AnyOf((Word(("bridge",)), Word(("bridges",)), Word(("river",))))
    assert numbered(asked, twice) == numbered(asked, AnyOf((Word(("bridge",)), Word(("river",)))))


def test_lengths_are_those_that_fts5_counts_however_long_a_passage(store: EmbeddedStore) -> None:
    connection, snapshot = opened(store)
    fields = connection.execute("SELECT passage, text, title, speaker, context FROM search_words").fetchall()
    counted = {number: sum(len(field.split()) for field in texts) for number, *texts in fields}
    for shelf in (snapshot.statements, snapshot.paragraphs):
        living = np.flatnonzero(shelf.alive)
        assert {int(shelf.numbers[row]): int(shelf.lengths[row]) for row in living}.items() <= counted.items()
    assert snapshot.words == sum(counted.values())
    assert snapshot.passages == len(counted)
    assert max(counted.values()) > 2 * 128


def test_sizes_of_any_length_are_read() -> None:
    # 1, 0, 127, 128 / 300, 16384, 2097151, 5 as SQLite writes variable-length integers
    first = bytes([1, 0, 0x7F, 0x81, 0x00])
    second = bytes([0x82, 0x2C, 0x81, 0x80, 0x00, 0xFF, 0xFF, 0x7F, 5])
    assert lengths_of([first, second]).tolist() == [256, 300 + 16_384 + 2_097_151 + 5]
    assert lengths_of([]).tolist() == []


def test_a_list_is_asked_for_once_and_the_longest_unasked_is_given_up_first() -> None:
    postings, asked = Postings(most_kept=250), []

    def ask_for(word: str, size: int) -> Matches:
        def ask() -> Matches:
            asked.append(word)
            return Matches(np.arange(size, dtype=np.int32), np.ones(size))

        return postings.get((1, "statement", word, EVEN), ask)

    ask_for("bridge", 60)
    ask_for("river", 60)
    assert len(ask_for("bridge", 60)) == 60
    assert asked == ["bridge", "river"]
    ask_for("water", 10)
    ask_for("bridge", 60)
    ask_for("river", 60)
    assert asked == ["bridge", "river", "water", "river"]


def test_a_word_that_nobody_wrote_matches_nothing(store: EmbeddedStore) -> None:
    asked = matcher(store, "statement", EVEN)
    assert asked.matches(Word(("zeppelin",))) == NOTHING
    assert len(asked.matches(AllOf((Word(("bridge",)), Word(("zeppelin",)))))) == 0
    assert stem("zeppelin") == "zeppelin"
