"""The quote check on a real store: every verdict, its places and its flags, and drafts meant to harm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.attribution import Attributor, load_attributor
from engine.check import MOST_QUOTATIONS, check_draft
from engine.check_answer import CheckAnswer, CheckedQuotation, check_record
from engine.drafts import Draft
from engine.models import Article, Speaker, Statement
from engine.prepare import Preparer
from engine.registry import load_registry
from engine.stores.base import Store
from engine.stores.embedded import open_embedded
from tests.builders import ScriptedAttributor, WordEmbedder, article, statement

FERRY = (
    "The Valmera council met on Monday.\n"
    "“We will not close the ferry before winter, and nobody has asked us to,” Ana Ruiz said. “The harbour is too "
    "shallow for the new boats.”\n"
    "Tomas Lindqvist told Radio Sol: “A bridge without a road is a monument to somebody's cousin.”\n"
    "Ruiz said that the council had set aside 200,000 crowns for the pier.\n"
    "The pier has stood since 1911 and has burned down twice.\n"
    "“Somebody ought to count the boats again,” a voice called from the gallery."
)
COPY = "“We will not close the ferry before winter, and nobody has asked us to,” Ana Ruiz said."
ANA = "ana-ruiz"


def _said() -> dict[str, tuple[Statement, ...]]:
    shallow = "“The harbour is too shallow for the new boats.”"
    return {
        "ferry": (
            statement(FERRY, "“We will not close the ferry before winter, and nobody has asked us to,”", id="close"),
            statement(FERRY, shallow, id="shallow"),
            statement(
                FERRY,
                "“A bridge without a road is a monument to somebody's cousin.”",
                id="bridge",
                speaker="Tomas Lindqvist",
                via=(Speaker("radio-sol", "Radio Sol"),),
            ),
            statement(
                FERRY, "that the council had set aside 200,000 crowns for the pier", id="crowns", kind="indirect"
            ),
            statement(FERRY, "“Somebody ought to count the boats again,”", id="gallery", speaker=None),
        ),
        "copy": (
            statement(COPY, "“We will not close the ferry before winter, and nobody has asked us to,”", id="again"),
        ),
    }


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    embedder = WordEmbedder()
    articles: list[Article] = [
        article(FERRY, id="ferry", outlet="The Harbour Post", published="2031-03-04"),
        article(COPY, id="copy", outlet="Valmera Daily", published="2031-03-02"),
    ]
    preparer = Preparer(ScriptedAttributor(_said()), embedder, means="script")  # type: ignore[arg-type]
    folder: Path = tmp_path_factory.mktemp("check")
    opened = open_embedded(folder / "check.db", identity=embedder.identity)
    assert [o.outcome for o in opened.put(preparer.prepare(articles))] == ["added", "added"]  # type: ignore[arg-type]
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def attributor() -> Attributor:
    return load_attributor("rules", registry=load_registry())


def checked(store: Store, attributor: Attributor, text: str) -> CheckAnswer:
    answer = check_draft(Draft(text), store=store, embedder=WordEmbedder(), attributor=attributor)
    for quotation in answer.quotations:
        assert quotation.span.of(text) == quotation.text
    return answer


def one(store: Store, attributor: Attributor, text: str) -> CheckedQuotation:
    (quotation,) = checked(store, attributor, text).quotations
    return quotation


@pytest.mark.parametrize(
    "words",
    [
        "We will not close the ferry before winter, and nobody has asked us to.",
        "we will not close the ferry before winter and nobody has asked us to",
        "We will not close the ferry before winter — and nobody has asked us to!",
        "nobody has asked us to",
    ],
)
def test_the_words_as_they_stand_are_verbatim_whatever_the_typography(
    store: Store, attributor: Attributor, words: str
) -> None:
    found = one(store, attributor, f"Ana Ruiz said: “{words}”")
    assert found.verdict == "verbatim"
    assert found.changes == ()
    assert {match.statement for match in found.matches} == {"close", "again"}
    assert found.earliest is not None
    assert found.earliest.article.id == "copy"


def test_a_match_points_at_its_words_in_the_article(store: Store, attributor: Attributor) -> None:
    found = one(store, attributor, "Ana Ruiz said: “nobody has asked us to”")
    for match in found.matches:
        text = {"ferry": FERRY, "copy": COPY}[match.article.id]
        assert [span.of(text) for span in match.spans] == ["nobody has asked us to"]


def test_a_dropped_negation_is_altered_and_loud(store: Store, attributor: Attributor) -> None:
    found = one(
        store, attributor, "Ana Ruiz said: “We will close the ferry before winter, and nobody has asked us to.”"
    )
    assert found.verdict == "altered"
    assert "negation-dropped" in found.flags
    assert [(c.kind, c.draft, c.source) for c in found.changes] == [("dropped", "", "not")]


def test_what_an_ellipsis_leaves_out_is_shown_and_loud_where_it_negates(store: Store, attributor: Attributor) -> None:
    found = one(store, attributor, "Ana Ruiz said: “We will … close the ferry before winter.”")
    assert found.verdict == "verbatim"
    assert "ellipsis-hides-negation" in found.flags
    assert [(c.source, c.excused) for c in found.changes] == [("not", True)]
    quiet = one(store, attributor, "Ana Ruiz said: “The harbour is … for the new boats.”")
    assert (quiet.verdict, "ellipsis-hides-negation" in quiet.flags) == ("verbatim", False)
    assert quiet.changes[0].source == "too shallow"


def test_a_negation_left_just_before_the_words_is_flagged(store: Store, attributor: Attributor) -> None:
    found = one(store, attributor, "Ana Ruiz wanted to “close the ferry before winter”, the paper wrote.")
    assert found.verdict == "verbatim"
    assert "negation-just-before" in found.flags


def test_a_changed_number_is_flagged(store: Store, attributor: Attributor) -> None:
    found = one(store, attributor, "Ruiz said: “The council had set aside 300,000 crowns for the pier.”")
    assert found.verdict == "altered"
    assert {"number-changed", "indirect-in-source"} <= set(found.flags)


def test_pieces_of_two_statements_are_joined_with_or_without_an_ellipsis(store: Store, attributor: Attributor) -> None:
    for joint in (". ", " … "):
        words = f"We will not close the ferry before winter{joint}A bridge without a road is a monument"
        found = one(store, attributor, f"Ana Ruiz said: “{words}.”")
        assert found.verdict == "joined", joint
        assert {match.statement for match in found.matches} >= {"bridge"}
        assert "other-speaker" in found.flags


def test_another_speakers_words_are_his(store: Store, attributor: Attributor) -> None:
    text = "Ana Ruiz said: “A bridge without a road is a monument to somebody's cousin.”"
    found = one(store, attributor, text)
    assert found.verdict == "other_speaker"
    assert found.attributed_to == "Ana Ruiz"
    assert found.matches[0].speaker == Speaker("tomas-lindqvist", "Tomas Lindqvist")
    assert found.matches[0].via == (Speaker("radio-sol", "Radio Sol"),)
    bent = one(store, attributor, text.replace("cousin", "uncle"))
    assert (bent.verdict, "other-speaker" in bent.flags) == ("altered", True)


def test_an_unknown_speaker_in_the_archive_accuses_nobody(store: Store, attributor: Attributor) -> None:
    found = one(store, attributor, "Ana Ruiz said: “Somebody ought to count the boats again.”")
    assert found.verdict == "verbatim"
    assert "speaker-unknown-in-source" in found.flags


def test_words_outside_any_statement_are_verbatim_without_speaker(store: Store, attributor: Attributor) -> None:
    found = one(store, attributor, "Ana Ruiz said: “The pier has stood since 1911.”")
    assert found.verdict == "verbatim"
    assert (found.matches[0].statement, found.matches[0].speaker) == (None, None)


def test_a_report_put_into_marks_is_a_paraphrase(store: Store, attributor: Attributor) -> None:
    found = one(store, attributor, "Ana Ruiz said: “The council has set aside 200,000 crowns for the pier.”")
    assert found.verdict == "paraphrase"


def test_what_is_nowhere_is_not_found_with_the_scope_that_was_searched(store: Store, attributor: Attributor) -> None:
    answer = checked(store, attributor, "Ana Ruiz said: “Every lighthouse deserves an orchestra of geese.”")
    assert answer.quotations[0].verdict == "not_found"
    record = check_record(answer)
    assert record["scope"] == {"articles": 2, "outlets": 2, "first": "2031-03-02", "last": "2031-03-04"}


def test_the_record_has_the_fields_of_the_contract(store: Store, attributor: Attributor) -> None:
    record: dict[str, Any] = check_record(checked(store, attributor, "Ana Ruiz said: “nobody has asked us to”"))
    (quotation,) = record["quotations"]
    assert {"text", "span", "attributed_to", "verdict", "changes", "flags", "matches"} <= quotation.keys()
    match = quotation["matches"][0]
    assert {"statement", "text", "speaker", "article", "span", "via", "score"} <= match.keys()
    assert match["speaker"] == {"id": ANA, "name": "Ana Ruiz"}


def test_quotations_over_the_cap_are_answered_as_not_checked(store: Store, attributor: Attributor) -> None:
    text = "\n\n".join(f"“Line number {n} of the speech,” she said." for n in range(MOST_QUOTATIONS + 20))
    answer = checked(store, attributor, text)
    verdicts = [q.verdict for q in answer.quotations]
    assert verdicts.count("not_checked") == 20
    assert verdicts[-20:] == ["not_checked"] * 20
    assert any("20 quotations" in note for note in answer.notes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "“",
        "”" * 500,
        "\"'\"'" * 200,
        "“" * 3_000,
        "“a”" * 3_000,
        "no quotation at all",
        "“…” “[]” “--”",
        "\u200b\n" * 50,
    ],
)
def test_no_draft_breaks_the_check(store: Store, attributor: Attributor, text: str) -> None:
    checked(store, attributor, text)
