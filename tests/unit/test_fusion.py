"""Two rankings become one."""

from hypothesis import given
from hypothesis import strategies as st

from engine.fusion import Fusion, fuse
from engine.stores.base import Ranked

RANKINGS = st.lists(st.tuples(st.integers(0, 30), st.floats(0.3, 1)), unique_by=lambda pair: pair[0], max_size=15).map(
    lambda pairs: tuple(Ranked(key, score) for key, score in sorted(pairs, key=lambda pair: -pair[1]))
)
FUSIONS = st.sampled_from([Fusion(floor=0.3), Fusion("reciprocal"), Fusion(semantic=0.2, floor=0.3)])


@given(RANKINGS, RANKINGS, FUSIONS)
def test_every_passage_of_either_ranking_stands_once_with_both_places(
    keyword: tuple[Ranked, ...], semantic: tuple[Ranked, ...], fusion: Fusion
) -> None:
    fused = fuse(keyword, semantic, fusion)
    assert sorted(str(f.key) for f in fused) == sorted({str(r.key) for r in (*keyword, *semantic)})
    assert all(0 <= f.score <= 1 + 1e-9 for f in fused)
    assert [f.score for f in fused] == sorted((f.score for f in fused), reverse=True)
    for f in fused:
        assert f.keyword_rank is None or keyword[f.keyword_rank - 1].key == f.key
        assert f.semantic_rank is None or semantic[f.semantic_rank - 1].key == f.key


@given(RANKINGS, FUSIONS)
def test_one_ranking_alone_keeps_its_order(ranking: tuple[Ranked, ...], fusion: Fusion) -> None:
    for fused in (fuse(ranking, (), fusion), fuse((), ranking, fusion)):
        assert [f.key for f in fused] == [r.key for r in ranking]


def test_a_semantic_near_miss_does_not_stand_above_an_exact_hit_that_both_found() -> None:
    keyword = (Ranked("exact", 12.0), Ranked("other", 4.0))
    semantic = (Ranked("near", 0.8), Ranked("exact", 0.75))
    assert [f.key for f in fuse(keyword, semantic, Fusion(floor=0.35))] == ["exact", "near", "other"]


def test_ties_go_to_the_keyword_place() -> None:
    fused = fuse((Ranked("a", 1.0),), (Ranked("b", 1.0),), Fusion("reciprocal"))
    assert [f.key for f in fused] == ["a", "b"]
    assert [f.score for f in fused] == [0.5, 0.5]


def test_scores_of_nothing_are_nothing() -> None:
    assert fuse((), (), Fusion()) == []
    assert [f.score for f in fuse((Ranked("a", 0.0),), (), Fusion())] == [0.0]


def test_the_best_passage_of_an_article_gains_what_its_others_have_and_they_keep_their_place() -> None:
    keyword = (Ranked("words", 10.0, "one"), Ranked("other", 6.0, "two"))
    semantic = (Ranked("meaning", 0.8, "one"), Ranked("other", 0.7, "two"))
    apart = fuse(keyword, semantic, Fusion(semantic=0.5))
    together = fuse(keyword, semantic, Fusion(semantic=0.5, article=1.0))
    assert [f.key for f in apart] == ["other", "words", "meaning"]
    assert [f.key for f in together] == ["words", "other", "meaning"]
    assert together[0].score == 0.5 * 1.0 + 0.5 * 0.8
    assert together[2].score == apart[2].score


@given(RANKINGS, RANKINGS)
def test_evidence_of_the_article_never_lifts_a_score_above_one(
    keyword: tuple[Ranked, ...], semantic: tuple[Ranked, ...]
) -> None:
    mine = [tuple(Ranked(r.key, r.score, int(r.key) % 3) for r in ranking) for ranking in (keyword, semantic)]
    assert all(0 <= f.score <= 1 + 1e-9 for f in fuse(mine[0], mine[1], Fusion(article=1.0)))
