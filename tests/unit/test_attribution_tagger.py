"""The neural tagger's pure parts: reading, decoding, and the graph written for it."""

import numpy as np
import pytest

from engine.attribution.quotes import quotations
from engine.attribution.segments import LONGEST_BLOCK, Block, Segment, spoken_blocks
from engine.attribution.tagger_decoding import LabelSet, best_path
from engine.attribution.tagger_text import (
    CLOSING,
    INSIDE,
    LONGEST_WINDOW,
    OPENING,
    OUTSIDE,
    places_of,
    windows,
    words_of,
)
from engine.models import Article, Paragraph, Span

NAMES = ("O", "B-cue", "I-cue", "B-content", "I-content")
EVEN = np.zeros((5, 5), np.float32)


def scores_for(*labels: int) -> np.ndarray:
    scores = np.zeros((len(labels), len(NAMES)), np.float32)
    scores[range(len(labels)), labels] = 6.0
    return scores


def words(count: int) -> list[Span]:
    return [Span(3 * i, 3 * i + 2) for i in range(count)]


def test_runs_of_labels_become_segments_from_first_word_to_last():
    found = LabelSet(NAMES, EVEN).decode(scores_for(1, 2, 0, 3, 4, 4), words(6))
    assert [(s.role, s.span) for s in found] == [("cue", Span(0, 5)), ("content", Span(9, 17))]
    assert all(0.9 < s.certainty <= 1 for s in found)


def test_a_second_begin_starts_a_second_segment():
    found = LabelSet(NAMES, EVEN).decode(scores_for(3, 4, 3), words(3))
    assert [s.span for s in found] == [Span(0, 5), Span(6, 8)]


def test_an_inside_label_after_another_role_begins_a_segment_of_its_own():
    found = LabelSet(NAMES, EVEN).decode(scores_for(1, 4), words(2))
    assert [(s.role, s.span) for s in found] == [("cue", Span(0, 2)), ("content", Span(3, 5))]


def test_holding_outside_back_finds_what_is_nearly_sure():
    scores = np.array([[1.0, 0.2, 0, 0, 0]], np.float32)
    assert LabelSet(NAMES, EVEN).decode(scores, words(1)) == []
    assert LabelSet(NAMES, EVEN, held_back=1.5).decode(scores, words(1))[0].role == "cue"


def test_transitions_overrule_a_slightly_better_label():
    transitions = np.full((2, 2), -5.0, np.float32)
    np.fill_diagonal(transitions, 0.0)
    logs = np.array([[0, -9], [-1, 0], [0, -9]], np.float32)
    assert best_path(logs, transitions) == [0, 0, 0]


def test_words_know_their_place_in_the_marks():
    text = "“We go,” she said."
    block = Block(Span(0, len(text)))
    places = places_of(words_of(text, block.span), quotations(text, [block])[0])
    assert places == [OPENING, INSIDE, INSIDE, INSIDE, CLOSING, OUTSIDE, OUTSIDE, OUTSIDE]


def test_long_paragraphs_are_cut_into_blocks_that_cover_every_character():
    text = "Nobody said a word about it. " * 1_000
    article = Article(id="a", text=text, paragraphs=(Paragraph(Span(0, len(text)), "body"),))
    blocks = spoken_blocks(article)
    assert "".join(block.span.of(text) for block in blocks) == text
    assert all(len(block.span) <= LONGEST_BLOCK for block in blocks)
    assert all(block.span.of(text).endswith(". ") for block in blocks)
    assert [block.goes_on for block in blocks] == [True] * (len(blocks) - 1) + [False]


class LetterTokenizer:
    """A tokenizer of the right shape whose pieces are single letters."""

    def token_to_id(self, piece: str) -> int | None:
        return {"[CLS]": 1, "[SEP]": 2, "[UNK]": 3}.get(piece)

    def encode(self, written: list[str], *, is_pretokenized: bool, add_special_tokens: bool) -> "LetterTokenizer":
        assert is_pretokenized
        assert not add_special_tokens
        letters = [(place, ord(letter)) for place, word in enumerate(written) for letter in word if letter != "\u200d"]
        self.word_ids = [place for place, _ in letters]
        self.ids = [number for _, number in letters]
        return self


def test_windows_hold_every_word_once_and_say_where_its_first_piece_is():
    text = "It was a long day. " * 60
    found = windows(text, [Block(Span(0, len(text)))], LetterTokenizer())
    spans = [span for window in found for span in window.words]
    assert spans == words_of(text, Span(0, len(text)))
    assert all(len(window.words) <= LONGEST_WINDOW and len(window.ids) == len(window.places) for window in found)
    for window in found:
        assert [chr(window.ids[first]) for first in window.firsts] == [span.of(text)[0] for span in window.words]


def test_a_word_that_the_tokenizer_drops_is_read_as_unknown():
    text = "a \u200d b"
    (window,) = windows(text, [Block(Span(0, len(text)))], LetterTokenizer())
    assert [window.ids[first] for first in window.firsts] == [ord("a"), 3, ord("b")]


def test_a_segment_is_a_role_and_a_place():
    assert Segment("cue", Span(0, 2)) == Segment("cue", Span(0, 2), 1.0)


def test_relative_buckets_are_those_of_the_published_encoder():
    graph = pytest.importorskip("engine.learning.graph")
    near = graph.relative_buckets(np.array([0, -1, -7, 1, 7]))
    far = graph.relative_buckets(np.array([-8, -127, -400, 8, 400]))
    assert near.tolist() == [0, 1, 7, 17, 23]
    assert far.tolist() == [8, 15, 15, 24, 31]
